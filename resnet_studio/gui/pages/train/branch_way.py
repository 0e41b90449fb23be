"""What of the recipe panel a run takes along that goes on from a checkpoint. Pure: experiments in, words out."""

from dataclasses import dataclass
from typing import Any

from resnet_studio.gui.pages.train.field_titles import OPEN, differing, title
from resnet_studio.runs.failure import CHANGEABLE, with_changes
from resnet_studio.spec.base import Spec
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec

_AT_STAKE = ("epochs", "recipe", "device", "seed", "log_every")
"""Fields that have a place of their own, say nothing by themselves or can't differ in what is learned."""


@dataclass(frozen=True)
class BranchWay:
    """How a run goes on.

    Attributes:
        changes: values by dotted path that are other from the checkpoint on.
        taken: what the panel gives, in words; empty: nothing.
        left: what of the panel a run can't change in its middle, in words; empty: nothing.
        error: why it can't go on like this; empty where it can.
    """

    changes: dict[str, Any]
    taken: str = ""
    left: str = ""
    error: str = ""


def branch_way(run: ExperimentSpec, wanted: ExperimentSpec) -> BranchWay:
    """Return how a run goes on where the panel wants something else than it was trained with.

    Args:
        run: the run's experiment, resolved.
        wanted: what the window holds; what it leaves open stays as it was.
    """
    fields = [
        field
        for field in differing(wanted.training, run.training, but=_AT_STAKE)
        if getattr(wanted.training, field) not in OPEN or getattr(run.training, field) is None
    ]
    taken = [field for field in fields if f"training.{field}" in CHANGEABLE]
    left = [title(field) for field in fields if field not in taken]
    left += [part for part in ("network", "data") if _asks_for_other(getattr(wanted, part), getattr(run, part))]
    changes = {f"training.{field}": getattr(wanted.training, field) for field in taken}
    words = [f"{title(field)} {getattr(run.training, field)} → {getattr(wanted.training, field)}" for field in taken]
    try:
        with_changes(run, changes)
    except FieldError as error:
        return BranchWay(changes, ", ".join(words), ", ".join(left), str(error).removeprefix(f"{error.path}: "))
    return BranchWay(changes, ", ".join(words), ", ".join(left))


def _asks_for_other(wanted: Any, stands: Any) -> bool:
    """Return whether a value, or one within it, is another than the one that stands; null leaves it open."""
    if wanted is None:
        return False
    if isinstance(wanted, Spec) and isinstance(stands, Spec):
        return any(_asks_for_other(getattr(wanted, name), getattr(stands, name)) for name in type(wanted).model_fields)
    return bool(wanted != stands)
