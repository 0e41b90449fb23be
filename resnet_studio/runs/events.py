"""What happens in a run: frozen events of plain numbers and words, and their JSON.

A line of `events.jsonl` whose `type` this studio doesn't know comes from a newer one: it is read as `Unknown`, passed
over by everything and written back as it was. Fields that it doesn't know in an event that it does are dropped.
"""

import dataclasses
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import TypeAdapter, ValidationError

from resnet_studio.spec.errors import StudioError

CLOCK_FIELDS = frozenset({"time", "seconds", "images_per_second"})
"""Fields that two runs of the same experiment needn't have in common."""

Reason = Literal["finished", "stopped", "failed"]
"""How a run ends: all epochs done; asked to stop, and saved; or not able to go on."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened.

    Attributes:
        step: steps that the optimiser had done by then; 0 before the first.
        time: seconds since the epoch.
    """

    type: ClassVar[str] = ""
    step: int
    time: float = field(default_factory=time.time)


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """The first event: trainable parameters, where and how it computes, steps in an epoch."""

    type: ClassVar[str] = "run_started"
    parameters: int
    device: str
    precision: str
    steps_per_epoch: int


@dataclass(frozen=True, kw_only=True)
class Step(Event):
    """One point of the training curves: means over the steps since the last point.

    Attributes:
        epoch: number of the epoch, from 1.
        loss: mean loss an image, as it is trained on.
        accuracy: share of the training images that were right, 0 to 1.
        lr: learning rate of the newest step.
        images_per_second: training images by the wall clock.
    """

    type: ClassVar[str] = "step"
    epoch: int
    loss: float
    accuracy: float
    lr: float
    images_per_second: float


@dataclass(frozen=True, kw_only=True)
class EpochDone(Event):
    """An epoch's means over its training images, and the validation after it; `seconds` counts both.

    `ema_val_loss` and `ema_val_accuracy` are those of the average of the weights, where one is kept.
    """

    type: ClassVar[str] = "epoch_done"
    epoch: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    ema_val_loss: float | None = None
    ema_val_accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class CheckpointSaved(Event):
    """A checkpoint stands in the run folder, verified; `best` is the name of the best one kept so far."""

    type: ClassVar[str] = "checkpoint_saved"
    checkpoint: str
    epoch: int
    best: str | None


@dataclass(frozen=True, kw_only=True)
class Paused(Event):
    """Training waits, everything saved; or, where a `message` says so, with everything in memory for want of a disk."""

    type: ClassVar[str] = "paused"
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Resumed(Event):
    """Training goes on; what was recorded after `from_step` is superseded."""

    type: ClassVar[str] = "resumed"
    from_step: int


@dataclass(frozen=True, kw_only=True)
class LrChanged(Event):
    """The learning rate of the next step was set anew, off the schedule that had stood."""

    type: ClassVar[str] = "lr_changed"
    lr: float


@dataclass(frozen=True, kw_only=True)
class Evaluated(Event):
    """A checkpoint's figures on a split; accuracies from 0 to 1."""

    type: ClassVar[str] = "evaluated"
    split: str
    checkpoint: str
    accuracy: float
    top5_accuracy: float
    loss: float
    samples: int


@dataclass(frozen=True, kw_only=True)
class Notice(Event):
    """One sentence that whoever reads the run should know."""

    type: ClassVar[str] = "notice"
    message: str


@dataclass(frozen=True, kw_only=True)
class RunEnded(Event):
    """The run came to its end, was stopped or failed.

    Attributes:
        reason: how it ended; what was stopped or has failed can be resumed.
        message: where it failed, the sentence that says what went wrong and what mends it; where it has stopped by
            itself, why.
        best_epoch: the epoch with the best validation accuracy, from 1; none before the first epoch's end.
        best_val_accuracy: its validation accuracy, 0 to 1.
        best_val_loss: its validation loss.
        test_accuracy: accuracy of `checkpoint` on the test images, 0 to 1; none where the run didn't finish.
        checkpoint: name of the checkpoint that was tested, such as `step-1170`.
        mend: where it failed, values by dotted path of the experiment with which it can go on; none where nothing is
            known to help.
    """

    type: ClassVar[str] = "run_ended"
    reason: Reason
    message: str = ""
    best_epoch: int | None = None
    best_val_accuracy: float | None = None
    best_val_loss: float | None = None
    test_accuracy: float | None = None
    checkpoint: str | None = None
    mend: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Unknown(Event):
    """An event of a newer studio, as it stands in the file."""

    content: dict[str, Any]


EVENTS: dict[str, type[Event]] = {
    kind.type: kind
    for kind in (
        RunStarted,
        Step,
        EpochDone,
        CheckpointSaved,
        Paused,
        Resumed,
        LrChanged,
        Evaluated,
        Notice,
        RunEnded,
    )
}


def to_json(event: Event) -> dict[str, Any]:
    """Return the event as a JSON object: `type`, `time`, `step`, then its own fields."""
    if isinstance(event, Unknown):
        return event.content
    # not asdict, which copies deeply: all fields are plain
    own = {each.name: getattr(event, each.name) for each in dataclasses.fields(event)[2:]}
    return {"type": event.type, "time": event.time, "step": event.step, **own}


def from_json(content: Any) -> Event:
    """Return the event of a JSON object.

    Raises:
        StudioError: it is no event, or a field is missing or of another type.
    """
    if not isinstance(content, dict) or not isinstance(content.get("type"), str):
        raise StudioError('An event needs a "type".')
    kind = content["type"]
    try:
        event = _adapter(kind if kind in EVENTS else "").validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise StudioError(f"{kind}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    return event if kind in EVENTS else Unknown(step=event.step, time=event.time, content=content)


@cache
def _adapter(kind: str) -> TypeAdapter[Event]:
    """Return what checks the fields of a kind of event; those that all have in common for an unknown one."""
    return TypeAdapter(EVENTS.get(kind, Event))
