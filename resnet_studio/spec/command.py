"""An experiment as the command line that trains it: the counterpart of how the command line is read."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, merged, nested
from resnet_studio.spec.files import NETWORK_FORMAT, read_document
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.presets import presets

_RECIPE, _SHAPE, _CLASSES, _STEM = "training.recipe", "network.input_shape", "network.num_classes", "network.stem"
_FLAGS = {
    "data.source": "--data",
    "data.root": "--data-root",
    _SHAPE: "--input-shape",
    "training.epochs": "--epochs",
    "training.batch_size": "--batch-size",
    "training.learning_rate": "--lr",
    "training.device": "--device",
    "training.precision": "--precision",
    "training.seed": "--seed",
}
"""Fields that have an option of their own, in the order in which they are written."""

_SECTIONS = tuple(ExperimentSpec.model_fields)
_CONSTANTS = {"true", "false", "null", "nan", "inf", "infinity"}
"""Words that the command line would read as a value of JSON or as a number."""


def train_command(experiment: ExperimentSpec, *, path: Path | None = None) -> str:
    """Return the command line that does what Train does in the window, quoted for a POSIX shell.

    It names the file where the design stands there as it is, else the preset that needs the fewest words, and after
    that every field in which the experiment differs from what that name, and the recipe, stand for. A preset takes its
    input and its classes from the data unless they are given: they are, but for the default design on its own data.

    Args:
        experiment: what is to be trained.
        path: the document of the design, a network or an experiment; read, and not used where it holds another design,
            or can't be read.
    """
    words = None if path is None else _from_file(experiment, path)
    if words is None:
        words = _from_preset(experiment, _nearest(experiment.network))
    return shlex.join(["resnet-studio", "train", *words])


def _from_file(experiment: ExperimentSpec, path: Path) -> list[str] | None:
    """Return the words that start from a file; None where it holds no such design."""
    try:
        document = read_document(path)
        fields = {key: value for key, value in document.items() if key not in {"format", "version"}}
        fields = {"network": fields} if document["format"] == NETWORK_FORMAT else fields
        changes = _changes(fields, experiment)
    except (StudioError, ValidationError):
        return None
    if any(field.startswith("network.") for field in changes):
        return None
    # whole, so that it means the same file in any folder, and never a preset
    return [str(path.absolute()), *_words(changes)]


def _from_preset(experiment: ExperimentSpec, name: str) -> list[str]:
    """Return the words that start from a preset."""
    changes = _changes({"network": presets()[name].network.model_dump()}, experiment)
    if not _is_made_for_its_data(experiment):
        fixed = {_SHAPE: experiment.network.input_shape, _CLASSES: experiment.network.num_classes}
        # without a head there is none to fit
        changes = {field: value for field, value in fixed.items() if value is not None} | changes
    return [name, *_words(changes)]


def _nearest(network: NetworkSpec) -> str:
    """Return the preset from which a design is told in the shortest way."""
    wanted = network.model_dump()

    def length(name: str) -> int:
        changes = dict(_differences(presets()[name].network.model_dump(), wanted, "network."))
        return len(shlex.join([name, *_words(changes)]))

    return min(presets(), key=length)


def _is_made_for_its_data(experiment: ExperimentSpec) -> bool:
    """Whether the network has the input and the classes of its data: known of the default of both alone."""
    default, data = ExperimentSpec(), experiment.data
    same = ("input_shape", "num_classes")
    return (
        data.source == default.data.source
        and all(getattr(experiment.network, field) == getattr(default.network, field) for field in same)
        and data.image_size in {None, default.network.input_shape[1:]}
        and data.channels in {None, default.network.input_shape[0]}
    )


def _changes(document: dict[str, Any], experiment: ExperimentSpec) -> dict[str, Any]:
    """Return the fields in which an experiment differs from a document under the same recipe, by their paths.

    Raises:
        ValidationError: the document is none.
    """
    base = ExperimentSpec.model_validate(merged(document, nested(_RECIPE, experiment.training.recipe)))
    recipe = ExperimentSpec.model_validate(document).training.recipe
    changes = dict(_differences(base.model_dump(), experiment.model_dump()))
    if recipe != experiment.training.recipe:
        changes[_RECIPE] = experiment.training.recipe
    return changes


def _differences(before: dict[str, Any], after: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in after.items():
        field = f"{prefix}{key}"
        if value == before[key]:
            continue
        if field == _STEM:
            yield from _stem(before[key], value)
        elif isinstance(value, dict):
            yield from _differences(before[key], value, f"{field}.")
        else:
            yield field, value


def _stem(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[tuple[str, Any]]:
    """Yield the one field of a stem that differs, else the whole stem without what is as by default."""
    if after is None:
        yield _STEM, None
        return
    changes = [] if before is None else list(_differences(before, after, f"{_STEM}."))
    if len(changes) == 1:
        yield changes[0]
    else:
        default = StemSpec().model_dump()
        yield _STEM, {key: value for key, value in after.items() if value != default[key]}


def _words(changes: dict[str, Any]) -> list[str]:
    """Return the options that make changes: those of their own first, in their order."""
    words, changes = [], dict(changes)
    for field, flag in _FLAGS.items():
        if field in changes and _fits_flag(field, changes[field]):
            words += [flag, _flag_value(changes.pop(field))]
    # the recipe first, under which the others stand, then network, data, training
    for field in sorted(changes, key=lambda field: (field != _RECIPE, _SECTIONS.index(field.partition(".")[0]))):
        words += ["--set", f"{field}={_set_value(changes[field])}"]
    return words


def _fits_flag(field: str, value: Any) -> bool:
    """Whether an option of its own gives a field this value: none takes null, a folder's name is tidied up."""
    return value is not None and (field != "data.root" or str(Path(value)) == value)


def _flag_value(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _set_value(value: Any) -> str:
    """Return a value as `--set` reads it back: a plain word as it is, all else as JSON."""
    if isinstance(value, str) and re.match(r"[^\W\d_]|/", value) and value.strip().lower() not in _CONSTANTS:
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
