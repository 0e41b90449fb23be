"""What a run does where its disk takes nothing: it keeps everything in memory, says what is lacking, waits, goes on."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Any

from resnet_studio.runs.events import Event, Paused, Resumed, RunEnded
from resnet_studio.runs.failure import TrainingFailedError
from resnet_studio.runs.folder import RunFolder, fresh_folder
from resnet_studio.runs.recorder import Recorder
from resnet_studio.spec.errors import NotWrittenError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training.control import Control

TRY_AGAIN = 60.0
"""Seconds after which a run that waits tries by itself: of a quota nobody says that it has room again."""


class Disk:
    """The run's folder as the trainer sees it: everything is written in the end, or the run is stopped.

    Attributes:
        is_new: whether the folder was made anew, so that it lacks a checkpoint of where the run stands.
        experiment: what it says is wanted.
        environment: what it says of the machine; empty before it is known.
    """

    def __init__(self, folder: RunFolder, control: Control, record: Recorder, experiment: ExperimentSpec) -> None:
        self.is_new = False
        self.experiment = experiment
        self.environment: dict[str, Any] = folder.environment()
        self._folder, self._control, self._record = folder, control, record

    def insist(self, action: Callable[[], object], step: int) -> Iterator[Event]:
        """Do something until the disk takes it; wherever it doesn't, yield why training waits, and wait.

        Args:
            action: writes.
            step: where the run stands.

        Raises:
            NotWrittenError: a stop is asked for, and the disk still takes nothing.
        """
        while True:
            try:
                action()
            except NotWrittenError as error:
                refused = error
            else:
                return
            if self._control.request(self._folder) == "stop":
                raise refused
            is_asked_for = self._control.pause.is_set()
            self._control.pause.set()
            yield Paused(step=step, message=self._sentence(refused))
            self._control.wait(self._folder, self._mended(refused))
            if not is_asked_for:
                self._control.pause.clear()
            yield Resumed(step=step, from_step=step)
            action = self._in_place(action)

    def record(self, events: Iterator[Event]) -> Iterator[Event]:
        """Put each event into the folder before it is passed on; a run that can't go on says there why."""
        step = 0
        try:
            for event in events:
                # an event may tell of an earlier step; nothing recorded is taken back
                step = max(step, event.step)
                self._record.add(event)
                if isinstance(event, (Paused, Resumed)):
                    # they may tell of this very disk: they wait in line for the next event
                    with suppress(NotWrittenError):
                        self._record.catch_up()
                else:
                    for trouble in self.insist(self._record.catch_up, step):
                        self._record.add(trouble)
                        yield trouble
                yield event
        except StudioError as error:
            mend = error.mend if isinstance(error, TrainingFailedError) else {}
            end = RunEnded(step=step, reason="failed", message=str(error), mend=mend or None)
            self._record.add(end)
            with suppress(NotWrittenError):  # what is raised says so
                self._record.catch_up()
            yield end
            # without the frames of the trainer: they hold all that it has in the memory of the device
            raise error.with_traceback(None) from None

    def _in_place(self, action: Callable[[], object]) -> Callable[[], object]:
        """Return the action, after the folder was made anew where it is gone, or another was chosen."""

        def both() -> None:
            parent = self._control.parent
            if parent is not None or not (self._folder.path / "experiment.json").exists():
                self._make_anew(parent)
            action()

        return both

    def _make_anew(self, parent: Path | None) -> None:
        before = self._folder.path
        try:
            if parent is None:
                before.mkdir(parents=True, exist_ok=True)
            path = before if parent is None else _below(parent, before.name)
            if path != before and (before / "checkpoints").is_dir():
                shutil.copytree(before / "checkpoints", path / "checkpoints")
            (path / "control").mkdir(exist_ok=True)
        except OSError as error:
            raise NotWrittenError(parent or before, error) from None
        new = RunFolder(path)
        if self.environment:
            new.write_environment(self.environment)
        self._record.move(path)
        # last: a folder without it is none of a run
        new.write_experiment(self.experiment)
        self._folder.path, self._control.parent, self.is_new = path, None, True

    def _sentence(self, error: NotWrittenError) -> str:
        """Return what is wrong and what mends it."""
        folder = self._folder.path
        end = "until then training waits, with everything in memory."
        if not folder.is_dir():
            return f"{folder} is gone; bring it back or choose another folder, and continue: {end}"
        if error.errno in {ENOSPC, EDQUOT}:
            megabytes = -(-max(self._lacking(error), error.size if error.errno == EDQUOT else 0, 1) // 10**6)
            return f"{error} Free {megabytes:,} MB in {folder} and continue: {end}"
        return f"{error} Mend that, or choose another folder, and continue: {end}"

    def _lacking(self, error: NotWrittenError) -> int:
        """Return the bytes that must become free before it is worth another attempt."""
        try:
            free = shutil.disk_usage(self._folder.path).free
        except OSError:
            return 0
        # twice: names, blocks that are only half full and the events need room, too
        return max(0, 2 * error.size + 10**6 - free)

    def _mended(self, error: NotWrittenError) -> Callable[[], bool]:
        """Return what says whether to try again without being told to."""
        began, was_gone = time.monotonic(), not self._folder.path.is_dir()
        was_short = error.errno == ENOSPC and self._lacking(error) > 0

        def is_mended() -> bool:
            if was_gone:
                # made anew only where someone says so
                return self._folder.path.is_dir()
            if was_short:
                return self._lacking(error) == 0
            return time.monotonic() - began > TRY_AGAIN

        return is_mended


def _below(parent: Path, name: str) -> Path:
    """Make a folder for the run; one that can't be is asked for again."""
    try:
        return fresh_folder(parent, name)
    except StudioError as error:
        raise NotWrittenError(parent, str(error).rstrip(".")) from None
