"""Decoded images on disk: every source is decoded once, and the second start maps what is there.

One folder per source and way of decoding, named by a fingerprint of both, with one uint8 `.npy` file for each part
and `entry.json`, the index, which says what they must look like and carries its own checksum. The folder appears in
one go, when all of it is written. What doesn't look as the index says is damaged, and made anew: sizes and the shape
are compared always, the pixels in samples of 16 MB in all, and all of them where the time of change differs.
"""

import hashlib
import json
import math
import os
import shutil
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.images import Images
from resnet_studio.data.memory import told_bytes
from resnet_studio.data.remembered import made_folder
from resnet_studio.data.store.entry import (
    INDEX,
    Missing,
    Stored,
    entries,
    images_folder,
    mapped,
    opened,
    read_index,
    sampled,
)
from resnet_studio.data.store.leftovers import in_the_making, remove_leftovers
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import sync_folder, write_bytes


class Chunk(NamedTuple):
    """Some decoded images of a part, in order."""

    images: Images
    """(n, H, W, C)."""
    missing: tuple[Missing, ...] = ()
    """Those in between that can't be used, counted from the start of the part."""


@dataclass(frozen=True)
class Origin:
    """What an entry was made of: nothing depends on it, people see it."""

    source: str
    """The name of the catalogue, or the absolute path of a folder or file."""
    title: str
    identity: str
    """What the source was at that time."""
    decoding: str
    """How the images were made alike; an entry of the same source and decoding is superseded."""


def kept(
    key: str,
    origin: Origin,
    shapes: Mapping[str, tuple[int, int, int, int]],
    decode: Callable[[str], Generator[Chunk, None, None]],
    is_current: Callable[[Mapping[str, tuple[Missing, ...]]], bool] = lambda _: True,
) -> Stored:
    """Return the parts of a source from the store; what isn't there yet is decoded and written first.

    Args:
        key: fingerprint of the source and of the way of decoding.
        origin: what it is made of.
        shapes: (N, H, W, C) of each part; those that can't be used count too.
        decode: yields the images of a part in order, in chunks; it is closed when no more are wanted.
        is_current: told which images of each part couldn't be used; where it says no, all is decoded once more.

    Raises:
        StudioError: the disk is too small or can't be written; or what `decode` raises. Nothing half-written stays.
    """
    folder = images_folder() / key
    found = opened(folder, shapes)
    if found is not None and not is_current(found.missing):
        # before its files go: Windows removes none that is mapped
        found = None
        shutil.rmtree(folder, ignore_errors=True)
    if found is None:
        _write(folder, origin, shapes, decode)
        found = opened(folder, shapes)
    if found is None:
        raise StudioError(f"The decoded images in {folder} don't read back as they were written; check the disk.")
    return found


def _write(
    folder: Path,
    origin: Origin,
    shapes: Mapping[str, tuple[int, int, int, int]],
    decode: Callable[[str], Generator[Chunk, None, None]],
) -> None:
    made_folder(folder.parent)
    try:
        # before the room is looked at: they may be what fills the disk
        remove_leftovers(folder.parent)
        _require_room(folder.parent, sum(math.prod(shape) for shape in shapes.values()))
        with in_the_making(folder.parent) as making:
            parts: dict[str, Any] = {}
            for part, shape in shapes.items():
                with closing(decode(part)) as chunks:
                    parts[part] = _write_part(making / f"{part}.npy", shape, chunks)
            index = {
                "source": origin.source,
                "title": origin.title,
                "identity": origin.identity,
                "decoding": origin.decoding,
                "made": time.time(),
                "parts": parts,
            }
            write_bytes(making / INDEX, json.dumps({"index": index, "sha256": fingerprint(index)}).encode())
            _take_place(making, folder)
        sync_folder(folder.parent)
        _remove_superseded(folder, origin)
    except OSError as error:
        raise StudioError(
            f"Decoded images can't be kept in {folder.parent}: {error.strerror or error}; "
            "RESNET_STUDIO_HOME names another place."
        ) from None


def _write_part(path: Path, shape: tuple[int, int, int, int], chunks: Iterable[Chunk]) -> dict[str, Any]:
    """Write chunks of images as one `.npy` file and return its entry in the index.

    Through a file, not through a map: a full disk is then an error that can be told, not the death of the process.
    """
    digest = hashlib.sha256()
    missing: list[Missing] = []
    with path.open("wb") as file:
        _write_header(file, shape)
        start = file.tell()
        for chunk in chunks:
            pixels = np.ascontiguousarray(chunk.images).data
            digest.update(pixels)
            file.write(pixels)
            missing.extend(chunk.missing)
        if missing:
            shape = (shape[0] - len(missing), *shape[1:])
            file.seek(0)
            _write_header(file, shape)
            if file.tell() != start:
                raise OSError(f"the header of {path.name} has grown")
        file.flush()
        os.fsync(file.fileno())
    return {
        "shape": list(shape),
        "sha256": digest.hexdigest(),
        "sampled": sampled(mapped(path, none=0 in shape)),
        "changed": path.stat().st_mtime_ns,
        "missing": missing,
    }


def _write_header(file: Any, shape: tuple[int, int, int, int]) -> None:
    # numpy leaves room in it for any first number, so that fewer images than expected change nothing else
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})


def _take_place(making: Path, folder: Path) -> None:
    """Give a whole entry its name; a damaged one that has it goes first, a whole one of another process stays."""
    if folder.exists() and opened(folder) is None:
        shutil.rmtree(folder)
    try:
        making.rename(folder)
    except OSError:
        if opened(folder) is None:
            raise


def _remove_superseded(folder: Path, origin: Origin) -> None:
    """Remove what the same source gave in the same way before it changed: it would never be found again."""
    for other in entries():
        try:
            index = read_index(other)
        except (OSError, ValueError):
            continue
        if other != folder and (index["source"], index["decoding"]) == (origin.source, origin.decoding):
            shutil.rmtree(other, ignore_errors=True)


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StudioError(
            f"The decoded images need {told_bytes(needed)}, {folder} has {told_bytes(free)} left; "
            "choose a smaller data.image_size or make room."
        )
