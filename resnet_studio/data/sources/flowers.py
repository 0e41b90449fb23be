"""The Oxford flowers: photographs of differing size with a split of their own, as torchvision keeps them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from resnet_studio.data.catalogue.checksum import require_sound
from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.sources.source import TEST, TRAIN, VALIDATION, Part, Source, catalogued
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError

NAME = "flowers102"
_SPLITS = {TRAIN: "trnid", VALIDATION: "valid", TEST: "tstid"}
"""Which list in `setid.mat` holds the images of each part: 1,020, 1,020 and 6,149."""


def flowers102(root: Path, watch: Watch) -> Source:
    """Return the flowers, not decoded yet; their files are there.

    Args:
        root: the folder in which torchvision keeps its data sets.
        watch: told how far the checksums are, which are looked at where the files are new.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        StudioError: files are missing or damaged, or can't be read.
    """
    # only here: not everybody waits for it
    from scipy.io import loadmat

    require_sound(NAME, root, watch)
    folder = root / "flowers-102"
    try:
        labels = loadmat(folder / "imagelabels.mat", squeeze_me=True)["labels"]
        splits = loadmat(folder / "setid.mat", squeeze_me=True)
        with os.scandir(photographs(root)) as entries:
            found = {entry.name: (entry.stat().st_size, entry.stat().st_mtime_ns) for entry in entries}
    except OSError as error:
        raise StudioError(f"{ENTRIES[NAME].title} can't be read from {folder}: {error.strerror or error}.") from None
    parts = {part: _part(photographs(root), splits[key], labels, found) for part, key in _SPLITS.items()}
    return catalogued(NAME, parts, fingerprint(NAME, str(folder), sorted(found.items())))


def photographs(root: Path) -> Path:
    """Return the folder of the files below that in which torchvision keeps its data sets."""
    return root / "flowers-102" / "jpg"


def _part(folder: Path, numbers: Any, labels: Any, found: Mapping[str, tuple[int, int]]) -> Part:
    """Return the images of a part, by their numbers from 1."""
    names = tuple(f"image_{number:05d}.jpg" for number in numbers.tolist())
    missing = [name for name in names if name not in found]
    if missing:
        more = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
        raise StudioError(
            f"{missing[0]}{more} missing in {folder}; delete this folder, and the images are downloaded anew."
        )
    # classes are counted from 1 in the file
    classes = np.asarray(labels, np.int64)[np.asarray(numbers, np.int64) - 1] - 1
    return Part(classes, None, folder, names, sum(found[name][0] for name in names))
