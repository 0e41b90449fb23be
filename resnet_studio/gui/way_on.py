"""How a run that has failed can go on, as a button offers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resnet_studio.runs.events import Event


@dataclass(frozen=True)
class WayOn:
    """Changes with which a run can go on from its last checkpoint.

    Attributes:
        label: words of the button.
        step: what the edit of the experiment is called.
        changes: values by dotted path.
    """

    label: str
    step: str
    changes: dict[str, Any]


def way_on(events: "Sequence[Event]") -> WayOn | None:
    """Return how the run with these events can go on; None where it hasn't failed, or nothing is known to help."""
    from resnet_studio.runs.events import CheckpointSaved, RunEnded

    ended = events[-1] if events else None
    if not isinstance(ended, RunEnded) or ended.reason != "failed" or not ended.mend:
        return None
    changes = ended.mend
    saved = max((event.step for event in events if isinstance(event, CheckpointSaved)), default=0)
    back = f"Go back to step {saved:,} and go on" if saved else "Begin again"
    if "training.learning_rate" in changes:
        return WayOn(f"{back} with a tenth of the rate", "a tenth of the learning rate", changes)
    if "training.compile" in changes:
        return WayOn(f"{back} without compiling", "steps as they are", changes)
    size, added = changes["training.batch_size"], changes["training.accumulate"]
    return WayOn(f"{back} with batches of {size}, {added} a step", f"batches of {size}, {added} a step", changes)
