"""Values that a specification takes and the program does not build yet: one table for every door.

The command line and the rooms refuse them with the sentence that stands here, the window disables their controls and
shows it as the tooltip. The table gets shorter with every release.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resnet_studio.spec.base import Spec
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.training import TrainingSpec


@dataclass(frozen=True)
class NotYet:
    """A field some of whose values are not built yet."""

    path: str
    """Dotted path in the experiment."""
    asked: Callable[[Any], bool]
    """Whether a value of the field is one of those."""
    reason: str
    """One sentence for the user."""


TABLE: tuple[NotYet, ...] = (
    NotYet("training.compile", lambda choice: choice != "off", "torch.compile isn't built in yet; set it to off."),
)
"""Every field with values that are not built yet."""

_PREFIXES: dict[type[Spec], str] = {
    ExperimentSpec: "",
    NetworkSpec: "network.",
    DataSpec: "data.",
    TrainingSpec: "training.",
}


def not_yet(spec: ExperimentSpec | NetworkSpec | DataSpec | TrainingSpec) -> list[tuple[str, str]]:
    """Return (path, reason) of each value that the program does not build yet, paths as in an experiment."""
    prefix = _PREFIXES[type(spec)]
    return [
        (row.path, row.reason)
        for row in TABLE
        if row.path.startswith(prefix) and row.asked(_value(spec, row.path.removeprefix(prefix)))
    ]


def refuse_not_yet(spec: ExperimentSpec | NetworkSpec | DataSpec | TrainingSpec) -> None:
    """Refuse a specification with a value that is not built yet.

    Raises:
        FieldError: names the first such field.
    """
    for path, reason in not_yet(spec):
        raise FieldError(path, f"{path}: {reason}")


def reason_against(path: str, value: Any) -> str | None:
    """Return why a field can't have a value yet, None where it can: what a disabled control says."""
    return next((row.reason for row in TABLE if row.path == path and row.asked(value)), None)


def _value(spec: Spec, path: str) -> Any:
    value: Any = spec
    for part in path.split("."):
        value = getattr(value, part)
    return value
