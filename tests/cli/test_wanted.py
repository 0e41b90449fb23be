"""What counts, weakest first: recipe, file, --set, flags."""

import json
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.cli.outcome import WrongUsageError
from resnet_studio.cli.wanted import input_shape, network, wanted
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.presets import preset

EXPERIMENT = {"format": "resnet-studio/experiment", "version": 1}
NETWORK = {"format": "resnet-studio/network", "version": 1}


def written(path: Path, document: dict[str, Any]) -> str:
    path.write_text(json.dumps(document))
    return str(path)


def test_a_preset_fits_itself_to_the_data() -> None:
    asked = wanted("cifar_resnet20", [], {})
    assert asked.experiment.network == preset("cifar_resnet20")
    assert (asked.fits_data, asked.shape_is_given, asked.classes_are_given) == (True, False, False)


def test_a_network_from_a_file_is_taken_as_written(tmp_path: Path) -> None:
    name = written(tmp_path / "network.json", NETWORK | {"block_sizes": [1, 1], "channels": 8})
    asked = wanted(name, [], {})
    assert asked.experiment.network.block_sizes == (1, 1)
    assert not asked.fits_data
    assert network(name) == asked.experiment.network


def test_the_order_of_what_counts(tmp_path: Path) -> None:
    training = {"recipe": "d2l", "epochs": 2, "learning_rate": 0.5, "momentum": 0.5}
    name = written(tmp_path / "experiment.json", EXPERIMENT | {"training": training})
    sets, flags = ["training.learning_rate=0.25", "training.momentum=0.25"], {"training.momentum": 0.125}
    spec = wanted(name, sets, flags).experiment.training
    # batch_size is the recipe's, epochs the file's, learning_rate of --set, momentum of a flag
    assert (spec.batch_size, spec.epochs, spec.learning_rate, spec.momentum) == (128, 2, 0.25, 0.125)
    assert spec.schedule == "constant"


def test_a_recipe_by_set_is_still_the_weakest(tmp_path: Path) -> None:
    name = written(tmp_path / "experiment.json", EXPERIMENT | {"training": {"learning_rate": 0.5}})
    experiment = wanted(name, ["training.epochs=3", "training.recipe=d2l"], {}).experiment
    assert (experiment.training.recipe, experiment.training.schedule) == ("d2l", "constant")
    assert (experiment.training.learning_rate, experiment.training.epochs) == (0.5, 3)
    assert experiment.data.image_size == (96, 96)


def test_a_recipe_comes_under_a_preset_too() -> None:
    assert wanted("resnet18", ["training.recipe=torchvision"], {}).experiment.training.epochs == 90


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("network.dropout=0.5", 0.5),
        ("network.block_sizes=[1, 1, 1]", (1, 1, 1)),
        ("network.block_sizes.1=4", 4),
        ("network.stem=null", None),
        ("network.preactivation=true", True),
        ("network.dropout=.5", 0.5),
        ("network.name=mine", "mine"),
        ("network.name=a=b", "a=b"),
        ('network.name="3"', "3"),
    ],
)
def test_values_are_json_or_plain_words(text: str, value: Any) -> None:
    spec: Any = wanted("digits_resnet8", [text], {}).experiment
    for part in text.partition("=")[0].split("."):
        spec = spec[int(part)] if part.isdecimal() else getattr(spec, part)
    assert spec == value


@pytest.mark.parametrize(
    ("sets", "shape", "classes"),
    [(["network.input_shape.1=16"], True, False), (["network.num_classes=3"], False, True)],
)
def test_what_of_a_preset_was_asked_for(sets: list[str], shape: bool, classes: bool) -> None:
    asked = wanted("digits_resnet8", sets, {})
    assert (asked.shape_is_given, asked.classes_are_given) == (shape, classes)


@pytest.mark.parametrize(
    ("sets", "sentence"),
    [
        (["training.epochs"], "--set: 'training.epochs' is not PATH=VALUE; write it like training.epochs=3."),
        (["=3"], "--set: '=3' is not PATH=VALUE; write it like training.epochs=3."),
        (["epochs=3"], "epochs: there is no such field."),
        (["training.epochs=three"], "training.epochs: 'three' is not a whole number; take 1 to 100,000."),
        (["training.epochs=0"], "training.epochs: 0 is less than 1; take 1 to 100,000."),
        (["training.learning_rate=NaN"], "training.learning_rate: nan is no finite number; take more than 0 to 100."),
        (
            ["network.block_sizes=[1,1]"],
            "network.strides: 3 entries for 2 stages of block_sizes; give one for each",
        ),
        (["training.recipe=mine"], "training.recipe: 'mine' is none of"),
        (["training.recipe=[1]"], "training.recipe: [1] is none of"),
    ],
)
def test_a_wrong_set_is_wrong_usage(sets: list[str], sentence: str) -> None:
    with pytest.raises(WrongUsageError) as caught:
        wanted("digits_resnet8", sets, {})
    assert str(caught.value).startswith(sentence)


def test_a_fault_of_the_file_is_the_files(tmp_path: Path) -> None:
    name = written(tmp_path / "experiment.json", EXPERIMENT | {"training": {"epochs": 0}})
    with pytest.raises(StudioError, match=r"experiment\.json: training\.epochs: 0 is less than 1") as caught:
        wanted(name, ["training.epochs=3", "training.recipe=d2l"], {})
    assert not isinstance(caught.value, WrongUsageError)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("resnet51", "There is no preset 'resnet51'; did you mean resnet50"),
        ("missing.json", "There is no file missing.json; check the name."),
        ("folder/missing", "There is no file folder/missing; check the name."),
    ],
)
def test_what_is_neither_preset_nor_file(name: str, sentence: str) -> None:
    for ask in (network, lambda name: wanted(name, [], {})):
        with pytest.raises(StudioError) as caught:
            ask(name)
        assert str(caught.value).startswith(sentence)


def test_an_input_shape() -> None:
    assert input_shape("3,32, 48") == (3, 32, 48)
    assert input_shape(None) is None


@pytest.mark.parametrize("text", ["", "3", "3,32", "3,32,32,32", "3,-32,32", "3x32x32", "a,b,c", "3,32.5,32"])
def test_no_input_shape(text: str) -> None:
    with pytest.raises(WrongUsageError, match=r"is not C,H,W; give three whole numbers, such as 3,32,32\."):
        input_shape(text)
