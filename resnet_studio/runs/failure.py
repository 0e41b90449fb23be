"""A run that can't go on as it is, and the changes with which it can."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values

CHANGEABLE = ("training.learning_rate",)
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
            known = " and ".join(CHANGEABLE)
            raise FieldError(path, f"{path} can't change in the middle of a run, only {known}; start a new run.")
    return with_values(experiment, dict(changes))


def resume_command(run: Path, changes: Mapping[str, Any]) -> str:
    """Return the command line that goes on with a run with some changes."""
    sets = [f"--set {path}={shlex.quote(json.dumps(value))}" for path, value in changes.items()]
    return " ".join(["resnet-studio resume", shlex.quote(str(run)), *sets])
