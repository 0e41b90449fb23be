"""An experiment: recipes fill what is not given, and fields change by their paths, all or none."""

from typing import Any

import pytest
from pydantic import ValidationError

from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.errors import FieldError, field_error
from resnet_studio.spec.experiment import (
    ExperimentSpec,
    merged,
    nested,
    recipe_training,
    value_at,
    with_recipe,
    with_values,
)
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import TrainingSpec


def test_the_default_trains_the_digits() -> None:
    experiment = ExperimentSpec()
    assert experiment.network == preset("digits_resnet8")
    assert experiment.data == DataSpec()
    assert experiment.training == TrainingSpec()


def test_a_recipe_gives_values_to_the_data_too() -> None:
    experiment = ExperimentSpec.model_validate({"training": {"recipe": "d2l"}})
    assert experiment.data.image_size == (96, 96)
    assert experiment.data.validation == "test"
    assert experiment.data.augment == AugmentSpec(pad_crop=0, horizontal_flip=0.0, random_resized_crop=0.0)


def test_what_is_given_stands_over_the_recipe_field_by_field() -> None:
    experiment = ExperimentSpec.model_validate(
        {"training": {"recipe": "d2l", "epochs": 3}, "data": {"source": "mnist", "augment": {"pad_crop": 2}}}
    )
    assert experiment.training.epochs == 3
    assert experiment.data.image_size == (96, 96)
    assert (experiment.data.augment.pad_crop, experiment.data.augment.horizontal_flip) == (2, 0.0)


def test_a_recipe_leaves_a_finished_data_spec_alone() -> None:
    given = {"data": DataSpec(), "training": TrainingSpec.model_validate({"recipe": "d2l"})}
    assert ExperimentSpec.model_validate(given).data == DataSpec()


def test_merging_goes_into_objects_and_replaces_everything_else() -> None:
    under = {"a": 1, "b": {"c": 2, "d": [1, 2]}, "e": {"f": 1}}
    assert merged(under, {"b": {"d": [3]}, "e": None, "g": {}}) == {
        "a": 1,
        "b": {"c": 2, "d": [3]},
        "e": None,
        "g": {},
    }
    assert under["b"] == {"c": 2, "d": [1, 2]}


def test_a_path_becomes_nested_objects() -> None:
    assert nested("data.augment.pad_crop", 4) == {"data": {"augment": {"pad_crop": 4}}}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("network.dropout", 0.5),
        ("network.stem.kernel_size", 5),
        ("network.stem", None),
        ("network.block_sizes.1", 7),
        ("network.input_shape.2", 12),
        ("training.epochs", 3),
        ("training.milestones", (1.0, 2.5)),
        ("data.augment.pad_crop", 2),
        ("data.source", "mnist"),
    ],
)
def test_a_value_is_found_where_it_was_put_and_nothing_else_changed(path: str, value: Any) -> None:
    before = ExperimentSpec()
    after = with_values(before, {path: value})
    assert value_at(after, path) == value
    assert with_values(after, {path: value_at(before, path)}) == before


def test_many_values_change_together() -> None:
    changes = {"network.block_sizes": [1, 2], "network.strides": [1, 2], "training.epochs": 3}
    after = with_values(ExperimentSpec(), changes)
    assert (after.network.block_sizes, after.network.strides, after.training.epochs) == ((1, 2), (1, 2), 3)


def test_all_change_or_none() -> None:
    before = ExperimentSpec()
    with pytest.raises(FieldError, match=r"training\.epochs: 0 is less than 1; take 1 to 100,000\.") as caught:
        with_values(before, {"network.dropout": 0.5, "training.epochs": 0})
    assert caught.value.path == "training.epochs"
    assert before == ExperimentSpec()


def test_one_stage_of_doubling_channels_writes_them_all_out() -> None:
    before = ExperimentSpec(network=preset("resnet18"))
    assert with_values(before, {"network.channels.1": 96}).network.channels == (64, 96, 256, 512)


def test_a_field_of_no_stem_makes_the_default_stem() -> None:
    bare = with_values(ExperimentSpec(), {"network.stem": None})
    assert with_values(bare, {"network.stem.stride": 1}).network.stem == StemSpec(stride=1)
    both = with_values(bare, {"network.stem.kernel_size": 3, "network.stem.stride": 1})
    assert both.network.stem == StemSpec(kernel_size=3, stride=1)


