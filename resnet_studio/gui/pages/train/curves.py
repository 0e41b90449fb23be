"""The curves of one run, gathered event by event. No Qt: numbers in, columns out."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from resnet_studio.runs.checkpoints import is_ema
from resnet_studio.runs.events import (
    CheckpointSaved,
    EpochDone,
    Evaluated,
    Event,
    Notice,
    Resumed,
    RunEnded,
    RunStarted,
    Step,
)
from resnet_studio.runs.history import rank

Floats = NDArray[np.float64]
XUnit = Literal["step", "epoch", "time"]
"""What runs along the x axis: steps, epochs (fractions too) or minutes of training."""

COLUMNS = ("step", "minutes", "loss", "accuracy", "lr", "images_per_second")


class Curves:
    """What counts of the events so far: the same as `runs.history.fold`, but one event costs the same all along.

    Minutes are those in which the run was at work: pauses, and the time between a stop and the resumption, are left
    out, so that a resumed curve goes on where it was.

    Attributes:
        parent: those up to the checkpoint of another run that this one goes on from, where they are known; along the x
            axis this run stands behind them.
    """

    def __init__(self) -> None:
        self.parent: Curves | None = None
        self.started: RunStarted | None = None
        self.ended: RunEnded | None = None
        self.epochs: list[EpochDone] = []
        self.checkpoints: list[CheckpointSaved] = []
        self.evaluations: list[Evaluated] = []
        self.notice = ""
        """The newest thing to know of the training; what is said before it begins is about the images."""
        self._rows: Floats = np.empty((1024, len(COLUMNS)))
        self._count = 0
        self._resumed = False
        self._branched_at = 0
        # where the clock stood at every event but the steps, to find the minutes of an epoch or a checkpoint
        self._marks: dict[int, float] = {0: 0.0}
        self._origin: float | None = None
        self._minutes = 0.0

    def __len__(self) -> int:
        return self._count

    def add(self, events: Iterable[Event]) -> None:
        """Take events in the order in which they happened."""
        for event in events:
            self._tick(event)
            match event:
                case Step():
                    self._add_step(event)
                case EpochDone():
                    self.epochs = [each for each in self.epochs if each.epoch != event.epoch] + [event]
                    self._marks[event.step] = self._minutes
                case CheckpointSaved():
                    self.checkpoints.append(event)
                    self._marks.setdefault(event.step, self._minutes)
                case Evaluated():
                    self.evaluations.append(event)
                case RunStarted():
                    self.started = self.started or event
                case RunEnded():
                    self.ended = event
                case Notice() if self._count or self._resumed:
                    self.notice = event.message
                case _:
                    pass

    def column(self, name: str) -> Floats:
        """One value a logged point: `step`, `minutes`, `loss`, `accuracy` (0 to 1), `lr` or `images_per_second`.

        A view, good until the next `add`.
        """
        return self._rows[: self._count, COLUMNS.index(name)]

    def x(self, unit: XUnit) -> Floats:
        """Where the logged points stand along the x axis."""
        if unit == "time":
            return self._minutes_before + self.column("minutes")
        return self.column("step") / (self.steps_per_epoch if unit == "epoch" else 1)

    def x_of(self, event: Event, unit: XUnit) -> float:
        """Where an epoch or a checkpoint stands along the x axis."""
        if unit == "time":
            return self._minutes_before + self._marks[event.step]
        return event.step / (self.steps_per_epoch if unit == "epoch" else 1)

    def first(self, unit: XUnit) -> float:
        """Where what is known begins along the x axis: at 0, or at a checkpoint of which nothing else is known."""
        if self.parent is not None:
            return self.parent.first(unit)
        if unit == "time":
            return 0.0
        return self._branched_at / (self.steps_per_epoch if unit == "epoch" else 1)

    def borders(self, unit: XUnit) -> Floats:
        """Where epochs begin, and where the newest one ends or, in minutes, has come to; at least two values.

        In minutes, epochs of which nothing is known take none.
        """
        ends = self._ends()
        done = max(ends, default=0)
        if unit == "time":
            another = not self.epochs or self.last_step > done * self.steps_per_epoch
            return np.array([0.0, *ends.values(), *([self._minutes_before + self._minutes] if another else [])])
        begun = max(1, done, int(np.ceil(self.last_step / self.steps_per_epoch)))
        return np.arange(begun + 1.0) * (1 if unit == "epoch" else self.steps_per_epoch)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in an epoch; 1 before the run has said it."""
        return max(1, self.started.steps_per_epoch) if self.started else 1

    @property
    def last_step(self) -> int:
        """The newest step that is known of; 0 before the first."""
        newest = int(self._rows[self._count - 1, 0]) if self._count else 0
        return max(newest, self.epochs[-1].step if self.epochs else 0)

    @property
    def minutes(self) -> float:
        """Minutes that the run was at work."""
        return self._minutes

    @property
    def best(self) -> EpochDone | None:
        """The best epoch by the trainer's own rank, of equals the first; none before the first epoch's end."""
        return max(self.epochs, key=lambda epoch: rank(epoch.val_accuracy, epoch.val_loss), default=None)

    @property
    def keeps_average(self) -> bool:
        """Whether an average of the weights is kept and validated, too."""
        return any(epoch.ema_val_accuracy is not None for epoch in self.epochs)

    @property
    def averages(self) -> tuple[Floats, Floats]:
        """Validation losses and accuracies (0 to 1) of that average, one an epoch; no number where there is none."""
        losses = [np.nan if epoch.ema_val_loss is None else epoch.ema_val_loss for epoch in self.epochs]
        shares = [np.nan if epoch.ema_val_accuracy is None else epoch.ema_val_accuracy for epoch in self.epochs]
        return np.array(losses, dtype=np.float64), np.array(shares, dtype=np.float64)

    @property
    def best_average(self) -> tuple[EpochDone, float] | None:
        """The epoch whose average of the weights is best by the trainer's own rank, and its accuracy; or None."""
        ranked = [
            (rank(epoch.ema_val_accuracy, epoch.ema_val_loss), epoch)
            for epoch in self.epochs
            if epoch.ema_val_accuracy is not None and epoch.ema_val_loss is not None
        ]
        found = max(ranked, key=lambda each: each[0], default=None)
        return (found[1], found[0][0]) if found else None

    def tested(self, *, average: bool) -> Evaluated | None:
        """The newest figures of a checkpoint on the test images: of its weights, or of their average."""
        found = (each for each in reversed(self.evaluations) if each.split == "test")
        return next((each for each in found if is_ema(each.checkpoint) == average), None)

    def minutes_left(self, total_steps: int) -> float | None:
        """Minutes until the last step at the pace so far; none while that can't be known.

        The newest epoch's own time counts, validation and all; before its end the pace since the start does.
        """
        if not self.last_step:
            return None
        # a run that goes on from another's checkpoint has not done the steps before it itself
        pace = self._minutes / max(1, self.last_step - self._branched_at)
        if self.epochs:
            pace = self.epochs[-1].seconds / 60 / self.steps_per_epoch
        return pace * max(0, total_steps - self.last_step)

    @property
    def _minutes_before(self) -> float:
        """Minutes that those were at work from which the run goes on."""
        return self.parent.minutes if self.parent else 0.0

    def _ends(self) -> dict[int, float]:
        """Minutes at which epochs ended, by their numbers, those before the run's own among them."""
        unknown = dict.fromkeys(range(1, self._branched_at // self.steps_per_epoch + 1), 0.0)
        before = self.parent._ends() if self.parent else unknown
        return before | {each.epoch: self.x_of(each, "time") for each in self.epochs}

    def _tick(self, event: Event) -> None:
        """Move the clock on to the event; a resumption takes points, and the clock, back."""
        if self._origin is None:
            self._origin = event.time
        if isinstance(event, Resumed):
            if self.started is None:
                self._branched_at = event.from_step
            self._take_back(event.from_step)
            self._origin = event.time - self._minutes * 60
        # the machine's clock may have been put back between two events
        self._minutes = max(self._minutes, (event.time - self._origin) / 60)

    def _take_back(self, step: int) -> None:
        """Forget what came after a step."""
        known = [(0.0, 0.0), *zip(self.column("step"), self.column("minutes"), strict=True), *self._marks.items()]
        if step < max(at for at, _ in known):
            at, minutes = zip(*sorted(known), strict=True)
            self._minutes = float(np.interp(step, at, minutes))
        self._count = int(np.searchsorted(self.column("step"), step, side="right"))
        self._marks = {at: minutes for at, minutes in self._marks.items() if at <= step}
        self.epochs = [each for each in self.epochs if each.step <= step]
        self.checkpoints = [each for each in self.checkpoints if each.step <= step]
        self.evaluations = [each for each in self.evaluations if each.step <= step]
        self.ended, self.notice, self._resumed = None, "", True

    def _add_step(self, event: Step) -> None:
        # what is done again at the very step of a resumption replaces what was done before
        while self._count and self._rows[self._count - 1, 0] >= event.step:
            self._count -= 1
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = (
            event.step,
            self._minutes,
            event.loss,
            event.accuracy,
            event.lr,
            event.images_per_second,
        )
        self._count += 1
