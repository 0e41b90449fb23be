"""Training from the command line: what is printed, what is made, what is refused."""

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from resnet_studio.cli.forecasting import tell_forecast, told_seconds
from resnet_studio.runs.events import RunEnded
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.home import runs_folder
from resnet_studio.training import forecast as forecast_module
from resnet_studio.training.device import no_gpu_reason
from resnet_studio.training.forecast import Forecast

if TYPE_CHECKING:
    from tests.cli.conftest import Command

DIGITS = ("train", "digits_resnet8", "--epochs", "1", "--batch-size", "128")


def written(path: Path, **fields: Any) -> Path:
    kind = "experiment" if {"data", "training"} & fields.keys() else "network"
    path.write_text(json.dumps({"format": f"resnet-studio/{kind}", "version": 1} | fields))
    return path


def test_lines_for_a_log_and_the_folder_last(command: "Command", tmp_path: Path) -> None:
    outcome = command(*DIGITS, "--output", tmp_path)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "77,754 parameters on cpu in fp32, 10 steps an epoch"
    assert any(line.startswith("epoch 1/1: training loss ") for line in lines)
    assert lines[-2].startswith("test accuracy ")
    assert lines[-2].endswith(" % of 359 images (step-10)")
    folder = Path(lines[-1])
    assert folder.parent == tmp_path
    ended = fold(RunFolder.open(folder).events()).ended
    assert isinstance(ended, RunEnded)
    assert ended.reason == "finished"


def test_json_prints_the_events_and_nothing_else(command: "Command", tmp_path: Path) -> None:
    outcome = command(*DIGITS, "--output", tmp_path, "--json")
    assert outcome.code == 0
    (folder,) = tmp_path.iterdir()
    assert outcome.out == (folder / "events.jsonl").read_text()
    assert json.loads(outcome.out.splitlines()[0])["type"] == "run_started"
    assert outcome.sentence == str(folder)


def test_without_a_place_the_run_is_made_in_the_studios(command: "Command") -> None:
    folder = Path(command(*DIGITS).out.splitlines()[-1])
    assert folder.parent == runs_folder()


def test_every_flag_reaches_its_field(command: "Command", tmp_path: Path) -> None:
    flags = ["--batch-size", "64", "--lr", "0.05", "--device", "cpu", "--precision", "fp32", "--seed", "5"]
    outcome = command(*DIGITS, *flags, "--set", "training.momentum=0.5", "--output", tmp_path)
    assert outcome.code == 0
    experiment = RunFolder.open(Path(outcome.out.splitlines()[-1])).experiment()
    training = experiment.training
    assert (training.epochs, training.batch_size, training.learning_rate, training.seed) == (1, 64, 0.05, 5)
    assert (training.device, training.precision, training.momentum) == ("cpu", "fp32", 0.5)
    assert experiment.data.source == "digits"


def test_a_preset_fits_itself_to_the_images(command: "Command", tmp_path: Path, photographs: Path) -> None:
    flags = ["--data", photographs, "--epochs", "1", "--output", tmp_path / "runs"]
    outcome = command("train", "digits_resnet8", *flags)
    assert outcome.code == 0, outcome.err
    network = RunFolder.open(Path(outcome.out.splitlines()[-1])).experiment().network
    assert (network.input_shape[0], network.num_classes) == (3, 2)


def test_an_input_shape_is_what_the_images_are_made_to(command: "Command", tmp_path: Path, photographs: Path) -> None:
    flags = ["--data", photographs, "--input-shape", "1,16,20", "--epochs", "1", "--output", tmp_path / "runs"]
    outcome = command("train", "digits_resnet8", *flags)
    assert outcome.code == 0, outcome.err
    experiment = RunFolder.open(Path(outcome.out.splitlines()[-1])).experiment()
    assert experiment.network.input_shape == (1, 16, 20)
    assert (experiment.data.channels, experiment.data.image_size) == (1, (16, 20))


def test_a_network_from_a_file_is_taken_as_written(command: "Command", tmp_path: Path, photographs: Path) -> None:
    network = {"input_shape": [3, 12, 12], "num_classes": 2, "block_sizes": [1], "channels": 8, "name": "mine"}
    path = written(tmp_path / "mine.json", **network)
    outcome = command("train", path, "--data", photographs, "--epochs", "1", "--output", tmp_path / "runs")
    assert outcome.code == 0, outcome.err
    experiment = RunFolder.open(Path(outcome.out.splitlines()[-1])).experiment()
    assert (experiment.network.name, experiment.network.input_shape) == ("mine", (3, 12, 12))
    assert experiment.data.image_size == (12, 12)


