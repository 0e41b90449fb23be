"""The curves of what a run goes on from, read from the folders of its ancestors in the background."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from resnet_studio.gui.pages.train.curves import Curves
from resnet_studio.gui.run_state import Origin
from resnet_studio.gui.session import Session
from resnet_studio.gui.worker import Job
from resnet_studio.runs.events import Event, Resumed
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError


@dataclass(frozen=True)
class Ancestry:
    """What is known of the ancestors of a run.

    Attributes:
        curves: from the first of them to the checkpoint that the run goes on from; None: none can be read.
        trouble: which can't be read, in sentences; empty: all can.
    """

    curves: Curves | None = None
    trouble: str = ""


class Ancestors(QObject):
    """What the run that is shown goes on from. GUI thread.

    Attributes:
        known: of them, once they are read.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known = Ancestry()
        self._session = session
        self._origin: Origin | None = None
        self._job: Job | None = None

    def follow(self, origin: Origin | None, began: float = math.inf) -> None:
        """Read what a run goes on from, where that is something else than before.

        Args:
            origin: of the run; None: it began by itself.
            began: when, in seconds since the epoch; a folder of a run that is younger is another's by now.
        """
        if origin == self._origin:
            return
        if self._job is not None:
            self._job.cancel()
        self._origin, self._job, self.known = origin, None, Ancestry()
        if origin is not None:
            self._job = self._session.background.run(
                lambda job: _read(origin, began, job.stale), on_items=self._take, on_end=self._ended
            )
        self.changed.emit()

    def _take(self, items: list[Any]) -> None:
        self.known = items[-1]
        self.changed.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job = None
        if error is not None:
            self._session.unexpected.emit(error)


def _read(origin: Origin, began: float, is_stale: Callable[[], bool]) -> Iterator[Ancestry]:
    """Yield what is known, unless nobody wants to know any more. Background thread."""
    read: list[tuple[Origin, list[Event]]] = []
    troubles: list[str] = []
    each: Origin | None = origin
    while each is not None:
        if is_stale():
            return
        try:
            events = RunFolder.open(each.run).events()
        except StudioError as error:
            troubles.append(str(error) if each.run.is_dir() else _gone(each.run))
        else:
            if events and events[0].time < began:
                began = events[0].time
                read.append((each, events))
            else:
                troubles.append(_gone(each.run))
        each = each.earlier
    curves = Curves()
    for each, events in reversed(read):
        curves.add(events)
        # what came of that run behind its checkpoint is none of this one's past
        curves.add([Resumed(step=each.step, from_step=each.step)])
    yield Ancestry(curves if read else None, " ".join(troubles))


def _gone(run: Path) -> str:
    """Return that a run is not there any more; another one may have its name by now."""
    return f"{run} is gone; its curves can't be drawn."
