"""A run that can't go on as it is, and the changes with which it can."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values

CHANGEABLE = (
    "training.learning_rate",
    "training.batch_size",
    "training.accumulate",
    "training.eval_batch_size",
    "training.compile",
    "training.early_stop_patience",
    "training.max_minutes",
)
"""What may be other when a run goes on."""


class TrainingFailedError(StudioError):
    """A run that can't go on as it is.

    Attributes:
        mend: values by dotted path of the experiment with which it can go on from its last checkpoint, or begin again
            where there is none; empty where nothing is known to help.
    """

    def __init__(self, sentence: str, mend: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.mend = dict(mend or {})


def with_changes(experiment: ExperimentSpec, changes: Mapping[str, Any]) -> ExperimentSpec:
    """Return the experiment of a run with the changes with which it goes on.

    Raises:
        FieldError: a value that is not taken, or a field that can't change in the middle of a run.
    """
    for path in changes:
        if path not in CHANGEABLE:
            known = ", ".join(CHANGEABLE)
            raise FieldError(path, f"{path} can't change in the middle of a run; start a new one, or change {known}.")
    changed = with_values(experiment, dict(changes))
    if changed.training.compile == "auto":
        raise FieldError(
            "training.compile",
            "training.compile: what auto stands for is settled when a run begins; choose off, graph or on.",
        )
    before, after = (each.training.batch_size * each.training.accumulate for each in (experiment, changed))
    if before != after:
        # the steps of an epoch are counted, and its order stands
        raise FieldError(
            "training.batch_size",
            f"training.batch_size: a run goes on with as many images in a step as it had, {before}, not {after}; "
            "change training.accumulate with it.",
        )
    return changed


def resume_command(run: Path, changes: Mapping[str, Any]) -> str:
    """Return the command line that goes on with a run with some changes."""
    sets = [f"--set {path}={shlex.quote(json.dumps(value))}" for path, value in changes.items()]
    return " ".join(["resnet-studio resume", shlex.quote(str(run)), *sets])
