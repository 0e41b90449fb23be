"""`train` on every kind of source: a run, its experiment with nothing left open, and the same figures again later."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from resnet_studio.data.load import load
from resnet_studio.runs.events import Evaluated, Notice
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.data import DataSpec

if TYPE_CHECKING:
    from tests.cli.conftest import Command

COUNTS = ("train", "validation", "test", "skipped")
STEM = {"channels": 4, "kernel_size": 3, "stride": 2, "pool": False}
TEST_VALIDATES = "The test images validate too, so that the test accuracy is not that of images never looked at."


def tiny(path: Path, shape: tuple[int, int, int], classes: int) -> Path:
    """Write a network that takes no time."""
    network = {"name": "tiny", "block_sizes": [1, 1], "channels": 4, "strides": [2, 2], "stem": STEM}
    document = {"format": "resnet-studio/network", "version": 1, "input_shape": shape, "num_classes": classes}
    path.write_text(json.dumps(document | network))
    return path


def folder_of(root: Path, counts: dict[str, int], side: int = 20) -> Path:
    """Make a folder of images of noise, a few of them wider than others."""
    random = np.random.default_rng(0)
    for name, count in counts.items():
        (root / name).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 256, (side, side + number % 3, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number:03}.png")
    return root


def medmnist(path: Path, *, channels: int, classes: int = 3) -> Path:
    """Write an `.npz` as MedMNIST's are: grey images (N, 28, 28), coloured (N, 28, 28, 3), labels uint8 (N, 1)."""
    random = np.random.default_rng(channels)
    shape = (28, 28) if channels == 1 else (28, 28, 3)
    arrays: dict[str, Any] = {}
    for part, count in (("train", 60), ("val", 12), ("test", 15)):
        arrays[f"{part}_images"] = random.integers(0, 256, (count, *shape), dtype=np.uint8)
        arrays[f"{part}_labels"] = (np.arange(count, dtype=np.uint8) % classes)[:, np.newaxis]
    np.savez_compressed(path, **arrays)
    return path


class Trained:
    """A run that the command line made, and what the checks of all sources look at."""

    def __init__(self, command: "Command", runs: Path, *arguments: str | Path) -> None:
        outcome = command("train", *arguments, "--epochs", "1", "--output", runs)
        assert (outcome.code, outcome.err) == (0, "")
        self.run = RunFolder.open(Path(outcome.out.splitlines()[-1]))
        self.out = outcome.out
        self.data = self.run.experiment().data
        self.known = self.run.environment()["data"]
        self.counts = tuple(self.known[key] for key in COUNTS)
        self.notices = [event.message for event in self.run.events() if isinstance(event, Notice)]

    @property
    def written(self) -> dict[str, Any]:
        """What the file of the experiment says of the data."""
        data: dict[str, Any] = json.loads((self.run.path / "experiment.json").read_text())["data"]
        return data

    @property
    def is_resolved(self) -> bool:
        """Whether that leaves nothing open but what null means something for."""
        open_ones = {key for key, value in self.written.items() if value is None} - {"root", "eval_size"}
        return not open_ones and None not in self.written["augment"].values()

    @property
    def tested(self) -> tuple[float, float]:
        """Accuracy and loss on the test images at the end of the run."""
        (event,) = [event for event in self.run.events() if isinstance(event, Evaluated)]
        return event.accuracy, event.loss

    def comes_out_again(self, command: "Command") -> None:
        """Evaluate later, with the decoded images gone: the same images give the same figures."""
        assert command("data", "caches", "--clear").code == 0
        figures = command("evaluate", self.run.path, "--json").json
        assert (figures["accuracy"], figures["loss"]) == self.tested
        assert figures["samples"] == self.known["test"]


def test_a_name_of_the_catalogue(command: "Command", tmp_path: Path) -> None:
    trained = Trained(command, tmp_path, "digits_resnet8", "--data", "digits")
    assert trained.counts == (1294, 144, 359, 0)
    assert trained.is_resolved
    trained.comes_out_again(command)


def test_a_folder_with_splits(command: "Command", tmp_path: Path) -> None:
    counts = {"train": 12, "val": 4, "test": 5}
    pets = folder_of(tmp_path / "pets", {f"{part}/{pet}": count for part, count in counts.items() for pet in "ab"})
    network = tiny(tmp_path / "tiny.json", (3, 16, 16), 2)
    trained = Trained(command, tmp_path / "runs", network, "--data", pets)
    assert trained.counts == (24, 8, 10, 0)
    assert trained.notices == []
    assert trained.is_resolved
    trained.comes_out_again(command)


