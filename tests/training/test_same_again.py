"""The same seed gives the same run, however its images were decoded, kept and brought to the device."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from resnet_studio.data import arrange
from resnet_studio.data.decoding import workers
from resnet_studio.data.feed import batches
from resnet_studio.data.store import caches
from resnet_studio.data.store.entry import entries
from resnet_studio.runs.events import CheckpointSaved, EpochDone, Step, to_json
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.control import Control
from resnet_studio.training.loop import resume, train
from resnet_studio.training.prepare import prepare

Left = Callable[[RunFolder], tuple[Any, ...]]

EVERYTHING = {
    "data.augment.pad_crop": 2,
    "data.augment.random_resized_crop": 0.5,
    "data.augment.horizontal_flip": 0.5,
    "data.augment.rotation": 10.0,
    "data.augment.translation": 0.1,
    "data.augment.color_jitter": 0.2,
    "data.augment.random_erasing": 0.25,
    "data.augment.cutout": 3,
    "data.augment.trivial_augment": 0.5,
    "data.augment.rand_augment": 3.0,
    "data.augment.mixup": 0.2,
    "data.augment.cutmix": 1.0,
    "training.label_smoothing": 0.1,
    "training.sampling": "balanced",
}


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """A folder of photographs of a kind, of two classes that are far from even, of which one can't be read."""
    root, random = tmp_path / "pets", np.random.default_rng(0)
    for tone, (name, count) in enumerate({"ape": 90, "bee": 24}.items()):
        (root / name).mkdir(parents=True)
        for number in range(count):
            coarse = Image.fromarray(random.integers(80 * tone, 80 * tone + 150, (4, 5, 3), dtype=np.uint8))
            coarse.resize((50 - number % 7, 40)).save(root / name / f"{number:02}.jpg")
    (root / "ape" / "11.jpg").write_bytes((root / "ape" / "10.jpg").read_bytes()[:-200])
    return root


class Bench:
    """Trains on a folder from its files on, as the command line does."""

    def __init__(self, source: Path, runs: Path) -> None:
        self._source, self._runs = source, runs

    def new(self, **changes: Any) -> RunFolder:
        dotted = {path.replace("__", "."): value for path, value in changes.items()}
        quick = {
            "data.source": str(self._source),
            "data.image_size": (16, 16),
            "training.epochs": 2,
            "training.batch_size": 16,
            "training.log_every": 1,
            "training.device": "cpu",
        }
        resolved, _ = prepare(with_values(ExperimentSpec(), quick | EVERYTHING | dotted), fit_network=True)
        return RunFolder.create(self._runs, resolved)

    def trained(self, **changes: Any) -> RunFolder:
        run = self.new(**changes)
        list(train(run.experiment(), run, Control()))
        return run


@pytest.fixture
def bench(pets: Path, tmp_path: Path) -> Bench:
    return Bench(pets, tmp_path / "runs")


def stream(run: RunFolder) -> list[dict[str, Any]]:
    """All events of a run without their clocks."""
    clocks = {"time", "seconds", "images_per_second"}
    return [{key: value for key, value in to_json(event).items() if key not in clocks} for event in run.events()]


def test_the_same_seed_gives_the_same_events_and_weights_and_another_does_not(bench: Bench, left: Left) -> None:
    first, again = bench.trained(training__seed=5), bench.trained(training__seed=5)
    assert stream(again) == stream(first)
    assert left(again) == left(first)
    assert len([event for event in stream(first) if event["type"] == "step"]) == 10
    other = bench.trained(training__seed=6)
    assert left(other)[0] != left(first)[0]
    assert left(other)[3] != left(first)[3]


@pytest.mark.parametrize(
    ("count", "chunk", "as_processes"),
    [(1, 16, False), (3, 1, False), (4, 5, False), (2, 3, True)],
    ids=["one thread", "three threads", "four threads", "two processes"],
)
def test_whoever_decodes_changes_nothing(
    bench: Bench, left: Left, monkeypatch: pytest.MonkeyPatch, count: int, chunk: int, *, as_processes: bool
) -> None:
    first = bench.trained()
    caches.clear()
    monkeypatch.setattr(workers, "suited_workers", lambda: count)
    monkeypatch.setattr(workers, "CHUNK", chunk)
    monkeypatch.setattr(workers, "_MANY_FILES", 0 if as_processes else 10**9)
    again = bench.trained()
    assert left(again) == left(first)
    assert again.environment()["data"] == first.environment()["data"]
    assert again.environment()["data"]["skipped"] == 1


def test_images_from_the_cache_are_those_just_decoded(
    bench: Bench, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.trained()

    def decoded(*_: object, **__: object) -> None:
        raise AssertionError("decoded once more")

    monkeypatch.setattr(workers, "examined", decoded)
    assert left(bench.trained()) == left(first)


def test_images_that_travel_change_nothing(bench: Bench, left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the transfer itself, which needs a GPU."""
    first = bench.trained()
    travelled: list[int] = []

    def streamed(images: Tensor, ones: Iterable[NDArray[np.int64]], _device: torch.device) -> Iterator[Tensor]:
        for samples in ones:
            travelled.append(len(samples))
            yield images[torch.from_numpy(samples)]

    monkeypatch.setattr(batches, "fits", lambda _size, _device: False)
    monkeypatch.setattr(batches, "streamed", streamed)
    assert left(bench.trained()) == left(first)
    assert len(travelled) > 10


def test_images_taken_apart_in_the_store_are_those_taken_apart_in_memory(
    bench: Bench, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.trained()
    assert len(entries()) == 1
    monkeypatch.setattr(arrange, "COPIED_BYTES", 0)
    assert left(bench.trained()) == left(first)
    assert len(entries()) == 2


def test_a_run_killed_in_an_epoch_goes_on_with_the_same_bits(bench: Bench, left: Left) -> None:
    whole, killed = bench.trained(training__checkpoint_every=3), bench.new(training__checkpoint_every=3)
    events = train(killed.experiment(), killed, Control())
    for event in events:
        if isinstance(event, CheckpointSaved) and event.step == 3:
            break
    assert isinstance(next(events), EpochDone)
    assert isinstance(next(events), Step)
    events.close()
    # what was decoded is gone too, as on another machine
    caches.clear()
    list(resume(killed, Control()))
    assert left(killed) == left(whole)


@pytest.mark.parametrize("change", ["one image", "one byte", "a class"])
def test_images_that_changed_since_are_said_before_anything_resumes(bench: Bench, pets: Path, change: str) -> None:
    run = bench.new()
    events = train(run.experiment(), run, Control())
    while not isinstance(next(events), CheckpointSaved):
        pass
    events.close()
    image = pets / "bee" / "03.jpg"
    if change == "one image":
        Image.new("RGB", (50, 40)).save(image)
    elif change == "one byte":
        content = bytearray(image.read_bytes())
        content[len(content) // 2] ^= 1
        image.write_bytes(content)
    else:
        (pets / "bee").rename(pets / "bug")
    before = run.events_path.read_bytes()
    with pytest.raises(StudioError, match=r"The images of pets are not those that .* was trained on"):
        list(resume(run, Control()))
    assert run.events_path.read_bytes() == before
