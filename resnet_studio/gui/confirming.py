"""torchinfo's second opinion on the design, asked for in the background when the hand rests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

from resnet_studio.gui.worker import Job

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session
    from resnet_studio.model.torchinfo_view import Opinion

CONFIRM_AFTER_MS = 150
"""How long an edit rests before torchinfo is asked about it: asking takes the GIL."""


class Confirming(QObject):
    """Asks about the newest design alone; an answer on an older one is dropped. GUI thread."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self.opinion: Opinion | None = None
        self._session = session
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=CONFIRM_AFTER_MS)
        self._timer.timeout.connect(self.ask)

    def ask_again(self) -> None:
        """Drop the opinion on the old design and ask for one on the new in a moment."""
        self.cancel()
        if self.opinion is not None or self._session.analysis.errors:
            self.opinion = None
            self._session.confirmed.emit()
        self._timer.start()

    @Slot()
    def ask(self) -> None:
        """Ask now; a design that can't be built is not asked about."""
        analysis = self._session.analysis
        if not self._session.started or analysis.errors:
            return

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.model.torchinfo_view import confirm

            yield confirm(analysis, stale=job.stale)

        self._job = self._session.background.run(steps, on_items=self._take, on_end=self._ended)

    def cancel(self) -> None:
        """Ask no more."""
        self._timer.stop()
        if self._job:
            self._job.cancel()

    def _take(self, opinions: list[Any]) -> None:
        self.opinion = opinions[-1]
        self._session.confirmed.emit()

    def _ended(self, error: BaseException | None) -> None:
        if error is not None:
            self._session.unexpected.emit(error)
