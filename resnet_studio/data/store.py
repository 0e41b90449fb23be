"""Decoded images on disk: every source is decoded once, and the second start maps what is there.

One folder per source and way of decoding, named by a fingerprint of both, with one uint8 `.npy` file for each part
and `entry.json` that says what they must look like. It appears in one go, when all of it is written. What doesn't
look as `entry.json` says is damaged, and made anew.
"""

import hashlib
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resnet_studio.data.images import Images
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import sync_folder, write_bytes
from resnet_studio.spec.home import cache_folder

_ENTRY = "entry.json"
_BLOCK = 1 << 20
_CHECKED_BLOCKS = 512
_DAY = 24 * 3600.0


@dataclass(frozen=True)
class Stored:
    """What the store gives back."""

    parts: dict[str, Images]
    """Images of each part, (N, H, W, C), mapped from the file: read only what is needed, write nothing."""
    sha256: dict[str, str]
    """Checksum of each part's pixels."""


def fingerprint(*facts: Any) -> str:
    """Return the sha256 of facts that JSON can write."""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def images_folder() -> Path:
    """Return the folder that holds the decoded images."""
    return cache_folder() / "images"


def kept(
    key: str, shapes: Mapping[str, tuple[int, int, int, int]], decode: Callable[[str], Iterator[Images]]
) -> Stored:
    """Return the parts of a source from the store; what isn't there yet is decoded and written first.

    Args:
        key: fingerprint of the source and of the way of decoding.
        shapes: (N, H, W, C) of each part.
        decode: yields the images of a part in order, in chunks of (n, H, W, C).

    Raises:
        StudioError: the disk is too small or can't be written; or what `decode` raises. Nothing half-written stays.
    """
    folder = images_folder() / key
    found = _opened(folder, shapes)
    if found is None:
        _write(folder, shapes, decode)
        found = _opened(folder, shapes)
    if found is None:
        raise StudioError(f"The decoded images in {folder} don't read back as they were written; check the disk.")
    return found


def remembered(key: str, find: Callable[[], list[Any]]) -> list[Any]:
    """Return facts that take a while to find; they are found once and kept beside the decoded images.

    Args:
        key: fingerprint of everything that the facts depend on.
        find: finds them, as a list that JSON can write.
    """
    path = cache_folder() / "facts" / f"{key}.json"
    try:
        facts = json.loads(path.read_bytes())
    except (OSError, ValueError):
        facts = None  # not there yet, or damaged
    if isinstance(facts, list):
        return facts
    facts = find()
    _make(path.parent)
    write_bytes(path, json.dumps(facts).encode())
    return facts


def _opened(folder: Path, shapes: Mapping[str, tuple[int, int, int, int]]) -> Stored | None:
    """Return the entry in a folder, or None where there is none or it isn't whole."""
    parts: dict[str, Images] = {}
    sums: dict[str, str] = {}
    try:
        entry = json.loads((folder / _ENTRY).read_bytes())
        for name, shape in shapes.items():
            images = np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False)
            if images.dtype != np.uint8 or images.shape != shape or _sampled(images) != entry[name]["sampled"]:
                return None
            parts[name], sums[name] = images, entry[name]["sha256"]
    except (OSError, ValueError, EOFError, LookupError, TypeError):
        return None
    return Stored(parts, sums)


def _write(
    folder: Path, shapes: Mapping[str, tuple[int, int, int, int]], decode: Callable[[str], Iterator[Images]]
) -> None:
    _make(folder.parent)
    _require_room(folder.parent, sum(math.prod(shape) for shape in shapes.values()))
    partial: Path | None = None
    try:
        _remove_leftovers(folder.parent)
        partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".", suffix=".part"))
        entry = {part: _write_part(partial / f"{part}.npy", shape, decode(part)) for part, shape in shapes.items()}
        write_bytes(partial / _ENTRY, json.dumps(entry).encode())
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise StudioError(f"Decoded images can't be kept in {folder.parent}: {error.strerror or error}.") from None
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)


def _write_part(path: Path, shape: tuple[int, int, int, int], chunks: Iterator[Images]) -> dict[str, str]:
    """Write chunks of images as one `.npy` file and return its checksums.

    Through a file, not through a map: a full disk is then an error that can be told, not the death of the process.
    """
    digest = hashlib.sha256()
    with path.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            pixels = np.ascontiguousarray(chunk).data
            digest.update(pixels)
            file.write(pixels)
        file.flush()
        os.fsync(file.fileno())
    written = np.load(path, mmap_mode="r", allow_pickle=False)
    return {"sha256": digest.hexdigest(), "sampled": _sampled(written)}


def _sampled(images: Images) -> str:
    """Return the sha256 of the pixels, of evenly spaced blocks where there is more than half a gigabyte."""
    pixels = images.reshape(-1)
    step = _BLOCK * max(1, -(-len(pixels) // (_BLOCK * _CHECKED_BLOCKS)))
    digest = hashlib.sha256()
    for start in range(0, len(pixels), step):
        digest.update(pixels[start : start + _BLOCK].data)
    return digest.hexdigest()


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StudioError(
            f"The decoded images need {needed / 1e9:,.1f} GB, {folder} has {free / 1e9:,.1f} GB left; "
            "choose a smaller data.image_size or make room."
        )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"The folder {folder} can't be made: {error.strerror or error}; RESNET_STUDIO_HOME names another place."
        ) from None


def _remove_leftovers(folder: Path) -> None:
    """Remove what a process that was killed left half-written, once it is certainly dead."""
    for path in folder.glob(".*.part"):
        if path.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(path, ignore_errors=True)
