"""Data and recipes at their limits train all the same, or are refused before anything starts."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold

if TYPE_CHECKING:
    from tests.cli.conftest import Command

ALL_AT_FULL_STRENGTH: dict[str, Any] = {
    "pad_crop": 64,
    "random_resized_crop": 1,
    "horizontal_flip": 1,
    "rotation": 180,
    "translation": 1,
    "zoom": 0.9,
    "shear": 60,
    "color_jitter": 1,
    "hue": 0.5,
    "random_erasing": 1,
    "cutout": 64,
    "trivial_augment": 1,
    "rand_augment": 30,
    "rand_augment_ops": 14,
    "mixup": 10,
    "cutmix": 10,
}
ONE_EPOCH = ("train", "digits_resnet8", "--epochs", "1")


def sets(**values: Any) -> list[str]:
    return [word for path, value in values.items() for word in ("--set", f"{path.replace('__', '.')}={value}")]


def full_strength() -> list[str]:
    return sets(**{f"data__augment__{field}": value for field, value in ALL_AT_FULL_STRENGTH.items()})


def npz(path: Path, counts: dict[str, int], side: int, classes: int) -> Path:
    random = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    for part, count in counts.items():
        arrays[f"{part}_images"] = random.integers(0, 256, (count, side, side, 3), dtype=np.uint8)
        arrays[f"{part}_labels"] = np.arange(count) % classes
    np.savez(path, **arrays)
    return path


def trained(command: "Command", runs: Path, *arguments: str | Path) -> RunFolder:
    outcome = command(*ONE_EPOCH, *arguments, "--output", runs)
    assert (outcome.code, outcome.err) == (0, "")
    run = RunFolder.open(Path(outcome.out.splitlines()[-1]))
    (epoch,) = fold(run.events()).epochs
    assert np.isfinite([epoch.train_loss, epoch.val_loss]).all()
    return run


def test_every_augmentation_at_full_strength_on_tiny_grey_images(command: "Command", tmp_path: Path) -> None:
    trained(command, tmp_path, *full_strength())


def test_every_augmentation_at_full_strength_on_colour_photographs(command: "Command", tmp_path: Path) -> None:
    source = npz(tmp_path / "large.npz", {"train": 24, "val": 6, "test": 6}, 96, 3)
    trained(command, tmp_path / "runs", "--data", source, "--batch-size", "12", *full_strength())


def test_all_that_acts_on_labels_at_once(command: "Command", tmp_path: Path) -> None:
    wanted = sets(
        data__augment__mixup=0.4,
        data__augment__cutmix=1,
        training__label_smoothing=0.2,
    )
    balance = {field: sets(**{f"training__{field}": "balanced"}) for field in ("class_weights", "sampling")}
    for one in balance.values():
        trained(command, tmp_path, *wanted, *one)
    outcome = command(*ONE_EPOCH, *wanted, *balance["class_weights"], *balance["sampling"], "--output", tmp_path / "no")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.sentence.startswith("training.sampling: ")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("batch_size", [1, 27, 28, 29, 65_536])
def test_batches_around_the_size_of_the_set(command: "Command", tmp_path: Path, batch_size: int) -> None:
    source = npz(tmp_path / "small.npz", {"train": 28, "val": 5, "test": 5}, 16, 2)
    run = trained(command, tmp_path / "runs", "--data", source, "--batch-size", str(batch_size))
    started = fold(run.events()).started
    assert started is not None
    # a last batch that is short is left out, unless it is the only one
    assert started.steps_per_epoch == max(1, 28 // batch_size)


def test_a_thousand_classes_of_one_image_each(command: "Command", tmp_path: Path) -> None:
    source = npz(tmp_path / "many.npz", {"train": 1000, "val": 1000}, 8, 1000)
    run = trained(command, tmp_path / "runs", "--data", source, *sets(training__sampling="balanced"))
    assert run.experiment().network.num_classes == 1000
    alone = npz(tmp_path / "alone.npz", {"train": 1000}, 8, 1000)
    outcome = command(*ONE_EPOCH, "--data", alone, "--output", tmp_path / "none")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.sentence.startswith("1000 images in 1000 classes are too few to hold 20% of them out")
    assert command("data", "check", alone).code == 1
    assert not (tmp_path / "none").exists()


def test_an_image_size_that_no_disk_holds_is_refused_before_anything_is_decoded(
    command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    (tmp_path / "pets" / "ape").mkdir(parents=True)
    (tmp_path / "pets" / "bee").mkdir()
    for number in range(10):
        for name in ("ape", "bee"):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / "pets" / name / f"{number}.png")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=900_000_000))
    shape = ("--input-shape", "3,4096,4096", "--output", tmp_path / "runs")
    outcome = command(*ONE_EPOCH, "--data", tmp_path / "pets", *shape)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.sentence.startswith("The decoded images need 1.0 GB, ")
    assert outcome.sentence.endswith(" has 900.0 MB left; choose a smaller data.image_size or make room.")
    assert not (tmp_path / "runs").exists()