def test_a_field_of_no_stem_has_no_value() -> None:
    bare = with_values(ExperimentSpec(), {"network.stem": None})
    assert value_at(bare, "network.stem.kernel_size") is None


@pytest.mark.parametrize(
    "path",
    [
        "epochs",
        "",
        ".",
        "network.",
        "network.depth",
        "network.stem.kernel",
        "network.block_sizes.3",
        "network.block_sizes.-1",
        "network.block_sizes.first",
        "network.block_sizes.²",
        "network.dropout.0",
        "network.input_shape.0.0",
    ],
)
def test_a_path_that_leads_nowhere_is_named(path: str) -> None:
    for act in (lambda: with_values(ExperimentSpec(), {path: 1}), lambda: value_at(ExperimentSpec(), path)):
        with pytest.raises(FieldError, match="there is no such field") as caught:
            act()
        assert caught.value.path == path


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"network": 3}, "network: 3 is not an object of fields."),
        ({"network": {"block_sizes": ["a"]}}, "network.block_sizes.0: 'a' is not a whole number; take 1 to 10,000."),
        ({"training": []}, "training: [] is not an object of fields."),
        ({"data": 3, "training": {"recipe": "d2l"}}, "data: 3 is not an object of fields."),
        ({"data": {"augment": 3}, "training": {"recipe": "d2l"}}, "data.augment: 3 is not an object of fields."),
        ({"nets": {}}, "nets: there is no such field; did you mean network?"),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ExperimentSpec.model_validate(given)
    assert str(field_error(caught.value)) == sentence


def test_a_network_is_validated_even_when_it_comes_copied() -> None:
    wrong = NetworkSpec().model_copy(update={"dropout": 2.0})
    with pytest.raises(FieldError, match=r"network\.dropout: 2\.0 is not less than 1; take 0 to less than 1"):
        with_values(ExperimentSpec().model_copy(update={"network": wrong}), {"training.epochs": 1})


@pytest.mark.parametrize(
    ("name", "warmup"),
    [("cifar_resnet56", 0.0), ("cifar_resnet110", 1.14), ("cifar_resnet1202", 1.14), ("preact_resnet164", 1.14)],
)
def test_he_et_al_warm_up_deep_networks_alone(name: str, warmup: float) -> None:
    given = {"network": preset(name).model_dump(), "training": {"recipe": "he_cifar"}}
    experiment = ExperimentSpec.model_validate(given)
    assert experiment.training.warmup_epochs == warmup
    start = ExperimentSpec(network=preset(name))
    assert with_recipe(start, "he_cifar").training == recipe_training("he_cifar", preset(name)) == experiment.training
    assert with_recipe(experiment, "torchvision").training.warmup_epochs == 0
    given["training"]["warmup_epochs"] = 0.5
    assert ExperimentSpec.model_validate(given).training.warmup_epochs == 0.5


def test_a_wrong_network_is_refused_in_its_own_place_under_a_recipe_that_asks_how_deep_it_is() -> None:
    with pytest.raises(ValidationError) as caught:
        ExperimentSpec.model_validate({"network": {"block_sizes": "many"}, "training": {"recipe": "he_cifar"}})
    assert field_error(caught.value).path == "network.block_sizes"


def test_a_recipe_brings_what_it_asks_of_the_data_and_takes_it_away_again() -> None:
    start = with_values(ExperimentSpec(), {"training.seed": 5, "data.split_seed": 3})
    d2l = with_recipe(start, "d2l", kept=("seed",))
    assert d2l.training == TrainingSpec(recipe="d2l", seed=5)
    assert (d2l.data.image_size, d2l.data.validation, d2l.data.augment.pad_crop) == ((96, 96), "test", 0)
    assert d2l.data.split_seed == 3
    assert with_recipe(d2l, "studio", kept=("seed",)) == start
    changed = with_values(d2l, {"data.image_size": (64, 64)})
    assert with_recipe(changed, "studio").data.image_size == (64, 64)