def test_a_folder_without_splits_gets_seeded_ones_that_its_experiment_brings_back(
    command: "Command", tmp_path: Path
) -> None:
    pets = folder_of(tmp_path / "pets", {"ape": 20, "bee": 30})
    network = tiny(tmp_path / "tiny.json", (3, 16, 16), 2)
    trained = Trained(command, tmp_path / "runs", network, "--data", pets, "--set", "data.split_seed=3")
    assert trained.counts == (36, 4, 10, 0)
    assert [notice for notice in trained.notices if "with seed 3" in notice] == trained.notices
    assert len(trained.notices) == 2
    written = trained.written
    assert (written["source"], written["validation"], written["split_seed"]) == (str(pets), "auto", 3)
    assert trained.is_resolved
    trained.comes_out_again(command)
    # the experiment says which image is where, whoever reads it and when
    first, again = (load(trained.data) for _ in range(2))
    names = [set(split.names) for split in (first.train, first.validation, first.test)]
    assert [len(ones) for ones in names] == [36, 4, 10]
    assert len(set.union(*names)) == 50
    assert [set(split.names) for split in (again.train, again.validation, again.test)] == names
    other = load(DataSpec.model_validate(trained.data.model_dump() | {"split_seed": 4}))
    assert set(other.test.names) != names[2]


def test_a_folder_that_has_changed_since_is_told(command: "Command", tmp_path: Path) -> None:
    pets = folder_of(tmp_path / "pets", {"ape": 20, "bee": 30})
    network = tiny(tmp_path / "tiny.json", (3, 16, 16), 2)
    trained = Trained(command, tmp_path / "runs", network, "--data", pets)
    Image.new("RGB", (20, 20), "teal").save(pets / "ape" / "000 new.png")
    outcome = command("evaluate", trained.run.path)
    assert outcome.code == 0
    assert outcome.out.splitlines()[1] == (
        "pets has changed since the run began, so that images it was trained on may be among these."
    )
    outcome = command("resume", trained.run.path, "--epochs", "2")
    assert outcome.code == 1
    assert outcome.sentence.startswith("The images of pets are not those that ")


@pytest.mark.parametrize("channels", [1, 3])
def test_an_npz_in_medmnists_layout(command: "Command", tmp_path: Path, channels: int) -> None:
    path = medmnist(tmp_path / "cells.npz", channels=channels)
    trained = Trained(command, tmp_path / "runs", "digits_resnet8", "--data", path)
    assert trained.counts == (60, 12, 15, 0)
    network = trained.run.experiment().network
    assert (network.input_shape, network.num_classes) == ((channels, 28, 28), 3)
    # grey ones may be characters, which mean something else in a mirror
    assert trained.data.augment.horizontal_flip == (0.0 if channels == 1 else 0.5)
    assert trained.is_resolved
    trained.comes_out_again(command)


def test_an_npz_at_another_size_and_in_grey(command: "Command", tmp_path: Path) -> None:
    path = medmnist(tmp_path / "cells.npz", channels=3)
    trained = Trained(command, tmp_path / "runs", "digits_resnet8", "--data", path, "--input-shape", "1,20,16")
    assert (trained.data.channels, trained.data.image_size) == (1, (20, 16))
    trained.comes_out_again(command)


def test_test_images_that_validate_are_said_in_words(command: "Command", tmp_path: Path) -> None:
    path = medmnist(tmp_path / "cells.npz", channels=1)
    trained = Trained(command, tmp_path / "runs", "digits_resnet8", "--data", path, "--set", "data.validation=test")
    assert trained.counts == (60, 15, 15, 0)
    said = [TEST_VALIDATES, "The 12 validation images of the source are not used."]
    assert trained.notices == said
    assert trained.known["notes"] == said
    assert TEST_VALIDATES in trained.out.splitlines()
    assert command("evaluate", trained.run.path, "--json").json["notes"] == said
    assert command("evaluate", trained.run.path).out.splitlines()[1:3] == said


