"""From the words of a command line to an experiment. What counts, weakest first: recipe, file, --set, flags."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from resnet_studio.cli.outcome import WrongUsageError
from resnet_studio.spec.errors import FieldError, field_error
from resnet_studio.spec.experiment import ExperimentSpec, merged, nested, with_values
from resnet_studio.spec.files import NETWORK_FORMAT, read_document, read_network
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import entry, preset, presets

RECIPE = "training.recipe"
CLASSES = "network.num_classes"
SHAPE = "network.input_shape"


@dataclass(frozen=True)
class Wanted:
    """An experiment as it was asked for.

    Attributes:
        experiment: with every value in its place; what is null is still to be resolved.
        fits_data: the network is a preset, which takes its input and its classes from the data.
        shape_is_given: the network's input shape was asked for, so that the data follows it.
        classes_are_given: the network's number of classes was asked for, so that the data must have as many.
    """

    experiment: ExperimentSpec
    fits_data: bool
    shape_is_given: bool
    classes_are_given: bool


def network(name: str) -> NetworkSpec:
    """Return the network of a preset or of a file.

    Raises:
        StudioError: there is neither; the sentence names the nearest presets, or the file's fault.
    """
    return read_network(Path(name)) if _is_file(name) else preset(name)


def wanted(name: str, sets: Sequence[str], flags: dict[str, Any]) -> Wanted:
    """Return the experiment that a command line asks for.

    Args:
        name: a preset, or the file of a network or an experiment.
        sets: what `--set` was given: `training.epochs=3`, the value as JSON or as plain words.
        flags: values at dotted paths; None where a flag is not given.

    Raises:
        WrongUsageError: a flag or `--set` names no field, or a value that its field doesn't take.
        StudioError: the preset or the file is wrong.
    """
    document = _document(name)
    base = _experiment(document, f"{name}: ")
    changes = changes_of(sets, flags)
    if RECIPE in changes:
        # the weakest of all: the recipe's values stand under those of the file
        changed(base, {RECIPE: changes[RECIPE]})
        base = _experiment(merged(document, nested(RECIPE, changes.pop(RECIPE))), f"{name}: ")
    return Wanted(
        changed(base, changes),
        fits_data=not _is_file(name),
        shape_is_given=any(path.startswith(SHAPE) for path in changes),
        classes_are_given=CLASSES in changes,
    )


def changes_of(sets: Sequence[str], flags: dict[str, Any]) -> dict[str, Any]:
    """Return the values that `--set` and the flags give, by their paths; flags count more, None is no value.

    Raises:
        WrongUsageError: `--set` was not given PATH=VALUE.
    """
    return dict(map(_assignment, sets)) | {path: value for path, value in flags.items() if value is not None}


def number(text: str | None) -> int | float | str | None:
    """Return the number that a flag was given, or the text where it is none, which its field then refuses."""
    if text is None:
        return None
    for read in (int, float):
        with suppress(ValueError):
            return read(text)
    return text


def changed(experiment: ExperimentSpec, changes: dict[str, Any]) -> ExperimentSpec:
    """Return the experiment with what the command line wants of it.

    Raises:
        WrongUsageError: there is no such field, or it doesn't take the value.
    """
    try:
        return with_values(experiment, changes)
    except FieldError as error:
        raise WrongUsageError(str(error)) from None


def input_shape(text: str | None) -> tuple[int, ...] | None:
    """Return the numbers of `C,H,W`.

    Raises:
        WrongUsageError: these are not three whole numbers.
    """
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 3 or not all(part.strip().isdecimal() for part in parts):
        raise WrongUsageError(f"--input-shape: {text!r} is not C,H,W; give three whole numbers, such as 3,32,32.")
    return tuple(map(int, parts))


def _is_file(name: str) -> bool:
    """Whether an argument means a file: by what it looks like, so that a missing one is said to be missing."""
    return name not in presets() and (name.endswith(".json") or len(Path(name).parts) > 1 or Path(name).exists())


def _document(name: str) -> dict[str, Any]:
    """Return the fields of an experiment that a preset or a file gives."""
    if not _is_file(name):
        return {"network": entry(name).network.model_dump()}
    document = read_document(Path(name))
    fields = {key: value for key, value in document.items() if key not in {"format", "version"}}
    return {"network": fields} if document["format"] == NETWORK_FORMAT else fields


def _experiment(document: dict[str, Any], place: str) -> ExperimentSpec:
    try:
        return ExperimentSpec.model_validate(document)
    except ValidationError as error:
        fault = field_error(error)
        raise FieldError(fault.path, f"{place}{fault}") from None


def _assignment(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise WrongUsageError(f"--set: {text!r} is not PATH=VALUE; write it like training.epochs=3.")
    try:
        return path, json.loads(value)
    except ValueError:
        # plain words, such as training.optimizer=adamw, and numbers that are none of JSON's, such as .1
        return path, number(value)
