"""A network is what its fields say, and a wrong field is named in one sentence."""

import math
from typing import Any

import pytest
from pydantic import ValidationError

from resnet_studio.spec.errors import field_error
from resnet_studio.spec.network import NetworkSpec, StemSpec, adapted
from resnet_studio.spec.presets import preset


def test_the_default_is_resnet18() -> None:
    spec = NetworkSpec()
    assert spec.model_copy(update={"name": "resnet18"}) == preset("resnet18")


@pytest.mark.parametrize(("sizes", "strides"), [((3,), (1,)), ((1, 1, 1), (1, 2, 2)), ((1,) * 8, (1,) + (2,) * 7)])
def test_block_sizes_alone_are_enough(sizes: tuple[int, ...], strides: tuple[int, ...]) -> None:
    spec = NetworkSpec(block_sizes=sizes, channels=4)
    assert spec.strides == strides


def test_one_number_of_channels_doubles() -> None:
    assert NetworkSpec(channels=24).stage_channels == (24, 48, 96, 192)
    assert NetworkSpec(channels=(8, 9, 7, 1)).stage_channels == (8, 9, 7, 1)


def test_lists_of_a_document_become_values_that_can_be_compared_and_hashed() -> None:
    spec = NetworkSpec.model_validate({"block_sizes": [1, 2], "channels": [8, 16], "input_shape": [1, 8, 8]})
    assert spec == NetworkSpec(block_sizes=(1, 2), channels=(8, 16), input_shape=(1, 8, 8))
    assert len({spec, spec.model_copy()}) == 1


def test_a_spec_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        NetworkSpec().dropout = 0.5  # type: ignore[misc]  # what the test is about


def test_adapting_keeps_everything_but_input_and_classes() -> None:
    spec = adapted(preset("resnet50"), (1, 28, 28), 10)
    assert (spec.input_shape, spec.num_classes) == ((1, 28, 28), 10)
    assert adapted(spec, (3, 224, 224), 1000) == preset("resnet50")


def test_adapting_gives_no_head_to_a_network_without_one() -> None:
    assert adapted(preset("d2l_residual_block"), (3, 8, 8), 10).num_classes is None