def test_a_class_count_that_does_not_match_is_an_error_before_anything_starts(
    command: "Command", tmp_path: Path, photographs: Path
) -> None:
    path = written(tmp_path / "mine.json", input_shape=[3, 12, 12], num_classes=5, block_sizes=[1], channels=8)
    runs = tmp_path / "runs"
    outcome = command("train", path, "--data", photographs, "--output", runs)
    assert (outcome.code, outcome.out) == (1, "")
    assert "5 classes, but photographs has 2" in outcome.sentence
    outcome = command(*DIGITS, "--set", "network.num_classes=7", "--output", runs)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.sentence.startswith("network.num_classes: 7 was asked for, but ")
    assert not runs.exists()


def test_a_run_goes_on_where_it_is_prolonged(command: "Command", tmp_path: Path) -> None:
    folder = command(*DIGITS, "--output", tmp_path).out.splitlines()[-1]
    outcome = command("resume", folder, "--epochs", "2")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[0] == "going on from step 10"
    assert outcome.out.splitlines()[-1] == folder
    assert [epoch.epoch for epoch in fold(RunFolder.open(Path(folder)).events()).epochs] == [1, 2]


def test_resuming_prints_events_as_json(command: "Command", tmp_path: Path) -> None:
    folder = command(*DIGITS, "--output", tmp_path).out.splitlines()[-1]
    outcome = command("resume", folder, "--epochs", "2", "--json")
    assert outcome.code == 0
    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert events[0] | {"time": 0} == {"type": "resumed", "time": 0, "step": 10, "from_step": 10}
    assert events[-1]["type"] == "run_ended"


def test_a_new_run_goes_on_from_a_checkpoint_of_another(command: "Command", trained: Path, tmp_path: Path) -> None:
    before = (trained / "events.jsonl").read_bytes()
    outcome = command("resume", trained, "--from", "step-10", "--epochs", "3", "--output", tmp_path)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0] == "going on from step 10"
    assert f"Goes on from step-10 of {trained}." in lines
    new = RunFolder.open(Path(lines[-1]))
    assert new.path.parent == tmp_path
    assert new.environment()["parent"]["step"] == 10
    assert [epoch.epoch for epoch in fold(new.events()).epochs] == [2, 3]
    assert (trained / "events.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--output", "x"], 2, "--output is where a new run is made; give --from, or leave it out."),
        (["--from", "step-9"], 1, "{run} has no checkpoint step-9; there are those of the steps 10, 20."),
    ],
)
def test_what_no_run_can_begin_from(
    command: "Command", trained: Path, arguments: list[str], code: int, sentence: str
) -> None:
    outcome = command("resume", trained, *arguments)
    assert (outcome.code, outcome.sentence) == (code, sentence.format(run=trained))


def test_a_finished_run_has_nothing_to_go_on_with(command: "Command", trained: Path) -> None:
    before = (trained / "events.jsonl").read_bytes()
    outcome = command("resume", trained)
    assert (outcome.code, outcome.out) == (1, "")
    assert "is finished after 2 epochs; give --epochs more than that" in outcome.sentence
    assert (trained / "events.jsonl").read_bytes() == before


