"""An entry of the image store as it is found on the disk: its index, its pixels, and whether they are as written."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.images import Images
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.home import cache_folder

INDEX = "entry.json"
_FIELDS = {"source", "title", "identity", "decoding", "made", "parts"}
_BLOCK = 1 << 16
_CHECKED_BLOCKS = 256
_PIECE = 1 << 22

Missing = tuple[int, str]
"""Number of an image of a part that can't be used, and why."""


@dataclass(frozen=True)
class Stored:
    """What the store gives back."""

    parts: dict[str, Images]
    """Images of each part, (N, H, W, C), mapped from the file: read only what is needed, write nothing."""
    sha256: dict[str, str]
    """Checksum of each part's pixels."""
    missing: dict[str, tuple[Missing, ...]]
    """Images of each part that can't be used and have no place in `parts`."""


def images_folder() -> Path:
    """Return the folder that holds the decoded images."""
    return cache_folder() / "images"


def entries() -> list[Path]:
    """Return the folders of all entries, whole or not.

    Raises:
        StudioError: the disk doesn't tell.
    """
    folder = images_folder()
    try:
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(path for path in found if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise StudioError(
            f"{folder} can't be read: {error.strerror or error}; RESNET_STUDIO_HOME names another place."
        ) from None


def opened(folder: Path, shapes: Mapping[str, tuple[int, int, int, int]] | None = None) -> Stored | None:
    """Return the entry in a folder, or None where there is none or it isn't whole.

    Args:
        folder: of the entry.
        shapes: (N, H, W, C) that the parts must have, with those that can't be used; None: whatever they have.
    """
    parts: dict[str, Images] = {}
    sums: dict[str, str] = {}
    missing: dict[str, tuple[Missing, ...]] = {}
    try:
        index = read_index(folder)
        for name, told in index["parts"].items():
            images = mapped(folder / f"{name}.npy", none=0 in told["shape"])
            if images.dtype != np.uint8 or list(images.shape) != told["shape"]:
                return None
            if not _is_whole(images, folder / f"{name}.npy", told):
                return None
            parts[name], sums[name] = images, told["sha256"]
            missing[name] = tuple((number, reason) for number, reason in told["missing"])
    except (OSError, ValueError, EOFError, LookupError, TypeError):
        return None
    if shapes is not None and shapes != {
        name: (len(images) + len(missing[name]), *images.shape[1:]) for name, images in parts.items()
    }:
        return None
    return Stored(parts, sums, missing)


def verified(folder: Path, tell: Callable[[int], None] = lambda _: None) -> bool:
    """Whether all pixels of an entry are those that were written: all are read, not samples.

    Where they are not, the entry is made anew at its next use.

    Args:
        folder: of the entry.
        tell: told after each piece how many bytes have been read; what it raises ends the reading.
    """
    stored = opened(folder)
    if stored is None:
        return False
    whole, before = True, 0
    for name, images in stored.parts.items():
        if _summed(images, partial(_told_after, tell, before)) != stored.sha256[name]:
            # a file with another time of change is read as a whole when it is opened, which finds this again; where
            # that can't be given, nothing can be made anew either
            with suppress(OSError):
                os.utime(folder / f"{name}.npy")
            whole = False
        before += images.nbytes
    return whole


def _told_after(tell: Callable[[int], None], before: int, count: int) -> None:
    tell(before + count)


def read_index(folder: Path) -> dict[str, Any]:
    """Return the index of an entry: `source`, `title`, `identity`, `decoding`, `made` and `parts`.

    Raises:
        OSError: it isn't there.
        ValueError: it is damaged.
    """
    document = json.loads((folder / INDEX).read_bytes())
    if not isinstance(document, dict) or not isinstance(document.get("index"), dict):
        raise ValueError("not an index")  # noqa: TRY004 - of the content, not of an argument
    index: dict[str, Any] = document["index"]
    if fingerprint(index) != document.get("sha256"):
        raise ValueError("another checksum")
    if not index.keys() >= _FIELDS:
        raise ValueError("another version")
    return index


def mapped(path: Path, *, none: bool) -> Images:
    """Return the images in a file, mapped to be read only; where there are none, nothing can be mapped.

    Linux maps no file copy-on-write that is larger than the memory.
    """
    images: Images = np.load(path, mmap_mode=None if none else "r", allow_pickle=False)
    return images


def _is_whole(images: Images, path: Path, told: Mapping[str, Any]) -> bool:
    """Whether the pixels of a part are those that were written; all are read where the file was touched since."""
    touched = path.stat()
    if touched.st_mtime_ns == told["changed"]:
        return sampled(images) == str(told["sampled"])
    if _summed(images) != str(told["sha256"]):
        return False
    # brought back from a backup, say: once is enough, unless the folder can only be read
    with suppress(OSError):
        os.utime(path, ns=(touched.st_atime_ns, told["changed"]))
    return True


def _summed(images: Images, tell: Callable[[int], None] = lambda _: None) -> str:
    digest = hashlib.sha256()
    pixels = images.reshape(-1)
    for start in range(0, len(pixels), _PIECE):
        piece = pixels[start : start + _PIECE]
        digest.update(piece.data)
        tell(start + len(piece))
    return digest.hexdigest()


def sampled(images: Images) -> str:
    """Return the sha256 of the pixels, of evenly spaced blocks and the last one where there are many."""
    pixels = images.reshape(-1)
    step = _BLOCK * max(1, -(-len(pixels) // (_BLOCK * _CHECKED_BLOCKS)))
    digest = hashlib.sha256()
    for start in (*range(0, len(pixels), step), max(0, len(pixels) - _BLOCK)):
        digest.update(pixels[start : start + _BLOCK].data)
    return digest.hexdigest()
