"""The finder of a learning rate: a curve that grows in the trainer's thread, and what it speaks for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Slot

from resnet_studio.gui.failures import told
from resnet_studio.gui.worker import Job, Worker

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session
    from resnet_studio.training.rate_finder import Advice, RatePoint

State = Literal["closed", "trying", "done"]


class RateFinding(QObject):
    """One curve at a time. GUI thread.

    Attributes:
        state: whether there is a curve, and whether it still grows.
        points: the steps so far.
        advice: what the whole curve speaks for.
        error: why there is none, in one sentence.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        super().__init__(session)
        self.state: State = "closed"
        self.points: list[RatePoint] = []
        self.advice: Advice | None = None
        self.error = ""
        self._session, self._worker = session, worker
        self._job: Job | None = None
        session.run_changed.connect(self._run_changed)

    def start(self) -> None:
        """Draw the curve of the experiment as it stands."""
        session = self._session
        if session.runs.why_not:
            return
        images, experiment = session.images, session.experiment

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.gui.trainer_thread import rates

            yield from rates(experiment, images, job)

        self.close()
        session.forecasting.cancel()
        self.state, self.points, self.advice, self.error = "trying", [], None, ""
        self._job = self._worker.run(steps, on_items=self._take, on_end=self._ended)
        session.rates_changed.emit()

    def use(self) -> None:
        """Take the rate that the curve speaks for, as one undoable step, and put the curve away."""
        if self.advice is not None and self.advice.rate is not None:
            self._session.change("training.learning_rate", self.advice.rate)
            self.close()

    @Slot()
    def close(self) -> None:
        """Stop, and put the curve away."""
        self.cancel()
        if self.state != "closed":
            self.state = "closed"
            self._session.rates_changed.emit()

    def cancel(self) -> None:
        """Stop, and hear no more of it."""
        if self._job is not None:
            self._job.cancel()
        self._job = None

    def _take(self, items: list[Any]) -> None:
        from resnet_studio.training.rate_finder import RatePoint

        for item in items:
            if isinstance(item, RatePoint):
                self.points.append(item)
            else:
                self.advice = item
        self._session.rates_changed.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job, self.state = None, "done"
        if error is not None:
            self.error = told(self._session, error)
        self._session.rates_changed.emit()

    @Slot()
    def _run_changed(self) -> None:
        """Make way for a run."""
        if self._session.runs.going_on:
            self.close()
