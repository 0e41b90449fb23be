"""The caches of decoded images as people see them: what each is of, how large, and whether it is still good."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from resnet_studio.data.remembered import facts_folder
from resnet_studio.data.store import entries, images_folder, opened, read_index, remove_leftovers
from resnet_studio.data.survey import survey
from resnet_studio.data.watch import Watch
from resnet_studio.spec.data import CATALOGUE
from resnet_studio.spec.errors import StudioError

State = Literal["good", "stale", "source gone", "damaged"]
"""stale: the folder has changed since; damaged: what is there is not what was written. Neither is ever used."""


@dataclass(frozen=True)
class Cache:
    """One cache of decoded images."""

    folder: Path
    source: str
    """What it was made of: a name of the catalogue or a path; empty where the index is damaged."""
    title: str
    shape: tuple[int, int, int] | None
    """Shape of its images, (H, W, C)."""
    images: int
    skipped: int
    """Images of the source that couldn't be read."""
    nbytes: int
    """What it takes on the disk."""
    made: float | None
    """When, in seconds since the epoch."""
    state: State


def caches() -> Iterator[Cache]:
    """Yield the caches, those of one source side by side.

    Their pixels are looked at as when they are opened: in samples, and all of them where a file was touched since.
    """
    yield from sorted(map(_cache, entries()), key=lambda cache: (cache.source, cache.made or 0.0))


def clear() -> None:
    """Remove all caches, and what was found out about folders; the sources themselves are left alone.

    What another process is writing at this moment stays.

    Raises:
        StudioError: something can't be removed.
    """
    try:
        for folder in entries():
            shutil.rmtree(folder)
        if images_folder().is_dir():
            remove_leftovers(images_folder())
        if facts_folder().is_dir():
            shutil.rmtree(facts_folder())
    except OSError as error:
        raise StudioError(f"{error.filename} can't be removed: {error.strerror or error}.") from None


def _cache(folder: Path) -> Cache:
    nbytes = sum(path.stat().st_size for path in folder.iterdir())
    try:
        index = read_index(folder)
        parts: list[dict[str, Any]] = list(index["parts"].values())
        height, width, channels = parts[0]["shape"][1:]
        return Cache(
            folder,
            index["source"],
            index["title"],
            (height, width, channels),
            sum(part["shape"][0] for part in parts),
            sum(len(part["missing"]) for part in parts),
            nbytes,
            index["made"],
            _state(folder, index),
        )
    except (OSError, ValueError, LookupError, TypeError):
        return Cache(folder, "", "", None, 0, 0, nbytes, None, "damaged")


def _state(folder: Path, index: dict[str, Any]) -> State:
    if opened(folder) is None:
        return "damaged"
    if index["source"] in CATALOGUE:
        return "good"
    path = Path(index["source"])
    if not path.exists():
        return "source gone"
    try:
        return "stale" if path.is_dir() and survey(path, Watch()).identity != index["identity"] else "good"
    except StudioError:
        return "stale"
