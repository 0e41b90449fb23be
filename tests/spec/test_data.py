"""The images that are wanted."""

import math
from typing import Any

import pytest
from pydantic import ValidationError

from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.errors import field_error


def test_the_default_is_the_embedded_digits_with_nothing_decided() -> None:
    spec = DataSpec()
    assert spec.source == "digits"
    undecided = spec.model_dump(exclude={"source", "resize", "validation", "split_seed", "augment"})
    assert set(undecided.values()) == {None}
    assert set(spec.augment.model_dump().values()) == {None}


def test_every_field_says_what_it_means() -> None:
    for model in (DataSpec, AugmentSpec):
        for name, field in model.model_fields.items():
            assert field.description, name


@pytest.mark.parametrize("validation", ["auto", "test", 0.1, 0.5])
def test_ways_to_validate(validation: Any) -> None:
    assert DataSpec(validation=validation).validation == validation


def test_imagenets_mean_and_deviation_have_a_name() -> None:
    spec = DataSpec.model_validate({"mean": "imagenet", "std": "imagenet"})
    assert (spec.mean, spec.std) == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"source": ""}, "data.source: '' is not some text; take text of 1 to 4,096 characters."),
        ({"source": 3}, "data.source: 3 is not text; take text of 1 to 4,096 characters."),
        ({"image_size": [32]}, "data.image_size.1: a value is needed here; take 4 to 4,096."),
        ({"image_size": [3, 32]}, "data.image_size.0: 3 is less than 4; take 4 to 4,096."),
        ({"image_size": 32}, "data.image_size: 32 is not a list; take a list of 2 entries or null."),
        ({"channels": 2}, "data.channels: 2 is none of 1 or 3; take 1, 3 or null."),
        (
            {"validation": "train"},
            "data.validation: 'train' is none of 'auto' or 'test'; take 'auto', 'test' or more than 0 to less than 1.",
        ),
        (
            {"validation": 0.0},
            "data.validation: 0.0 is not more than 0; take 'auto', 'test' or more than 0 to less than 1.",
        ),
        (
            {"validation": 1},
            "data.validation: 1 is not less than 1; take 'auto', 'test' or more than 0 to less than 1.",
        ),
        (
            {"validation": math.nan},
            "data.validation: nan is no finite number; take 'auto', 'test' or more than 0 to less than 1.",
        ),
        ({"mean": [0.5, 2]}, "data.mean.1: 2 is more than 1; take 0 to 1."),
        ({"mean": "coco"}, "data.mean: 'coco' is not a list; take a list of entries or null."),
        ({"std": [0.0]}, "data.std.0: 0.0 is not more than 0; take more than 0 to 1."),
        ({"augment": {"pad_crop": -1}}, "data.augment.pad_crop: -1 is less than 0; take 0 to 64 or null."),
        (
            {"augment": {"horizontal_flip": 1.5}},
            "data.augment.horizontal_flip: 1.5 is more than 1; take 0 to 1 or null.",
        ),
        (
            {"augment": {"horizontal-flip": 0.5}},
            "data.augment.horizontal-flip: there is no such field; did you mean horizontal_flip?",
        ),
        ({"augment": "none"}, "data.augment: 'none' is not an object of fields."),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DataSpec.model_validate(given)
    assert str(field_error(caught.value, "data")) == sentence
