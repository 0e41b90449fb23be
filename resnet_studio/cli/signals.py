"""Ctrl-C and `kill`: the first asks for an orderly end, the second ends at once; SIGCONT ends a pause."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SHOW_CURSOR = b"\x1b[?25h"


class Stopped:
    """Which signal asked for the end; its exit code is 130 for SIGINT and 143 for SIGTERM, 0 where there was none."""

    def __init__(self) -> None:
        self.number = 0

    @property
    def exit_code(self) -> int:
        """What the process says of it when it leaves."""
        return 128 + self.number if self.number else 0


@contextmanager
def stopping(stop: threading.Event) -> Iterator[Stopped]:
    """Let SIGINT and SIGTERM set `stop` for the length of a `with` block; a second one leaves the process at once."""
    stopped = Stopped()

    def receive(number: int, _frame: FrameType | None) -> None:
        if stopped.number:
            if sys.stdout.isatty():
                os.write(1, _SHOW_CURSOR)
            os._exit(128 + number)
        stopped.number = number
        stop.set()
        # not print: a handler may come in the middle of one
        os.write(2, b"Stopping in good order; a second signal leaves at once.\n")

    before = {number: signal.signal(number, receive) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def how_to_continue() -> str:
    """Return what a user at a terminal may do with a run that waits for its disk."""
    return f"`kill -CONT {os.getpid()}` continues, Ctrl-C ends." if hasattr(signal, "SIGCONT") else "Ctrl-C ends."


@contextmanager
def continuing(pause: threading.Event) -> Iterator[None]:
    """Let SIGCONT, which `fg` sends too, clear `pause` for the length of a `with` block; nothing on Windows."""
    number = getattr(signal, "SIGCONT", None)
    if number is None:
        yield
        return
    before = signal.signal(number, lambda *_: pause.clear())
    try:
        yield
    finally:
        signal.signal(number, before)
