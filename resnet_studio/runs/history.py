"""What counts of a run's events: those that no later resumption superseded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from resnet_studio.runs.events import (
    CLOCK_FIELDS,
    CheckpointSaved,
    EpochDone,
    Evaluated,
    Event,
    Notice,
    Resumed,
    RunEnded,
    RunStarted,
    Step,
    to_json,
)


@dataclass(frozen=True)
class History:
    """The folded events of a run.

    Attributes:
        started: how it began; none for an empty file.
        steps: points of the training curves, by step.
        epochs: whole epochs.
        checkpoints: checkpoints as they were saved; not all of them are kept.
        evaluations: figures of checkpoints on whole splits.
        notices: sentences to know.
        ended: how it ended; none while it goes on, and after a crash.
    """

    started: RunStarted | None = None
    steps: tuple[Step, ...] = ()
    epochs: tuple[EpochDone, ...] = ()
    checkpoints: tuple[CheckpointSaved, ...] = ()
    evaluations: tuple[Evaluated, ...] = ()
    notices: tuple[Notice, ...] = ()
    ended: RunEnded | None = None

    @property
    def best(self) -> EpochDone | None:
        """The best epoch by `rank`, of equals the first; none before the first epoch's end."""
        return max(self.epochs, key=lambda epoch: rank(epoch.val_accuracy, epoch.val_loss), default=None)

    def without_clock(self) -> list[dict[str, Any]]:
        """Return points and epochs without what the clock says.

        Two runs of one experiment are the same where these are equal, whether or not one was stopped and resumed.
        """
        objects = [to_json(event) for event in (*self.steps, *self.epochs)]
        return [{key: value for key, value in each.items() if key not in CLOCK_FIELDS} for each in objects]


def rank(val_accuracy: float, val_loss: float) -> tuple[float, float]:
    """Return what is greater for a better epoch: its validation accuracy, and where that is equal, the lower loss.

    On a few hundred validation images many epochs are equally accurate, the early ones by luck.
    """
    return val_accuracy, -val_loss


def fold(events: Iterable[Event]) -> History:
    """Return the history of a run: a `resumed` event takes back all that came after its `from_step`."""
    counting: list[Event] = []
    for event in events:
        if isinstance(event, Resumed):
            counting = [each for each in counting if each.step <= event.from_step and not isinstance(each, RunEnded)]
        else:
            counting.append(event)

    # by what they are of: what is done again at the very step of the resumption replaces what was done before
    steps = {each.step: each for each in counting if isinstance(each, Step)}
    epochs = {each.epoch: each for each in counting if isinstance(each, EpochDone)}
    tested = {(each.step, each.split, each.checkpoint): each for each in counting if isinstance(each, Evaluated)}
    return History(
        started=next((each for each in counting if isinstance(each, RunStarted)), None),
        steps=tuple(steps.values()),
        epochs=tuple(epochs.values()),
        checkpoints=tuple(each for each in counting if isinstance(each, CheckpointSaved)),
        evaluations=tuple(tested.values()),
        notices=tuple(each for each in counting if isinstance(each, Notice)),
        ended=next((each for each in reversed(counting) if isinstance(each, RunEnded)), None),
    )
