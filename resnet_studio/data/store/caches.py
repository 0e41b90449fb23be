"""The caches of decoded images as people see them: what each is of, how large, and whether it is still good."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.remembered import facts_folder
from resnet_studio.data.sources.survey import survey
from resnet_studio.data.store.alike import APART, way_of
from resnet_studio.data.store.entry import entries, images_folder, opened, read_index, verified
from resnet_studio.data.store.leftovers import remove_leftovers
from resnet_studio.data.watch import Watch
from resnet_studio.spec.data import CATALOGUE, DataSpec
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.paths import absolute

State = Literal["good", "stale", "source gone", "damaged"]
"""stale: the source has changed since, or an .npz was written anew; damaged: what is there is not what was written.

What is damaged, or of a source that has changed, is never used.
"""


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
    """As far as samples tell, and all pixels where a file was touched since; see `verify`."""


def caches() -> Iterator[Cache]:
    """Yield the caches, those of one source side by side.

    Their pixels are looked at as when they are opened: in samples, and all of them where a file was touched since.
    """
    yield from sorted(map(_cache, entries()), key=lambda cache: (cache.source, cache.made or 0.0))


def cache_of(spec: DataSpec) -> Cache | None:
    """Return the cache from which images are mapped; None where there is none, as for arrays of the size wanted.

    Args:
        spec: with size and channels resolved, such as `ImageSet.spec`.
    """
    if spec.image_size is None or spec.channels is None:
        return None
    # larger ones are kept where evaluation wants them
    sizes = {spec.image_size, max(spec.image_size, spec.eval_size or spec.image_size)}
    ways = {way_of(Decoding(size, spec.channels, spec.resize)) for size in sizes}
    found = [
        (index["made"], folder)
        for folder, index in _readable()
        if index["source"] == _source(spec.source) and index["decoding"] in ways
    ]
    return _cache(max(found)[1]) if found else None


def verify(cache: Cache, watch: Watch = Watch()) -> Cache:  # noqa: B008 - frozen
    """Compare all pixels of a cache with their checksums and return it with the state that it has.

    A damaged one is made anew the next time its images are loaded.

    Args:
        cache: which one.
        watch: told how many bytes have been read.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        StudioError: the disk doesn't give it.
    """
    what = f"Checking the decoded images of {cache.title or cache.folder.name}"
    try:
        whole = verified(cache.folder, lambda done: watch(what, done, cache.nbytes))
    except OSError as error:
        raise StudioError(f"{cache.folder} can't be read: {error.strerror or error}.") from None
    return _cache(cache.folder) if whole else replace(cache, state="damaged")


def remove(cache: Cache) -> None:
    """Remove one cache, and what was taken apart from it; it is made anew the next time its images are loaded.

    Raises:
        StudioError: it can't be removed.
    """
    for folder, index in _readable():
        if (index["source"], index["decoding"]) == (cache.source, f"{APART} {cache.shape}"):
            _remove(folder)
    _remove(cache.folder)


def clear() -> None:
    """Remove all caches, and what was found out about folders; the sources themselves are left alone.

    What another process is writing at this moment stays.

    Raises:
        StudioError: something can't be removed.
    """
    for folder in entries():
        _remove(folder)
    if images_folder().is_dir():
        remove_leftovers(images_folder())
    _remove(facts_folder())


def matching(found: list[Cache], wanted: str) -> list[Cache]:
    """Return the caches that a person means: by the source, as a path or by its name alone, or by their own folder.

    Args:
        found: all caches.
        wanted: what the person wrote.

    Raises:
        StudioError: there is none.
    """
    meant = [
        cache
        for cache in found
        if wanted in {cache.title, cache.folder.name, Path(cache.source).name, str(cache.folder)}
        or (cache.source and cache.source == _source(wanted))
    ]
    if not meant:
        raise StudioError(f"There is no cache of {wanted}; `resnet-studio data caches` lists those there are.")
    return meant


def _readable() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the folders of all entries whose index can be read, and the index."""
    for folder in entries():
        try:
            yield folder, read_index(folder)
        except (OSError, ValueError):
            continue


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        # somebody else was quicker, with all of it or a part
        if folder.exists():
            _remove(folder)
    except OSError as error:
        raise StudioError(f"{error.filename or folder} can't be removed: {error.strerror or error}.") from None


def _source(named: str) -> str:
    """Return the name of the catalogue, or the absolute path of what is named."""
    return named if named in CATALOGUE else str(absolute(named))


def _cache(folder: Path) -> Cache:
    nbytes = 0
    try:
        nbytes = sum(path.stat().st_size for path in folder.iterdir())
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
        if path.is_dir():
            changed = survey(path, Watch()).identity != index["identity"]
        else:
            # all of an .npz would have to be read to be sure
            changed = path.stat().st_mtime > index["made"]
    except StudioError:
        changed = True
    return "stale" if changed else "good"
