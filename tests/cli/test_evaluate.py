"""Figures of runs and of weights that come alone."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resnet_studio.cli import run
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold

if TYPE_CHECKING:
    from tests.cli.conftest import Command


@pytest.fixture(scope="session")
def exported(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an export of the trained run."""
    folder = tmp_path_factory.mktemp("exported") / "digits"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RESNET_STUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        assert run(["export", str(trained), "--to", str(folder)]) == 0
    return folder


def test_a_run_gives_the_number_it_ended_with(command: "Command", trained: Path) -> None:
    ended = fold(RunFolder.open(trained).events()).ended
    assert ended is not None
    outcome = command("evaluate", trained, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    figures = outcome.json
    assert {"accuracy", "top5_accuracy", "loss", "samples", "split", "checkpoint", "classes"} <= set(figures)
    assert figures["accuracy"] == ended.test_accuracy
    assert (figures["split"], figures["checkpoint"], figures["samples"]) == ("test", ended.checkpoint, 359)
    assert [each["name"] for each in figures["classes"]] == list("0123456789")
    assert set(figures["classes"][0]) == {"name", "precision", "recall", "f1", "samples"}
    assert sum(each["samples"] for each in figures["classes"]) == 359


def test_lines_for_a_reader(command: "Command", trained: Path) -> None:
    lines = command("evaluate", trained).out.splitlines()
    assert lines[0].startswith("test accuracy ")
    assert [line.partition(": ")[0] for line in lines[1:3]] == [
        "The source has no test images of its own",
        "144 of the training images, 0.1 of each class, were held out to validate with seed 0.",
    ]
    assert lines[3].split() == ["class", "precision", "recall", "F1", "images"]
    assert len(lines) == 14


@pytest.mark.parametrize(("split", "samples"), [("validation", 144), ("train", 1294)])
def test_another_split(command: "Command", trained: Path, split: str, samples: int) -> None:
    figures = command("evaluate", trained, "--split", split, "--checkpoint", "last", "--json").json
    assert (figures["split"], figures["samples"]) == (split, samples)


def test_a_checkpoint_by_its_step(command: "Command", trained: Path) -> None:
    assert command("evaluate", trained, "--checkpoint", "10", "--json").json["checkpoint"] == "step-10"


@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_weights_of_an_export_know_their_network(command: "Command", trained: Path, exported: Path, kind: str) -> None:
    weights = exported / f"digits_resnet8.{kind}"
    alone = command("evaluate", weights, "--data", "digits", "--json").json
    run = command("evaluate", trained, "--json").json
    assert alone["accuracy"] == run["accuracy"]
    assert alone["checkpoint"] == weights.name


def test_weights_alone_need_their_network(command: "Command", exported: Path, tmp_path: Path) -> None:
    weights = tmp_path / "alone.safetensors"
    weights.write_bytes((exported / "digits_resnet8.safetensors").read_bytes())
    outcome = command("evaluate", weights, "--data", "digits")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.sentence.endswith("alone.safetensors belongs to is not known; name it with --network.")
    figures = command("evaluate", weights, "--data", "digits", "--network", exported / "network.json", "--json").json
    assert figures["samples"] == 359


def test_weights_of_another_network_are_refused(command: "Command", exported: Path) -> None:
    weights = exported / "digits_resnet8.pt"
    outcome = command("evaluate", weights, "--data", "digits", "--network", "cifar_resnet20")
    assert (outcome.code, outcome.out) == (1, "")
    assert "digits_resnet8.pt doesn't fit the network: " in outcome.sentence


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["{run}", "--split", "tset"], 2, "--split: 'tset' is none of test, validation, train."),
        (["{run}", "--checkpoint", "7"], 1, "{run} has no checkpoint 7; there are those of the steps 10, 20."),
        (["{run}", "--network", "resnet18"], 2, "--network is for weights that come alone; a run knows its own."),
        (["{run}", "--set", "training.epochs=3"], 2, "--set: training.epochs changes nothing of an evaluation; set "),
        (["{run}", "--set", "data.channels=7"], 2, "data.channels: 7 is none of 1 or 3; take 1, 3 or null."),
        (["{run}", "--data", "{run}/missing"], 1, "There is no folder and no file {run}/missing"),
        (["{run}/missing"], 1, "There is no run and no file of weights {run}/missing; check the name."),
        (["{run}/checkpoints"], 1, "{run}/checkpoints is no run: it has no experiment.json."),
        (["{run}/events.jsonl", "--data", "digits", "--network", "digits_resnet8"], 1, "{run}/events.jsonl holds no "),
        (["{run}/events.jsonl", "--checkpoint", "best"], 2, "--checkpoint is for runs; a file of weights is one "),
        (["{run}/events.jsonl"], 2, "Weights alone don't say what they are for; name the images with --data."),
    ],
)
def test_bad_input_is_one_sentence(
    command: "Command", trained: Path, arguments: list[str], code: int, sentence: str
) -> None:
    outcome = command("evaluate", *[argument.format(run=trained) for argument in arguments])
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.sentence.startswith(sentence.format(run=trained))


def test_data_of_other_classes_is_refused(command: "Command", trained: Path, photographs: Path) -> None:
    outcome = command("evaluate", trained, "--data", photographs)
    assert (outcome.code, outcome.out) == (1, "")
    assert "digits_resnet8 tells 10 classes apart, photographs has 2" in outcome.sentence
