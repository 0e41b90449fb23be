"""How far a download, the decoding or a check is: a bar on standard error where that is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from resnet_studio.data.memory import told_bytes
from resnet_studio.data.watch import Progress as Loading

_LARGE = 1_000_000
"""Files of fewer bytes are over in a moment."""


class LoadingBar:
    """A bar as long as something goes on; standard output stays what it is.

    Where standard error is no terminal, a line says what takes a while, and nothing how far it is: a log needs no
    percentages.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._task, self._what = TaskID(0), ""

    def __call__(self, progress: Loading) -> None:
        """Show how far it is."""
        is_new, self._what = progress.what != self._what, progress.what
        if not self._console.is_terminal:
            if is_new and progress.in_bytes and (progress.total or _LARGE) >= _LARGE:
                print(_line(progress), file=sys.stderr, flush=True)
            return
        if self._bar is None:
            self._bar = _bar(self._console)
            self._bar.start()
            self._task = self._bar.add_task("", figures="")
        elif is_new:
            # the time that is left is reckoned from the pace of this step alone
            self._bar.reset(self._task)
        self._bar.update(
            self._task,
            description=progress.what,
            completed=progress.done,
            total=progress.total,
            figures=figures(progress),
        )

    def remove(self) -> None:
        """Take the bar away; it comes again where something goes on."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


@contextmanager
def loading() -> Iterator[LoadingBar]:
    """Give what shows how far something is, for the length of a `with` block."""
    bar = LoadingBar()
    try:
        yield bar
    finally:
        bar.remove()


def figures(progress: Loading) -> str:
    """Return how much is done, of how much, and how fast."""
    done = _amount(progress, progress.done)
    amount = done if progress.total is None else f"{done} of {_amount(progress, progress.total)}"
    return f"{amount}  {_amount(progress, round(progress.rate))}/s" if progress.rate else amount


def _amount(progress: Loading, amount: int) -> str:
    return told_bytes(amount) if progress.in_bytes else f"{amount:,}"


def _line(progress: Loading) -> str:
    return progress.what if progress.total is None else f"{progress.what}, {told_bytes(progress.total)}"


def _bar(console: Console) -> Progress:
    return Progress(
        # names of files and folders are no markup
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[figures]}", markup=False),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
    )
