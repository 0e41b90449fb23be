"""One arm of `bench data`, in a process of its own: `python -m resnet_studio.bench.data_arm ARM FOLDER`.

Every arm prints its figures as a JSON object, images per second or seconds. `FOLDER` has the photographs; the studio's
home is where `RESNET_STUDIO_HOME` says, and has them decoded already where the first decode is not what is measured.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # what is imported is part of what is measured
    from torch import Tensor

    from resnet_studio.data.feed.batches import Batches
    from resnet_studio.data.images import ImageSet, Split
    from resnet_studio.spec.data import AugmentSpec

SECONDS = 1.0
"""How long batches are counted."""
WORKERS = (0, 2)


def loaded(folder: Path) -> "ImageSet":
    """Return the photographs in one size, from the studio's store or decoded into it."""
    from resnet_studio.bench.data_work import LARGE, LARGE_AUGMENT
    from resnet_studio.data.load import load
    from resnet_studio.spec.data import DataSpec

    return load(DataSpec(source=str(folder), image_size=(LARGE, LARGE), channels=3, augment=LARGE_AUGMENT))


def small_batches() -> "Batches":
    """Return the studio's batches of the small images."""
    import numpy as np

    from resnet_studio.bench.data_work import SMALL_AUGMENT, SMALL_IMAGES, small_images
    from resnet_studio.data.images import Split

    return _batches(Split(small_images(), np.zeros(SMALL_IMAGES, np.int64)), SMALL_AUGMENT)


def large_batches(folder: Path) -> "Batches":
    """Return the studio's batches of the photographs to train on."""
    images = loaded(folder)
    return _batches(images.train, images.spec.augment)


def _batches(split: "Split", augment: "AugmentSpec") -> "Batches":
    import torch

    from resnet_studio.bench.data_work import MEAN, STD
    from resnet_studio.data.feed.batches import Batches

    return Batches(split, mean=MEAN, std=STD, device=torch.device("cpu"), augment=augment)


def rate(epoch: Callable[[int], Iterable[tuple["Tensor", Any]]]) -> float:
    """Return images per second of as many epochs as it takes, counted from the end of the first batch on."""
    begin, images = 0.0, 0
    for number in count():
        for batch, _ in epoch(number):
            now = time.perf_counter()
            if not begin:
                begin = now
                continue
            images += len(batch)
            if now - begin >= SECONDS:
                return images / (now - begin)
    raise AssertionError


def second_start(folder: Path) -> dict[str, float]:
    """Return the seconds from torch's import, and from the studio's own, to the first batch."""
    import torch  # noqa: F401 - what is measured comes after it

    begin = time.perf_counter()
    from resnet_studio.bench.data_work import LARGE, LARGE_BATCH

    for module in ("feed.batches", "load"):
        import_module(f"resnet_studio.data.{module}")
    imported = time.perf_counter()
    images, _ = next(iter(large_batches(folder).epoch(0, LARGE_BATCH)))
    end = time.perf_counter()
    if images.shape[1:] != (3, LARGE, LARGE):
        raise RuntimeError(f"the first batch is {tuple(images.shape)}")
    return {"second start": end - imported, "second start and imports": end - begin}


def studio_small() -> dict[str, float]:
    """Return the studio's rate of small images."""
    from resnet_studio.bench.data_work import SMALL_BATCH

    batches = small_batches()
    return {"studio, small": rate(lambda number: batches.epoch(number, SMALL_BATCH))}


def studio_large(folder: Path) -> dict[str, float]:
    """Return the studio's rate of photographs, decoded already."""
    from resnet_studio.bench.data_work import LARGE_BATCH

    batches = large_batches(folder)
    return {"studio, large": rate(lambda number: batches.epoch(number, LARGE_BATCH))}


def loader_small(workers: int) -> dict[str, float]:
    """Return the DataLoader's rate of small images."""
    from resnet_studio.bench.data_loaders import small_loader

    loader = small_loader(workers)
    return {f"loader, small, {workers}": rate(lambda _: loader)}


def loader_large(folder: Path, workers: int) -> dict[str, float]:
    """Return the DataLoader's rate of photographs that it decodes each time."""
    from resnet_studio.bench.data_loaders import large_loader

    loader = large_loader(part_folders(folder)[0], workers)
    return {f"loader, large, {workers}": rate(lambda _: loader)}


def loader_cached(folder: Path, workers: int) -> dict[str, float]:
    """Return the DataLoader's rate of photographs from the array that the studio decoded them to."""
    from resnet_studio.bench.data_loaders import cached_loader

    loader = cached_loader(loaded(folder).train.images, workers)
    return {f"loader, cached, {workers}": rate(lambda _: loader)}


def studio_decode(folder: Path) -> dict[str, float]:
    """Return the seconds that the studio takes to decode the photographs into an empty store."""
    import_module("resnet_studio.data.load")
    with tempfile.TemporaryDirectory() as home:
        os.environ["RESNET_STUDIO_HOME"] = home
        begin = time.perf_counter()
        loaded(folder)
        return {"studio, decode": time.perf_counter() - begin}


def loader_decode(folder: Path, workers: int = 2) -> dict[str, float]:
    """Return the seconds of a DataLoader's pass over the photographs, from its start with its workers'."""
    from resnet_studio.bench.data_loaders import decoding_loader

    folders = part_folders(folder)
    begin = time.perf_counter()
    for _ in decoding_loader(folders, workers):
        pass
    return {"loader, decode": time.perf_counter() - begin}


def part_folders(folder: Path) -> list[Path]:
    """Return the folders of class folders, that to train on first."""
    from resnet_studio.data.sources.survey import survey
    from resnet_studio.data.watch import Watch

    return [folder / part for part in survey(folder, Watch()).folders.values()]


def arms(folder: Path) -> dict[str, Callable[[], dict[str, float]]]:
    """Return every arm by its name."""
    found: dict[str, Callable[[], dict[str, float]]] = {
        "second start": partial(second_start, folder),
        "studio, small": studio_small,
        "studio, large": partial(studio_large, folder),
        "studio, decode": partial(studio_decode, folder),
        "loader, decode": partial(loader_decode, folder),
    }
    for workers in WORKERS:
        found[f"loader, small, {workers}"] = partial(loader_small, workers)
        found[f"loader, large, {workers}"] = partial(loader_large, folder, workers)
        found[f"loader, cached, {workers}"] = partial(loader_cached, folder, workers)
    return found


if __name__ == "__main__":
    print(json.dumps(arms(Path(sys.argv[2]))[sys.argv[1]]()))