def test_evaluation_at_a_larger_size_than_training(command: "Command", tmp_path: Path) -> None:
    pets = folder_of(tmp_path / "pets", {"ape": 20, "bee": 30}, side=40)
    network = tiny(tmp_path / "tiny.json", (3, 22, 22), 2)
    trained = Trained(command, tmp_path / "runs", network, "--data", pets, "--set", "data.eval_size=[28,28]")
    assert (trained.data.image_size, trained.data.eval_size) == ((22, 22), (28, 28))
    trained.comes_out_again(command)
    smaller = command("evaluate", trained.run.path, "--set", "data.eval_size=null", "--json").json
    assert smaller["loss"] != trained.tested[1]


def test_fashion_mnist_as_torchvision_keeps_it(command: "Command", tmp_path: Path, data_root: Path) -> None:
    root = data_root / "fashion-mnist"
    if not root.is_dir():
        pytest.skip(f"no fashion-mnist in {data_root}")
    network = tiny(tmp_path / "tiny.json", (1, 28, 28), 10)
    where = ("--data", "fashion-mnist", "--data-root", root)
    trained = Trained(command, tmp_path / "runs", network, *where, "--batch-size", "8192")
    assert trained.counts == (54_000, 6_000, 10_000, 0)
    assert trained.data.mean == pytest.approx([0.286], abs=0.002)
    assert trained.data.std == pytest.approx([0.353], abs=0.002)
    assert trained.data.root == str(root)
    assert trained.is_resolved
    trained.comes_out_again(command)


def test_cifar10_joined_to_one_npz(command: "Command", tmp_path: Path, data_root: Path) -> None:
    join = data_root / "cifar10" / "join.py"
    if not join.is_file():
        pytest.skip(f"no cifar10/join.py in {data_root}")
    path = tmp_path / "cifar10.npz"
    subprocess.run([sys.executable, str(join), str(path)], check=True)
    network = tiny(tmp_path / "tiny.json", (3, 32, 32), 10)
    trained = Trained(command, tmp_path / "runs", network, "--data", path, "--batch-size", "8192")
    assert trained.counts == (45_000, 5_000, 10_000, 0)
    assert trained.data.mean == pytest.approx([0.4914, 0.4822, 0.4465], abs=0.002)
    assert trained.data.std == pytest.approx([0.2470, 0.2435, 0.2616], abs=0.002)
    trained.comes_out_again(command)


def test_photographs_in_a_process_of_its_own(tmp_path: Path, data_root: Path, studio_home: Path) -> None:
    if not (data_root / "clothing").is_dir():
        pytest.skip(f"no clothing in {data_root}")
    network = tiny(tmp_path / "tiny.json", (3, 32, 32), 10)
    command = ["train", network, "--data", data_root / "clothing", "--epochs", "1", "--output", tmp_path / "runs"]
    done = subprocess.run(
        [sys.executable, "-m", "resnet_studio", *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"RESNET_STUDIO_HOME": str(studio_home)},
    )
    assert done.returncode == 0
    words = ("Forecast: ", "Measured: ", "Training on the CPU: ")
    assert all(line.startswith(words) for line in done.stderr.splitlines())
    run = RunFolder.open(Path(done.stdout.splitlines()[-1]))
    assert [run.environment()["data"][key] for key in COUNTS] == [1100, 341, 372, 0]
    (entry,) = (studio_home / "cache" / "images").iterdir()
    assert np.load(entry / "train.npy", mmap_mode="r").shape == (1100, 32, 32, 3)


def test_it_learns_what_is_on_photographs(command: "Command", tmp_path: Path, data_root: Path) -> None:
    """Pants and shoes, 220 of them, with the default augmentation; four seeds came to 86 to 90 % of the test images."""
    clothing = data_root / "clothing"
    if not clothing.is_dir():
        pytest.skip(f"no clothing in {data_root}")
    for part in ("train", "validation", "test"):
        for name in ("pants", "shoes"):
            shutil.copytree(clothing / part / name, tmp_path / "pair" / part / name)
    flags = ("--input-shape", "3,32,32", "--epochs", "8", "--batch-size", "20", "--output", tmp_path / "runs")
    outcome = command("train", "digits_resnet8", "--data", tmp_path / "pair", *flags, "--json")
    assert outcome.code == 0
    ended = json.loads(outcome.out.splitlines()[-1])
    # 63 % of them are shoes
    assert ended["test_accuracy"] > 0.78
