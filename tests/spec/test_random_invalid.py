"""A thousand random experiments, each with one wrong value: all refused, with the path and what the field takes."""

import copy
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from resnet_studio.spec.errors import FieldError, field_error
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.presets import presets

Draw = Callable[[random.Random], Any]
SEEDS = range(1_000)


@dataclass(frozen=True)
class Wrong:
    """A field, values that it does not take, and what the sentence says that it takes."""

    path: str
    values: Draw
    takes: str


def whole(path: str, low: int, high: int, takes: str = "") -> Wrong:
    """Return what is wrong for a whole number in a range."""

    def values(rng: random.Random) -> Any:
        beyond = [low - 1 - rng.randrange(1_000), high + 1 + rng.randrange(10**9)]
        return rng.choice([*beyond, rng.randint(low, high) + 0.5, float(low), str(low), True, math.nan, [low], {}])

    return Wrong(path, values, takes or f"{low:,} to {high:,}")


def real(path: str, takes: str, *beyond: float) -> Wrong:
    """Return what is wrong for a number in a range; `beyond` is outside."""
    return Wrong(path, lambda rng: rng.choice([*beyond, math.nan, math.inf, "0.5", False, [0.5], {}]), takes)


def word(path: str, *choices: str) -> Wrong:
    """Return what is wrong for one of a few words."""

    def values(rng: random.Random) -> Any:
        return rng.choice([choices[0].upper(), f"{choices[-1]} ", "", "other", 1, True, [choices[0]]])

    *head, last = (repr(choice) for choice in choices)
    return Wrong(path, values, f"{', '.join(head)} or {last}")


def flag(path: str) -> Wrong:
    """Return what is wrong for yes or no."""
    return Wrong(path, lambda rng: rng.choice([0, 1, "true", "no", 0.0, None, [True]]), "true or false")


def counted(path: str, low: int, high: int, entry: int) -> Wrong:
    """Return what is wrong for a list: too few or too many entries, or no list at all."""

    def values(rng: random.Random) -> Any:
        wrong: list[Any] = [[entry] * (high + 1 + rng.randrange(5)), f"{entry},{entry}", None, {}]
        return rng.choice([*wrong, [entry] * (low - 1)] if low == 1 else wrong)

    return Wrong(path, values, f"a list of {low if low == high else f'{low} to {high}'} entries")


WRONG = [
    *(whole(f"network.input_shape.{place}", 1, 65_536) for place in range(3)),
    whole("network.num_classes", 1, 1_000_000, "1 to 1,000,000 or null"),
    *(whole(f"network.block_sizes.{place}", 1, 10_000) for place in range(3)),
    *(whole(f"network.channels.{place}", 1, 65_536) for place in range(3)),
    *(whole(f"network.strides.{place}", 1, 16) for place in range(3)),
    whole("network.expansion", 1, 64),
    whole("network.groups", 1, 65_536),
    whole("network.width_per_group", 1, 65_536),
    whole("network.norm_groups", 1, 65_536),
    whole("network.stem.channels", 1, 65_536, "1 to 65,536 or null"),
    whole("network.stem.kernel_size", 1, 63),
    whole("network.stem.stride", 1, 16),
    flag("network.stem.pool"),
    word("network.stem.norm", "batch", "group", "none"),
    real("network.norm_eps", "more than 0 to 1", 0, -1e-5, 1.5),
    real("network.norm_momentum", "more than 0 to 1", 0, -0.1, 1.01),
    *(real(f"network.{name}", "0 to less than 1", -0.1, 1, 1.5) for name in ("dropout", "block_dropout", "drop_path")),
    *(flag(f"network.{name}") for name in ("shortcut_norm", "preactivation", "conv_bias", "zero_init_residual")),
    word("network.block_type", "basic", "bottleneck"),
    word("network.shortcut", "projection", "projection_all", "zero_pad", "identity", "none"),
    word("network.merge", "add", "concat"),
    word("network.stride_on", "3x3", "1x1"),
    word("network.norm", "batch", "group", "none"),
    word("network.activation", "relu", "leaky_relu", "gelu", "silu"),
    word("network.head", "global_avg", "max_flatten"),
    counted("network.input_shape", 3, 3, 8),
    counted("network.block_sizes", 1, 8, 2),
    Wrong("network.name", lambda rng: rng.choice(["", "n" * 121, 3, None]), "text of 1 to 120 characters"),
    Wrong("network.strides", lambda rng: [1] * rng.choice([2, 5, 8]), "one for each stage"),
    Wrong("network.channels", lambda rng: rng.choice([0, -1, 65_537, True, "64", None]), "1 to 65,536 or a list"),
    Wrong("network.channels", lambda rng: [8] * rng.choice([2, 5, 8]), "one for each stage"),
    Wrong("network.blocksizes", lambda rng: rng.choice([[1], None]), "did you mean block_sizes"),
    Wrong("network.stem.kernel", lambda rng: rng.choice([3, None]), "did you mean kernel_size"),
    whole("training.epochs", 1, 100_000),
    whole("training.batch_size", 1, 65_536),
    whole("training.seed", 0, 2**31 - 1),
    word("training.optimizer", "auto", "sgd", "adam", "adamw", "muon"),
    real("training.learning_rate", "more than 0 to 100", 0, -0.1, 101),
    real("training.momentum", "0 to less than 1", -0.1, 1),
    Wrong("training.learning-rate", lambda rng: rng.random(), "did you mean learning_rate"),
    *(whole(f"data.image_size.{place}", 4, 4096) for place in range(2)),
    real("data.augment.rotation", "0 to 180 or null", -1, 181),
]


def experiment(rng: random.Random) -> dict[str, Any]:
    """Return a valid experiment around a random preset with three stages, as a document."""
    three = [one.network for one in presets().values() if len(one.network.block_sizes) == 3]
    network = rng.choice(three)
    document = network.model_dump(mode="json") | {"channels": list(network.stage_channels)}
    return {"network": document, "training": {}, "data": {"image_size": [8, 8], "augment": {}}}


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a dotted path, in place."""
    spot: Any = document
    *way, last = path.split(".")
    for part in way:
        spot = spot[int(part)] if isinstance(spot, list) else spot[part]
    spot[int(last) if isinstance(spot, list) else last] = value


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.path}: {wrong.takes}")
def test_a_field_takes_what_its_sentence_says(wrong: Wrong) -> None:
    rng = random.Random(wrong.path)  # noqa: S311 -- the same values each time
    for _ in range(20):
        check(wrong, rng)


@pytest.mark.parametrize("batch", range(10))
def test_a_thousand_wrong_experiments(batch: int) -> None:
    for seed in SEEDS[batch::10]:
        rng = random.Random(seed)  # noqa: S311 -- the same values each time
        check(rng.choice(WRONG), rng)


def check(wrong: Wrong, rng: random.Random) -> None:
    """Put a wrong value into a valid experiment, which is refused there, and by an edit too."""
    document = experiment(rng)
    valid = ExperimentSpec.model_validate(copy.deepcopy(document))
    value = wrong.values(rng)
    put(document, wrong.path, value)
    with pytest.raises(ValidationError) as caught:
        ExperimentSpec.model_validate(document)
    error = field_error(caught.value)
    told = f"{wrong.path} = {value!r}: {error}"
    assert error.path == wrong.path, told
    assert wrong.takes in str(error), told
    assert str(error).startswith(f"{wrong.path}: "), told
    assert str(error).count("\n") == 0, told
    if "did you mean" not in wrong.takes:
        with pytest.raises(FieldError) as edited:
            with_values(valid, {wrong.path: value})
        assert edited.value.path == wrong.path, told
