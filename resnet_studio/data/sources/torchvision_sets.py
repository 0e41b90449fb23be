"""CIFAR, SVHN and STL-10, read from the files in which torchvision keeps them."""

from pathlib import Path
from typing import Any

import numpy as np

from resnet_studio.data.catalogue.checksum import require_sound
from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.catalogue.remote import REMOTES
from resnet_studio.data.images import Images, Labels
from resnet_studio.data.sources.source import TEST, TRAIN, Part, Source, catalogued
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError

_CIFAR = {"cifar10": "CIFAR10", "cifar100": "CIFAR100"}
"""The names of torchvision's classes."""


def torchvision_set(name: str, root: Path, watch: Watch) -> Source:
    """Return `cifar10`, `cifar100`, `svhn` or `stl10`, whose files are there.

    Args:
        name: of the catalogue.
        root: the folder in which torchvision keeps its data sets.
        watch: told how far the checksums are, which are looked at where the files are new.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        StudioError: files are damaged or can't be read.
    """
    try:
        if name in _CIFAR:
            return catalogued(name, {part: _cifar(name, root, part) for part in (TRAIN, TEST)})
        require_sound(name, root, watch)
        read = _svhn if name == "svhn" else _stl10
        return catalogued(name, {part: read(root, part) for part in (TRAIN, TEST)})
    except OSError as error:
        raise StudioError(f"{ENTRIES[name].title} can't be read from {root}: {error.strerror or error}.") from None


def _cifar(name: str, root: Path, part: str) -> Part:
    """Read pickles, which are programs: torchvision looks at their checksums each time, and reads no others."""
    # only here, for it takes a second to import
    from torchvision import datasets

    try:
        one: Any = getattr(datasets, _CIFAR[name])(root, train=part == TRAIN)
    except RuntimeError:
        # torchvision's way to say that a file has another checksum
        folder = root / Path(next(iter(REMOTES[name][0].gives))).parent
        raise StudioError(
            f"{ENTRIES[name].title} in {folder} is damaged; delete this folder, and it is downloaded anew."
        ) from None
    return Part.of_array(np.ascontiguousarray(one.data), np.asarray(one.targets, np.int64))


def _svhn(root: Path, part: str) -> Part:
    # only here: not everybody waits for it
    from scipy.io import loadmat

    content = loadmat(root / f"{part}_32x32.mat", variable_names=("X", "y"))
    # (H, W, C, N) there, and the digit 0 has the label 10
    images: Images = np.ascontiguousarray(content["X"].transpose(3, 0, 1, 2))
    labels: Labels = content["y"].reshape(-1).astype(np.int64) % 10
    return Part.of_array(images, labels)


def _stl10(root: Path, part: str) -> Part:
    side, folder = ENTRIES["stl10"].side, root / "stl10_binary"
    # mapped, so that there is one copy of them in memory: each is stored column by column, with labels from 1
    stored = np.memmap(folder / f"{part}_X.bin", np.uint8, "r").reshape(-1, 3, side, side)
    images: Images = np.ascontiguousarray(stored.transpose(0, 3, 2, 1))
    labels: Labels = np.fromfile(folder / f"{part}_y.bin", np.uint8).astype(np.int64) - 1
    return Part.of_array(images, labels)