def test_a_run_is_not_prolonged_to_nonsense(command: "Command", trained: Path) -> None:
    outcome = command("resume", trained, "--epochs", "0")
    assert (outcome.code, outcome.out, outcome.sentence) == (
        2,
        "",
        "training.epochs: 0 is less than 1; take 1 to 100,000.",
    )


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A folder of everything that is wrong."""
    root = tmp_path / "bad"
    for folder in ("empty", "no_images/cats", "no_images/dogs", "one_class/cats", "damaged/cats", "damaged/dogs"):
        (root / folder).mkdir(parents=True)
    (root / "no_images" / "cats" / "readme.txt").write_text("no image")
    pixels = np.zeros((8, 8, 3), np.uint8)
    from PIL import Image

    for folder in ("no_images/dogs", "one_class/cats", "damaged/cats", "damaged/dogs"):
        for number in range(4):
            Image.fromarray(pixels).save(root / folder / f"{number}.png")
    for file in (root / "damaged" / "cats").iterdir():
        file.write_bytes(file.read_bytes()[:40])
    (root / "file").write_text("not ours")
    (root / "list.json").write_text('{"layers": [1, 2]}')
    written(root / "newer.json", version=9)
    written(root / "identity.json", shortcut="identity")
    written(root / "huge.json", channels=65_536, block_sizes=[10_000], block_type="bottleneck", expansion=64)
    written(root / "zero.json", training={"epochs": 0})
    return root


BAD = [
    (["resnet51"], 1, "There is no preset 'resnet51'; did you mean resnet50"),
    (["{bad}/missing.json"], 1, "There is no file {bad}/missing.json; check the name."),
    (["{bad}/empty"], 1, "{bad}/empty is a folder; name a JSON file of a network or an experiment."),
    (["{bad}/file"], 1, "{bad}/file is no JSON: line 1, column 1"),
    (["{bad}/list.json"], 1, "{bad}/list.json is no document of the studio"),
    (["{bad}/newer.json"], 1, "{bad}/newer.json was written by a newer studio"),
    (["{bad}/zero.json"], 1, "{bad}/zero.json: training.epochs: 0 is less than 1; take 1 to 100,000."),
    (["{bad}/identity.json"], 1, "network can't be built: stage 2, block 1: main path 128x28x28, shortcut 64x56x56"),
    (["{bad}/huge.json"], 1, "network can't be built: 5,884,200,210,465,768 parameters need 64,219.8 TiB"),
    (["digits_resnet8", "--epochs", "0"], 2, "training.epochs: 0 is less than 1; take 1 to 100,000."),
    (["digits_resnet8", "--epochs", "-3"], 2, "training.epochs: -3 is less than 1; take 1 to 100,000."),
    (["digits_resnet8", "--epochs", "many"], 2, "training.epochs: 'many' is not a whole number; take 1 to 100,000."),
    (["digits_resnet8", "--seed", "1.5"], 2, "training.seed: 1.5 is not a whole number; take 0 to 2,147,483,647."),
    (["digits_resnet8", "--lr", "nan"], 2, "training.learning_rate: nan is no finite number; take more than 0 to 100."),
    (
        ["digits_resnet8", "--batch-size", "99999999"],
        2,
        "training.batch_size: 99999999 is more than 65,536; take 1 to 65,536.",
    ),
    (["digits_resnet8", "--device", "gpu"], 2, "training.device: 'gpu' is none of auto, cpu, cuda, cuda:N or mps."),
    (["digits_resnet8", "--precision", "int8"], 2, "training.precision: 'int8' is none of"),
    (["digits_resnet8", "--input-shape", "3,0,3"], 2, "network.input_shape.1: 0 is less than 1; take 1 to 65,536."),
    (["digits_resnet8", "--input-shape", "3x32x32"], 2, "--input-shape: '3x32x32' is not C,H,W"),
    (["digits_resnet8", "--set", "training.epoch=3"], 2, "training.epoch: there is no such field."),
    (["digits_resnet8", "--set", "training.epochs"], 2, "--set: 'training.epochs' is not PATH=VALUE"),
    (["digits_resnet8", "--set", "training.ema_decay=1"], 2, "training.ema_decay: 1 is not less than 1"),
    (["digits_resnet8", "--epoch", "3"], 2, "No such option: --epoch"),
    (["digits_resnet8", "more"], 2, "Got unexpected extra argument"),
    ([], 2, "Missing argument 'NETWORK or EXPERIMENT'; `resnet-studio train --help` says more."),
    (["digits_resnet8", "--data", "{bad}/missing"], 1, "There is no folder and no file {bad}/missing"),
    (["digits_resnet8", "--data", "minst"], 1, "There is no data set and no folder 'minst'; did you mean mnist"),
    (["digits_resnet8", "--data", "{bad}/file"], 1, "{bad}/file is neither a folder of images nor an .npz file"),
    (["digits_resnet8", "--data", ""], 2, "data.source: '' is not some text"),
    (["digits_resnet8", "--data", "~nobody-has-this-name/cats"], 1, "/~nobody-has-this-name/cats; check data.source."),
    (["digits_resnet8", "--data", "x" * 3000], 1, "can't be opened: File name too long."),
    (["digits_resnet8", "--data", "{bad}/empty"], 1, "{bad}/empty"),
    (
        ["digits_resnet8", "--data", "{bad}/no_images"],
        1,
        "{bad}/no_images has one class only, dogs (cats has no images)",
    ),
    (["digits_resnet8", "--data", "{bad}/one_class"], 1, "{bad}/one_class"),
    (
        ["digits_resnet8", "--data", "{bad}/damaged"],
        1,
        "None of the 4 training images of the class cats can be used: cats/",
    ),
    (["digits_resnet8", "--data", "mnist", "--data-root", "{bad}/empty"], 1, "MNIST"),
    (["d2l_residual_block"], 1, "d2l_residual_block"),
    (["digits_resnet8", "--output", "{bad}/file"], 1, "{bad}/file is a file; name a folder for the runs."),
    (["digits_resnet8", "--output", "/dev/null/runs"], 1, "No run can be made in /dev/null/runs: Not a directory."),
]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"), BAD, ids=[" ".join(case[0])[:99] or "nothing" for case in BAD]
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    command: "Command", bad: Path, arguments: list[str], code: int, sentence: str
) -> None:
    def everything() -> dict[Path, bytes | None]:
        return {path: path.read_bytes() if path.is_file() else None for path in bad.rglob("*")}

    before = everything()
    outcome = command("train", *[argument.format(bad=bad) for argument in arguments])
    assert (outcome.code, outcome.out) == (code, "")
    assert sentence.format(bad=bad) in outcome.sentence
    assert everything() == before
    assert not runs_folder().exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is read-only to an administrator")
def test_a_read_only_folder_is_named(command: "Command", tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    outcome = command(*DIGITS, "--output", folder)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.sentence == f"No run can be made in {folder}: Permission denied."


def test_a_folder_that_turns_read_only_is_named(
    command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, *_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    outcome = command(*DIGITS, "--output", tmp_path)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.sentence == f"No run can be made in {tmp_path}: Permission denied."


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["{tmp}"], 1, "{tmp} is no run: it has no experiment.json."),
        (["{tmp}/missing"], 1, "There is no folder {tmp}/missing; name the folder of a run."),
        ([], 2, "Missing argument 'RUN'; `resnet-studio resume --help` says more."),
    ],
)
def test_no_run_to_resume(command: "Command", tmp_path: Path, arguments: list[str], code: int, sentence: str) -> None:
    outcome = command("resume", *[argument.format(tmp=tmp_path) for argument in arguments])
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.sentence == sentence.format(tmp=tmp_path)


def test_what_it_will_take_is_said_before_it_begins_and_what_it_took_at_its_end(
    command: "Command", tmp_path: Path
) -> None:
    told = command(*DIGITS, "--output", tmp_path).told
    pattern = r"[\d.]+ s an epoch, [\d.]+ s in all(, [\d.]+ [MG]B of memory)?, ([\d.]+) MB on the disk\.\n"
    forecast, measured = (
        re.fullmatch(f"{word}: {pattern}", line) for word, line in zip(("Forecast", "Measured"), told[-2:], strict=True)
    )
    assert forecast is not None
    assert measured is not None
    assert forecast[2] == "2.5"
    assert 0 < float(measured[2]) < 2.5
    assert len(told) == 2 + bool(no_gpu_reason())
    assert not any("CPU" in line for line in command(*DIGITS, "--device", "cpu", "--output", tmp_path).told)


def test_the_forecast_says_that_compiling_comes_on_top(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Forecast(2.0, 1.0, 3.0, None, 10**6, is_compiled=True)
    monkeypatch.setattr(forecast_module, "forecast", lambda *_: found)
    images: Any = None
    assert tell_forecast(with_values(ExperimentSpec(), {"training.epochs": 20}), images, bool)
    words = "2 s an epoch, 44 s in all, 1.0 MB on the disk; compiling comes on top, a minute or more once."
    assert capsys.readouterr().err == f"Forecast: {words}\n"


def test_a_forecast_that_fails_leaves_the_run_to_say_how_it_goes_on(
    command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr("resnet_studio.training.update.training_loss", greedy)
    outcome = command(*DIGITS, "--output", tmp_path)
    assert outcome.code == 1
    assert outcome.told[-1].startswith("Forecast: none. The memory is too small: 2.1 GB more were needed")
    assert "--set training.batch_size=64 --set training.accumulate=2" in outcome.sentence


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.041, "0.041 s"), (1.26, "1.3 s"), (9.96, "10 s"), (245, "4 min 05 s"), (7800, "2 h 10 min")],
)
def test_times_are_told(seconds: float, words: str) -> None:
    assert told_seconds(seconds) == words
