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
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from resnet_studio.data.images import Images
from resnet_studio.data.leftovers import in_the_making, remove_leftovers
from resnet_studio.data.memory import told_bytes
from resnet_studio.data.remembered import made_folder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import sync_folder, write_bytes
from resnet_studio.spec.home import cache_folder

INDEX = "entry.json"
_FIELDS = {"source", "title", "identity", "decoding", "made", "parts"}
_BLOCK = 1 << 16
_CHECKED_BLOCKS = 256
_PIECE = 1 << 22

Missing = tuple[int, str]
"""Number of an image of a part that can't be used, and why."""


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


@dataclass(frozen=True)
class Stored:
    """What the store gives back."""

    parts: dict[str, Images]
    """Images of each part, (N, H, W, C), mapped from the file: read only what is needed, write nothing."""
    sha256: dict[str, str]
    """Checksum of each part's pixels."""
    missing: dict[str, tuple[Missing, ...]]
    """Images of each part that can't be used and have no place in `parts`."""


def fingerprint(*facts: Any) -> str:
    """Return the sha256 of facts that JSON can write."""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def images_folder() -> Path:
    """Return the folder that holds the decoded images."""
    return cache_folder() / "images"


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
        shutil.rmtree(folder, ignore_errors=True)
        found = None
    if found is None:
        _write(folder, origin, shapes, decode)
        found = opened(folder, shapes)
    if found is None:
        raise StudioError(f"The decoded images in {folder} don't read back as they were written; check the disk.")
    return found


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
            images = _mapped(folder / f"{name}.npy", none=0 in told["shape"])
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
            # a file with another time of change is read as a whole when it is opened, which finds this again
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


def _mapped(path: Path, *, none: bool) -> Images:
    """Return the images in a file, mapped to be read only; where there are none, nothing can be mapped.

    Linux maps no file copy-on-write that is larger than the memory.
    """
    images: Images = np.load(path, mmap_mode=None if none else "r", allow_pickle=False)
    return images


def _is_whole(images: Images, path: Path, told: Mapping[str, Any]) -> bool:
    """Whether the pixels of a part are those that were written; all are read where the file was touched since."""
    touched = path.stat()
    if touched.st_mtime_ns == told["changed"]:
        return _sampled(images) == str(told["sampled"])
    if _summed(images) != str(told["sha256"]):
        return False
    # brought back from a backup, say: once is enough, unless the folder can only be read
    with suppress(OSError):
        os.utime(path, ns=(touched.st_atime_ns, told["changed"]))
    return True


def _write(
    folder: Path,
    origin: Origin,
    shapes: Mapping[str, tuple[int, int, int, int]],
    decode: Callable[[str], Generator[Chunk, None, None]],
) -> None:
    made_folder(folder.parent)
    _require_room(folder.parent, sum(math.prod(shape) for shape in shapes.values()))
    try:
        remove_leftovers(folder.parent)
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
        "sampled": _sampled(_mapped(path, none=0 in shape)),
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


def _summed(images: Images, tell: Callable[[int], None] = lambda _: None) -> str:
    digest = hashlib.sha256()
    pixels = images.reshape(-1)
    for start in range(0, len(pixels), _PIECE):
        piece = pixels[start : start + _PIECE]
        digest.update(piece.data)
        tell(start + len(piece))
    return digest.hexdigest()


def _sampled(images: Images) -> str:
    """Return the sha256 of the pixels, of evenly spaced blocks and the last one where there are many."""
    pixels = images.reshape(-1)
    step = _BLOCK * max(1, -(-len(pixels) // (_BLOCK * _CHECKED_BLOCKS)))
    digest = hashlib.sha256()
    for start in (*range(0, len(pixels), step), max(0, len(pixels) - _BLOCK)):
        digest.update(pixels[start : start + _BLOCK].data)
    return digest.hexdigest()


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StudioError(
            f"The decoded images need {told_bytes(needed)}, {folder} has {told_bytes(free)} left; "
            "choose a smaller data.image_size or make room."
        )
