"""The command line of an experiment, read back by the command line itself."""

import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resnet_studio.cli.app import call
from resnet_studio.cli.follow import Json
from resnet_studio.cli.loading import LoadingBar
from resnet_studio.cli.train import _prepared
from resnet_studio.cli.wanted import Wanted
from resnet_studio.spec.command import train_command
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_recipe, with_values
from resnet_studio.spec.files import experiment_document, network_document, write_document
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets
from resnet_studio.spec.recipes import RECIPES
from resnet_studio.training.control import Control
from resnet_studio.training.prepare import prepare

DEFAULT = ExperimentSpec()
PREPARED = _prepared
"""What follows the reading of a command line; the tests put something else in its place."""


class Asked(Exception):
    """Ends `train` where the work would begin."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self.wanted = wanted


@pytest.fixture(autouse=True)
def nothing_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(asked: Wanted, *_: Any) -> None:
        raise Asked(asked)

    monkeypatch.setattr("resnet_studio.cli.train._prepared", stop)


def asked(command: str) -> Wanted:
    """Let the real command line read a command."""
    program, *arguments = shlex.split(command)
    assert program == "resnet-studio"
    with pytest.raises(Asked) as caught:
        call(arguments)
    return caught.value.wanted


def of(name: str, **changes: Any) -> ExperimentSpec:
    experiment = with_values(DEFAULT, {"network": preset(name).model_dump()})
    return with_values(experiment, {path.replace("__", "."): value for path, value in changes.items()})


def saved(path: Path, experiment: ExperimentSpec) -> Path:
    write_document(path, experiment_document(experiment))
    return path


@pytest.mark.parametrize("recipe", list(RECIPES))
@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_with_every_recipe_is_read_back(name: str, recipe: Any) -> None:
    experiment = with_recipe(of(name), recipe)
    command = train_command(experiment)
    assert asked(command).experiment == experiment
    # a preset is told by its name alone, a recipe by its own
    assert command.startswith(f"resnet-studio train {name}")
    fields = [word for word in shlex.split(command) if "=" in word and not word.startswith("network.num_classes=")]
    assert fields == ([] if recipe == "studio" else [f"training.recipe={recipe}"])


_NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(lambda name: name.strip())
_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "network.name": _NAMES.filter(str.isprintable),
        "network.norm_eps": st.floats(1e-9, 1),
        "data.source": _NAMES,
        "data.root": _NAMES | st.sampled_from(("/data", "/data/", "a//b", "-x", ".", "~/data")),
        "data.image_size": st.none() | st.tuples(st.integers(4, 64), st.integers(4, 64)),
        "data.channels": st.sampled_from((None, 1, 3)),
        "data.validation": st.sampled_from(("auto", "test", 0.25)),
        "data.mean": st.none() | st.lists(st.floats(0, 1), max_size=3),
        "data.augment.rotation": st.none() | st.floats(0, 180),
        "data.augment.pad_crop": st.none() | st.integers(0, 8),
        "training.epochs": st.integers(1, 1000),
        "training.batch_size": st.integers(1, 1000),
        "training.learning_rate": st.floats(1e-12, 100),
        "training.optimizer": st.sampled_from(("auto", "sgd", "adam", "adamw", "muon")),
        "training.gradient_clip": st.none() | st.floats(1e-3, 10),
        "training.milestones": st.lists(st.floats(1, 100), max_size=3),
        "training.decay_norm_and_bias": st.booleans(),
        "training.precision": st.sampled_from(("auto", "fp32", "bf16")),
        "training.device": st.sampled_from(("auto", "cpu", "cuda:1")),
        "training.channels_last": st.none() | st.booleans(),
        "training.seed": st.integers(0, 2**31 - 1),
    },
)


@st.composite
def experiments(draw: st.DrawFn) -> ExperimentSpec:
    network = draw(st.from_type(NetworkSpec) | st.sampled_from([entry.network for entry in presets().values()]))
    experiment = with_values(DEFAULT, {"network": network.model_dump()})
    return with_values(with_recipe(experiment, draw(st.sampled_from(list(RECIPES)))), draw(_CHANGES))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(experiment=experiments())
def test_any_experiment_is_read_back(experiment: ExperimentSpec) -> None:
    command = train_command(experiment)
    read = asked(command)
    assert read.experiment == experiment
    assert "\n" not in command or any("\n" in str(value) for value in (experiment.data.source, experiment.data.root))
    if read.shape_is_given:
        assert read.fits_data
        assert read.classes_are_given or experiment.network.num_classes is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(experiment=experiments(), before=experiments())
def test_any_document_is_read_back_or_told_from_a_preset(
    tmp_path: Path, experiment: ExperimentSpec, before: ExperimentSpec
) -> None:
    # a design that is not in its file, a network without its training, a file that tells all
    for document in (
        experiment_document(before),
        network_document(experiment.network),
        experiment_document(experiment),
    ):
        path = tmp_path / "my design.json"
        write_document(path, document)
        command = train_command(experiment, path=path)
        assert asked(command).experiment == experiment
    assert command == f"resnet-studio train {shlex.quote(str(path))}"


@pytest.mark.parametrize(
    "name", ["true", "null", "NaN ", "inf", "3", "-1", "1e5", "_1", '"a"', "[1]", "{}", "a=b", "$HOME", "`x`", "'"]
)
def test_a_name_stays_a_name(name: str) -> None:
    experiment = of("resnet18", network__name=name)
    assert asked(train_command(experiment)).experiment.network.name == name


@pytest.mark.parametrize("folder", ["-x", "--epochs", "-", "--", "a//b", "", " "])
def test_a_folder_stays_a_folder(folder: str) -> None:
    experiment = of("resnet18", data__source=folder or "'", data__root=folder or '"')
    assert asked(train_command(experiment)).experiment == experiment


def test_options_of_their_own_come_first_and_the_rest_in_the_order_of_the_fields() -> None:
    experiment = with_recipe(of("resnet34", data__source="my photos", network__dropout=0.5), "d2l")
    experiment = with_values(
        experiment,
        {
            "network.block_sizes": (3, 3, 9, 3),
            "network.stem.pool": False,
            "data.augment.mixup": 0.2,
            "training.learning_rate": 0.05,
            "training.momentum": 0.5,
        },
    )
    assert train_command(experiment) == (
        "resnet-studio train resnet34 --data 'my photos' --input-shape 3,224,224 --lr 0.05"
        " --set training.recipe=d2l --set network.num_classes=1000 --set 'network.block_sizes=[3,3,9,3]'"
        " --set network.stem.pool=false --set network.dropout=0.5 --set data.augment.mixup=0.2"
        " --set training.momentum=0.5"
    )


def test_a_stem_is_one_value_where_more_than_one_field_differs() -> None:
    stem = {"kernel_size": 3, "stride": 1, "pool": False}
    assert """--set 'network.stem={"kernel_size":3,"stride":1,"pool":false}'""" in train_command(
        of("resnet18", network__stem=stem)
    )
    assert "--set network.stem=null" in train_command(of("resnet18", network__stem=None))


def test_the_default_design_on_its_own_data_is_its_name() -> None:
    assert train_command(DEFAULT) == "resnet-studio train digits_resnet8"
    assert (
        train_command(with_values(DEFAULT, {"training.epochs": 3})) == "resnet-studio train digits_resnet8 --epochs 3"
    )


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"format": "resnet-studio/network", "version": 9}'])
def test_a_file_that_says_nothing_is_not_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "design.json"
    if content is not None:
        path.write_bytes(content)
    assert train_command(DEFAULT, path=path) == "resnet-studio train digits_resnet8"


def test_a_file_that_holds_another_design_is_not_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "design.json", DEFAULT)
    edited = with_values(DEFAULT, {"network.dropout": 0.5})
    assert str(path) not in train_command(edited, path=path)
    # what is said of data and training goes over the file's
    assert train_command(with_values(DEFAULT, {"training.epochs": 3}), path=path).endswith(f"{path} --epochs 3")


def test_a_file_is_named_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # as it stands, the name would be a preset's
    path = saved(Path("resnet18"), DEFAULT)
    assert train_command(DEFAULT, path=path) == f"resnet-studio train {tmp_path / 'resnet18'}"


@pytest.mark.parametrize(
    "experiment",
    [
        DEFAULT,
        of("digits_resnet8", data__image_size=(16, 16)),
        of("digits_resnet8", data__channels=3),
        of("digits_resnet8", network__input_shape=(3, 12, 10)),
        of("cifar_resnet20"),
        with_recipe(of("cifar_resnet20"), "d2l"),
        # refused in the window, so here too
        of("digits_resnet8", network__num_classes=11),
        of("digits_resnet8", network__num_classes=None),
        of("athena_basic", network__num_classes=1000),
    ],
    ids=lambda experiment: experiment.network.name,
)
@pytest.mark.parametrize("from_file", [False, True])
def test_the_run_is_the_one_that_the_window_would_start(
    tmp_path: Path, experiment: ExperimentSpec, from_file: bool
) -> None:
    path = saved(tmp_path / "design.json", experiment) if from_file else None
    read = asked(train_command(experiment, path=path))
    try:
        resolved, _ = prepare(experiment)
    except StudioError:
        with pytest.raises(StudioError):
            PREPARED(read, Json(LoadingBar()), Control())
    else:
        assert PREPARED(read, Json(LoadingBar()), Control())[0] == resolved
