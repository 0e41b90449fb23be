"""CIFAR, SVHN and STL-10, read by torchvision itself from the files it has downloaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from resnet_studio.data.catalogue import ENTRIES
from resnet_studio.data.images import Images
from resnet_studio.data.source import TEST, TRAIN, Part, Source, catalogued
from resnet_studio.spec.errors import StudioError

CLASSES = {"cifar10": "CIFAR10", "cifar100": "CIFAR100", "svhn": "SVHN", "stl10": "STL10"}
"""The names of torchvision's classes."""


def torchvision_set(name: str, root: Path) -> Source:
    """Return `cifar10`, `cifar100`, `svhn` or `stl10`, whose checksums torchvision verifies.

    Args:
        name: of the catalogue.
        root: the folder in which torchvision keeps its data sets.

    Raises:
        StudioError: files are missing or damaged, or a package is that reads them.
    """
    # only here, for it takes a second to import
    from torchvision import datasets

    opened = getattr(datasets, CLASSES[name])
    sets = {part: _opened(opened, name, root, part) for part in (TRAIN, TEST)}
    return catalogued(
        name, {part: _part(one) for part, one in sets.items()}, tuple(getattr(sets[TRAIN], "classes", ()))
    )


def _opened(opened: Callable[..., Any], name: str, root: Path, part: str) -> Any:
    split = {"split": part} if name in {"svhn", "stl10"} else {"train": part == TRAIN}
    title = ENTRIES[name].title
    try:
        return opened(root, **split)
    except RuntimeError:
        # torchvision's way to say that files are not there or have another checksum
        raise StudioError(
            f"{title} is not in {root}, or its files are damaged; "
            f"download it there with torchvision.datasets.{CLASSES[name]}(root, download=True), "
            "or let data.root name the folder that has it."
        ) from None
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        raise StudioError(f"{title} can't be read without {package}; pip install {package} brings it.") from None
    except OSError as error:
        raise StudioError(f"{title} can't be read from {root}: {error.strerror or error}.") from None


def _part(one: Any) -> Part:
    labels = getattr(one, "targets", None)
    return Part.of_array(_channels_last(one.data), np.asarray(one.labels if labels is None else labels, np.int64))


def _channels_last(images: Images) -> Images:
    """Return (N, H, W, C) of (N, C, H, W), which torchvision uses for two of the four."""
    return np.ascontiguousarray(images.transpose(0, 2, 3, 1) if images.shape[1] == 3 else images)