def test_every_field_says_what_it_means() -> None:
    for model in (NetworkSpec, StemSpec):
        for name, field in model.model_fields.items():
            assert field.description, name


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"block_sizes": [2, 0]}, "network.block_sizes.1: 0 is less than 1; take 1 to 10,000."),
        ({"block_sizes": [-2]}, "network.block_sizes.0: -2 is less than 1; take 1 to 10,000."),
        ({"block_sizes": [1.5]}, "network.block_sizes.0: 1.5 is not a whole number; take 1 to 10,000."),
        ({"block_sizes": [True]}, "network.block_sizes.0: True is not a whole number; take 1 to 10,000."),
        ({"block_sizes": ["2"]}, "network.block_sizes.0: '2' is not a whole number; take 1 to 10,000."),
        ({"block_sizes": [10_001]}, "network.block_sizes.0: 10001 is more than 10,000; take 1 to 10,000."),
        ({"block_sizes": []}, "network.block_sizes: 0 entries are too few; take a list of 1 to 8 entries."),
        ({"block_sizes": [1] * 9}, "network.block_sizes: 9 entries are too many; take a list of 1 to 8 entries."),
        ({"block_sizes": 3}, "network.block_sizes: 3 is not a list; take a list of 1 to 8 entries."),
        ({"block_sizes": None}, "network.block_sizes: None is not a list; take a list of 1 to 8 entries."),
        ({"strides": [1, 2, 2, 17]}, "network.strides.3: 17 is more than 16; take 1 to 16."),
        (
            {"strides": [1, 2]},
            "network.strides: 2 entries for 4 stages of block_sizes; give one for each stage.",
        ),
        ({"channels": 0}, "network.channels: 0 is less than 1; take 1 to 65,536 or a list of 1 to 8 entries."),
        (
            {"channels": 64.0},
            "network.channels: 64.0 is not a whole number; take 1 to 65,536 or a list of 1 to 8 entries.",
        ),
        (
            {"channels": math.nan},
            "network.channels: nan is not a whole number; take 1 to 65,536 or a list of 1 to 8 entries.",
        ),
        (
            {"channels": True},
            "network.channels: True is not a whole number; take 1 to 65,536 or a list of 1 to 8 entries.",
        ),
        ({"channels": [64, "a", 3, 4]}, "network.channels.1: 'a' is not a whole number; take 1 to 65,536."),
        ({"channels": [8, 8]}, "network.channels: 2 entries for 4 stages of block_sizes; give one for each stage."),
        (
            {"channels": 65_536},
            "network.channels: 65,536 doubles to 524,288 in the last stage, more than 65,536; "
            "give smaller channels, or one number for each stage.",
        ),
        ({"input_shape": [3, 0, 3]}, "network.input_shape.1: 0 is less than 1; take 1 to 65,536."),
        ({"input_shape": [3, 3]}, "network.input_shape.2: a value is needed here; take 1 to 65,536."),
        ({"input_shape": [1, 2, 3, 4]}, "network.input_shape: 4 entries are too many; take a list of 3 entries."),
        ({"input_shape": "3,32,32"}, "network.input_shape: '3,32,32' is not a list; take a list of 3 entries."),
        ({"num_classes": 0}, "network.num_classes: 0 is less than 1; take 1 to 1,000,000 or null."),
        ({"num_classes": "10"}, "network.num_classes: '10' is not a whole number; take 1 to 1,000,000 or null."),
        ({"stem": "none"}, "network.stem: 'none' is not an object of fields; take an object of fields or null."),
        ({"stem": {"channels": 0}}, "network.stem.channels: 0 is less than 1; take 1 to 65,536 or null."),
        ({"stem": {"pool": 1}}, "network.stem.pool: 1 is not true or false."),
        ({"stem": {"kernel-size": 3}}, "network.stem.kernel-size: there is no such field; did you mean kernel_size?"),
        ({"block_type": "Basic"}, "network.block_type: 'Basic' is none of 'basic' or 'bottleneck'."),
        ({"norm": 3}, "network.norm: 3 is none of 'batch', 'group' or 'none'."),
        ({"dropout": 1}, "network.dropout: 1 is not less than 1; take 0 to less than 1."),
        ({"dropout": -0.1}, "network.dropout: -0.1 is less than 0; take 0 to less than 1."),
        ({"dropout": math.nan}, "network.dropout: nan is no finite number; take 0 to less than 1."),
        ({"drop_path": math.inf}, "network.drop_path: inf is no finite number; take 0 to less than 1."),
        ({"dropout": True}, "network.dropout: True is not a number; take 0 to less than 1."),
        ({"dropout": "0.5"}, "network.dropout: '0.5' is not a number; take 0 to less than 1."),
        ({"norm_eps": 0}, "network.norm_eps: 0 is not more than 0; take more than 0 to 1."),
        ({"name": ""}, "network.name: '' is not some text; take text of 1 to 120 characters."),
        ({"name": "two\nlines"}, "network.name: a name needs at least one visible character and no line breaks."),
        ({"name": "x" * 121}, "network.name: 121 characters are too many; take text of 1 to 120 characters."),
        ({"zero_init_residual": 1}, "network.zero_init_residual: 1 is not true or false."),
        (
            {"block_size": [2]},
            "network.block_size: there is no such field; did you mean block_sizes, block_type or block_dropout?",
        ),
        ({"block-sizes": [2]}, "network.block-sizes: there is no such field; did you mean block_sizes or block_type?"),
        ({"groups": "8" * 70}, f"network.groups: '{'8' * 58}… is not a whole number; take 1 to 65,536."),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        NetworkSpec.model_validate(given)
    error = field_error(caught.value, "network")
    assert str(error) == sentence
    assert sentence.startswith(error.path)
