"""A whole experiment: a network, its data and its training."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError, model_validator

from resnet_studio.spec.base import Spec
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import FieldError, field_error
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.presets import preset
from resnet_studio.spec.recipes import DEEP, RECIPES
from resnet_studio.spec.training import RecipeName, TrainingSpec


class ExperimentSpec(Spec):
    """Everything that is wanted of one run; values that a named recipe gives stand where nothing is given."""

    network: NetworkSpec = preset("digits_resnet8")
    """The network."""
    data: DataSpec = DataSpec()
    """The images."""
    training: TrainingSpec = TrainingSpec()
    """The training."""

    @model_validator(mode="before")
    @classmethod
    def _fill_from_recipe(cls, given: Any) -> Any:
        """Fill fields of `data`, and those of `training` that depend on the network, from the recipe that is named."""
        if not isinstance(given, dict):
            return given
        training, data = given.get("training", {}), given.get("data", {})
        if not isinstance(training, dict) or not isinstance(data, dict):
            return given
        name = training.get("recipe", "studio")
        recipe = RECIPES.get(name) if isinstance(name, str) else None
        if recipe is None:
            return given
        if recipe.deep and _is_deep(given.get("network")):
            training = recipe.deep | training
        return given | {"training": training, "data": merged(recipe.data, data)}


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of both, nested objects too; where both give a field, the second one counts."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def nested(path: str, value: Any) -> dict[str, Any]:
    """Return `{"training": {"epochs": 3}}` for `training.epochs` and 3."""
    *way, last = path.split(".")
    result = {last: value}
    for part in reversed(way):
        result = {part: result}
    return result


def with_values(experiment: ExperimentSpec, changes: dict[str, Any]) -> ExperimentSpec:
    """Return a new, validated experiment with the values at the dotted paths changed, all or none.

    A path may name a list's entry (`network.block_sizes.0`) and a field of `stem` while the stem is null, which
    then becomes the default stem. A change of one entry of `network.channels`, while it is one number that doubles,
    writes the doubled numbers out.

    Raises:
        FieldError: a path or a value that is not taken; `path` names the field.
    """
    document = experiment.model_dump()
    for path, value in changes.items():
        _assign(document, experiment, path, value)
    try:
        return ExperimentSpec.model_validate(document)
    except ValidationError as error:
        raise field_error(error) from None


def with_recipe(experiment: ExperimentSpec, name: RecipeName, kept: Iterable[str] = ()) -> ExperimentSpec:
    """Return the experiment with another recipe: its training, and what it asks of the data.

    Args:
        experiment: as it stands.
        name: of the recipe.
        kept: fields of `training` that stay as they are, such as the device.

    What the old recipe asked of the data and nobody changed since goes back to the default.

    Raises:
        FieldError: a kept value that is not taken.
    """
    plain = DataSpec().model_dump()
    asked = dict(_leaves(RECIPES[experiment.training.recipe].data))
    changes: dict[str, Any] = {
        f"data.{path}": _below(plain, path)
        for path, value in asked.items()
        if value_at(experiment, f"data.{path}") == value
    }
    changes |= {f"data.{path}": value for path, value in _leaves(RECIPES[name].data)}
    own = {field: getattr(experiment.training, field) for field in kept}
    training = TrainingSpec.model_validate(recipe_training(name, experiment.network).model_dump() | own)
    return with_values(experiment, changes | {"training": training.model_dump()})


def recipe_training(name: RecipeName, network: NetworkSpec) -> TrainingSpec:
    """Return what a recipe asks of the training of a network."""
    deep = RECIPES[name].deep if _is_deep(network) else {}
    return TrainingSpec.model_validate({"recipe": name, **deep})


def value_at(experiment: ExperimentSpec, path: str) -> Any:
    """Return the value at a dotted path, such as `network.block_sizes.0`.

    Raises:
        FieldError: there is no such field.
    """
    value: Any = experiment
    for part in path.split("."):
        if isinstance(value, tuple):
            if not part.isdecimal() or int(part) >= len(value):
                raise FieldError(path, f"{path}: there is no such field.")
            value = value[int(part)]
        elif isinstance(value, Spec) and part in type(value).model_fields:
            value = getattr(value, part)
        elif value is None:
            return None
        else:
            raise FieldError(path, f"{path}: there is no such field.")
    return value


def _assign(document: dict[str, Any], experiment: ExperimentSpec, path: str, value: Any) -> None:
    """Write the value into the plain document, in place."""
    *way, last = path.split(".")
    spot: Any = document
    for depth, part in enumerate(way):
        below = _entry(spot, part, path)
        if below is None and way[: depth + 1] == ["network", "stem"]:
            below = StemSpec().model_dump()
        if way[: depth + 1] == ["network", "channels"] and isinstance(below, int):
            below = list(experiment.network.stage_channels)
        if isinstance(below, tuple):
            below = list(below)
        if isinstance(spot, list):
            spot[int(part)] = below
        else:
            spot[part] = below
        spot = below
    _entry(spot, last, path)
    if isinstance(spot, list):
        spot[int(last)] = value
    else:
        spot[last] = value


def _entry(spot: Any, part: str, path: str) -> Any:
    """Return what stands at one step of a path."""
    if isinstance(spot, list) and part.isdecimal() and int(part) < len(spot):
        return spot[int(part)]
    if isinstance(spot, dict) and part in spot:
        return spot[part]
    raise FieldError(path, f"{path}: there is no such field.")


def _is_deep(network: Any) -> bool:
    """Whether a network, or what may become one, has as many weighted layers as `DEEP` says."""
    try:
        spec = NetworkSpec.model_validate(network)
    except ValidationError:
        return False  # it is refused in its own place
    a_block = 3 if spec.block_type == "bottleneck" else 2
    return 2 + a_block * sum(spec.block_sizes) >= DEEP


def _leaves(document: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted paths and values of nested objects."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _below(document: dict[str, Any], path: str) -> Any:
    """Return what stands at a dotted path of nested objects."""
    value: Any = document
    for part in path.split("."):
        value = value[part]
    return value
