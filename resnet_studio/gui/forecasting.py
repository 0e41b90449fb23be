"""What the next run will take, tried out in the trainer's thread, and what the last one took."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

from resnet_studio.gui.failures import told
from resnet_studio.gui.worker import Job, Worker

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session
    from resnet_studio.runs.events import Event
    from resnet_studio.training.forecast import Forecast

WAIT_MS = 600
"""Rest of the hand after which a changed experiment is tried."""

_COUNT = (
    "batch_size",
    "eval_batch_size",
    "accumulate",
    "optimizer",
    "momentum",
    "gradient_clip",
    "ema_decay",
    "sampling",
    "class_weights",
    "precision",
    "channels_last",
    "compile",
    "deterministic",
    "device",
)
"""Fields of the training on which it depends what a step takes."""


@dataclass(frozen=True)
class Measured:
    """What a run has taken so far; None where that is not known."""

    epoch_seconds: float | None = None
    seconds: float | None = None
    memory: int | None = None
    disk: int | None = None


class Forecasting(QObject):
    """The forecast of the experiment as it stands. GUI thread.

    Attributes:
        found: the forecast; None until it is known.
        active: whether steps are being tried.
        error: why there is none, in one sentence.
        measured: what the run of this experiment has taken.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        super().__init__(session)
        self.found: Forecast | None = None
        self.active = False
        self.error = ""
        self.measured = Measured()
        self._session, self._worker = session, worker
        self._asked: tuple[Any, ...] | None = None
        self._run_events: list[Event] | None = None
        self._run_work: tuple[Any, ...] | None = None
        """What the run with these events was of."""
        self._job: Job | None = None
        self._rest = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._rest.timeout.connect(self._try)
        session.run_changed.connect(self._run_changed)
        session.events_came.connect(self._measure)

    def ask(self) -> None:
        """Find out what the experiment takes, once the hand rests; what is known of it stays.

        For a page that is seen: nothing is tried for nobody.
        """
        key = self._key()
        session = self._session
        if self._asked == key or not session.started or session.rate_finding.state == "trying":
            return
        self.cancel()
        self._asked = key
        self.found, self.error = None, ""
        if not self._session.runs.going_on and self._work() != self._run_work:
            self.measured = Measured()  # that was another experiment
        self._rest.start()
        self._session.forecast_changed.emit()

    def cancel(self) -> None:
        """Stop trying, and hear no more of it."""
        self._rest.stop()
        if self._job is not None:
            self._job.cancel()
        self._job, self.active, self._asked = None, False, None

    def _key(self) -> tuple[Any, ...]:
        """Return all on which the forecast depends."""
        return (id(self._session.images), *self._work())

    def _work(self) -> tuple[Any, ...]:
        """Return all of the experiment on which it depends what its run takes."""
        experiment = self._session.experiment
        return (experiment.network, experiment.data, *(getattr(experiment.training, field) for field in _COUNT))

    @Slot()
    def _try(self) -> None:
        session = self._session
        images = session.images
        if session.runs.why_not or session.loading.active or images is None:
            self._asked = None  # the next who asks may be luckier
            return
        experiment = session.experiment

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.gui.trainer_thread import probe

            yield from probe(experiment, images, job)

        self.active = True
        self._job = self._worker.run(steps, on_items=self._take, on_end=self._ended)
        session.forecast_changed.emit()

    def _take(self, items: list[Any]) -> None:
        self.found = items[-1]

    def _ended(self, error: BaseException | None) -> None:
        self._job, self.active = None, False
        if error is not None:
            self.error = told(self._session, error)
        self._session.forecast_changed.emit()

    @Slot()
    def _run_changed(self) -> None:
        """Make way for a run: it waits for the step that is being tried and no longer."""
        if not self._session.runs.going_on:
            return
        if self._job is not None or self._rest.isActive():
            self.cancel()
            self._session.forecast_changed.emit()
        if self._session.runs.phase == "preparing":
            # what is edited while it goes on is another experiment
            self._run_events, self._run_work = self._session.runs.events, self._work()
            if self.measured != Measured():
                self.measured = Measured()
                self._session.forecast_changed.emit()

    @Slot(list)
    def _measure(self, events: list[Any]) -> None:
        """Look what the run has taken, after each of its epochs and at its end."""
        from resnet_studio.runs.events import EpochDone, RunEnded, RunStarted
        from resnet_studio.runs.measuring import checkpoint_bytes, epoch_seconds, run_seconds

        if not any(isinstance(event, (EpochDone, RunEnded)) for event in events):
            return
        runs = self._session.runs
        started = next((event for event in runs.events if isinstance(event, RunStarted)), None)
        if runs.events is not self._run_events:
            # it was opened, with its experiment
            self._run_events, self._run_work = runs.events, self._work()
        self.measured = Measured(
            epoch_seconds=epoch_seconds(runs.events),
            seconds=run_seconds(runs.events),
            memory=self._memory(started.device) if started is not None and runs.current is not None else None,
            disk=None if runs.folder is None else checkpoint_bytes(runs.folder) or None,
        )
        self._session.forecast_changed.emit()

    def _memory(self, device: str) -> int | None:
        """Return the memory of the run that goes on; of one that was opened nobody knows."""
        if not self._session.runs.going_on and self.measured.memory is not None:
            return self.measured.memory
        if not self._worker.busy:
            return None
        import torch

        from resnet_studio.training.usage import memory_in_use

        return memory_in_use(torch.device(device))
