"""Keeps the edited experiment safe from a crash, off the GUI thread, a moment after the last edit."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

from resnet_studio.gui.recovery import Kept, Place
from resnet_studio.gui.worker import Job, Worker
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session

REST_MS = 2_000
"""How long an edit rests before it is kept."""

AT_LEAST_EVERY = 10.0
"""Seconds after which edits that never rest are kept all the same."""


class Autosave(QObject):
    """Writes what is not saved to the session's place of the recovery folder. GUI thread, but for its jobs."""

    def __init__(self, session: "Session", kept: "Callable[[], Kept | None]") -> None:
        """Follow a session's edits.

        Args:
            session: whose experiment is kept.
            kept: returns what is to be kept now; None where everything is saved.
        """
        super().__init__(session)
        self.time: float | None = None
        """When the experiment was kept last, in seconds since the epoch; None where it is not."""
        self._session, self._kept = session, kept
        self._worker = Worker("autosave", self)
        self._place: Place | None = None  # touched by jobs alone, and when the worker has ended
        self._waiting_since: float | None = None
        self._failed = self._closed = False
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self.write)
        session.document_changed.connect(self._follow)

    @Slot()
    def write(self) -> None:
        """Keep the experiment as it stands now."""
        self._timer.stop()
        self._waiting_since = None
        kept = self._kept()
        if kept is not None:
            self._run(lambda: self._write(kept), kept.time)

    def adopt(self, place: Place, kept: Kept) -> None:
        """Go on with the place of a session that is gone, and what it kept there."""
        self._run(lambda: self._change_place(place), kept.time)

    def close(self, timeout: float, *, keep: bool) -> bool:
        """End the thread, and keep what is not saved or drop it; return whether it ended in time."""
        if self._closed:
            return True
        self._timer.stop()
        self._closed = self._worker.close(timeout)
        if self._closed:
            try:
                self._leave(self._kept() if keep else None)
            except (StudioError, OSError) as error:
                self._say(error)
        return self._closed

    def _leave(self, kept: Kept | None) -> None:
        """Let the next session find what is not saved."""
        if kept is None:
            self._change_place(None)
            return
        self._write(kept)
        if self._place:
            self._place.leave()

    @Slot()
    def _follow(self) -> None:
        """Wait for the edits to rest; drop what was kept of an experiment that is saved by now."""
        if self._closed:
            return
        if self._kept() is None:
            self._timer.stop()
            self._waiting_since = None
            if self.time is not None or self._worker.busy:
                self._run(lambda: self._change_place(None), None)
            return
        now = time.monotonic()
        if self._waiting_since is None:
            self._waiting_since = now
        if now - self._waiting_since < AT_LEAST_EVERY or not self._timer.isActive():
            self._timer.start()

    def _run(self, step: Callable[[], None], kept_at: float | None) -> None:
        """Do something with the place in the thread, after what was asked before."""

        def steps(_: Job) -> Iterator[Any]:
            step()
            yield kept_at

        self._worker.run(steps, on_items=self._done, on_end=self._ended)

    def _write(self, kept: Kept) -> None:
        if self._place is None:
            self._place = Place.new()
        self._place.write(kept)

    def _change_place(self, place: Place | None) -> None:
        old, self._place = self._place, place
        if old:
            old.remove()

    def _done(self, times: list[Any]) -> None:
        self.time, self._failed = times[-1], False
        self._session.autosaved.emit()

    def _ended(self, error: BaseException | None) -> None:
        if isinstance(error, StudioError | OSError):
            self._say(error)
        elif error is not None:
            self._session.unexpected.emit(error)

    def _say(self, error: Exception) -> None:
        """Tell once that nothing is kept, not at every edit."""
        if not self._failed:
            self._failed = True
            self._session.refused.emit("", f"What is not saved can't be kept safe from a crash: {error}")
