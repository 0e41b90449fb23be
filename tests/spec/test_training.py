"""The training that is wanted: a recipe's values, and one's own over them."""

import math
from typing import Any

import pytest
from pydantic import ValidationError

from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.errors import field_error
from resnet_studio.spec.recipes import RECIPES
from resnet_studio.spec.training import TrainingSpec


@pytest.mark.parametrize("name", list(RECIPES))
def test_a_recipe_gives_its_values(name: str) -> None:
    spec = TrainingSpec.model_validate({"recipe": name})
    assert {field: getattr(spec, field) for field in RECIPES[name].training} == RECIPES[name].training


@pytest.mark.parametrize("name", list(RECIPES))
def test_a_recipe_gives_no_field_that_is_given(name: str) -> None:
    spec = TrainingSpec.model_validate({"recipe": name, "learning_rate": 0.123, "epochs": 7})
    assert (spec.learning_rate, spec.epochs) == (0.123, 7)
    assert spec.batch_size == RECIPES[name].training["batch_size"]


def test_he_et_al_divide_their_rate_after_32000_and_48000_of_64000_steps() -> None:
    recipe, steps = TrainingSpec(recipe="he_cifar"), 45_000 // 128
    for epochs, wanted in zip((*recipe.milestones, recipe.epochs), (32_000, 48_000, 64_000), strict=True):
        assert abs(epochs * steps - wanted) <= steps / 2


@pytest.mark.parametrize("name", ["d2l", "athena"])
def test_books_that_leave_pixels_as_they_are(name: str) -> None:
    data = DataSpec.model_validate(RECIPES[name].data)
    assert (data.mean, data.std) == ((0,), (1,))
    assert not any(getattr(data.augment, field) for field in AugmentSpec.model_fields)


def test_every_recipe_can_be_named() -> None:
    assert set(TrainingSpec.model_json_schema()["properties"]["recipe"]["enum"]) == set(RECIPES)


def test_the_studio_recipe_is_the_default() -> None:
    assert TrainingSpec().model_copy(update={}) == TrainingSpec.model_validate({"recipe": "studio"})


def test_every_field_says_what_it_means() -> None:
    for name, field in TrainingSpec.model_fields.items():
        assert field.description, name


@pytest.mark.parametrize("device", ["auto", "cpu", "mps", "cuda", "cuda:0", "cuda:12"])
def test_devices_that_are_taken(device: str) -> None:
    assert TrainingSpec(device=device).device == device


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"epochs": 0}, "training.epochs: 0 is less than 1; take 1 to 100,000."),
        ({"epochs": 2.0}, "training.epochs: 2.0 is not a whole number; take 1 to 100,000."),
        ({"epochs": True}, "training.epochs: True is not a whole number; take 1 to 100,000."),
        ({"batch_size": -1}, "training.batch_size: -1 is less than 1; take 1 to 65,536."),
        ({"learning_rate": math.nan}, "training.learning_rate: nan is no finite number; take more than 0 to 100."),
        ({"learning_rate": 0}, "training.learning_rate: 0 is not more than 0; take more than 0 to 100."),
        ({"learning_rate": "0.1"}, "training.learning_rate: '0.1' is not a number; take more than 0 to 100."),
        ({"momentum": 1}, "training.momentum: 1 is not less than 1; take 0 to less than 1."),
        ({"milestones": [30, 0]}, "training.milestones.1: 0 is not more than 0; take more than 0 to 100,000."),
        ({"milestones": 30}, "training.milestones: 30 is not a list; take a list of entries."),
        ({"seed": -1}, "training.seed: -1 is less than 0; take 0 to 2,147,483,647."),
        ({"device": "gpu"}, "training.device: 'gpu' is none of auto, cpu, cuda, cuda:N or mps."),
        ({"device": 0}, "training.device: 0 is not text."),
        ({"channels_last": "yes"}, "training.channels_last: 'yes' is not true or false; take true, false or null."),
        ({"precision": "int8"}, "training.precision: 'int8' is none of 'auto', 'fp32', 'bf16' or 'fp16'."),
        (
            {"recipe": "best"},
            "training.recipe: 'best' is none of 'studio', 'd2l', 'athena', 'he_cifar', 'torchvision' or "
            "'torchvision_2021'.",
        ),
        (
            {"recipe": ["d2l"]},
            "training.recipe: ['d2l'] is none of 'studio', 'd2l', 'athena', 'he_cifar', 'torchvision' or "
            "'torchvision_2021'.",
        ),
        ({"lr": 0.1}, "training.lr: there is no such field."),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TrainingSpec.model_validate(given)
    assert str(field_error(caught.value, "training")).startswith(sentence)
