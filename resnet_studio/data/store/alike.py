"""From the parts of a source to images of one size: as they are, or decoded into the store and mapped from there."""

import hashlib
import math
import time
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.decoding.decode import Decoding, decoded_array
from resnet_studio.data.decoding.examine import Facts
from resnet_studio.data.decoding.image_error import DENIED, is_given
from resnet_studio.data.decoding.workers import examined_in_order, in_order, suited_workers
from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.images import Images, Skipped, Split
from resnet_studio.data.sources.source import TRAIN, Part, Source
from resnet_studio.data.store.entry import Missing
from resnet_studio.data.store.facts import keep_better, tell_all
from resnet_studio.data.store.store import Chunk, Origin, kept
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError

_VERSION = 3
"""Version of the decoding: to be raised whenever it gives other pixels, so that no old copy is used."""
_CHUNK, _CHUNK_BYTES = 64, 8 << 20
"""Most images that are in the making at a time, and their bytes."""
APART = "apart"
"""How the decoding begins of what `kept_apart` keeps, before the shape."""


@dataclass(frozen=True)
class Alike:
    """The images of a source, all of one size."""

    parts: dict[str, Split]
    fingerprint: str
    """sha256 of pixels, labels and class names."""
    skipped: tuple[Skipped, ...]


def alike(source: Source, decoding: Decoding, watch: Watch) -> Alike:
    """Return the images of a source in one size; those that can't be read are skipped.

    Args:
        source: as it was found.
        decoding: how the images are made equal in shape.
        watch: told how many images have been decoded.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        StudioError: the disk can't hold them, or none of a class or of a part can be read.
    """
    arrays = {name: part.array for name, part in source.parts.items() if part.array is not None}
    sums = {name: _sha256(array) for name, array in arrays.items()}
    missing: dict[str, tuple[tuple[int, str], ...]] = {}
    if len(arrays) < len(source.parts) or any(array.shape[1:] != decoding.shape for array in arrays.values()):
        identity = source.identity or fingerprint(sums)
        way = way_of(decoding)
        job = _Job(source, decoding, watch)
        shapes = {name: (len(part.labels), *decoding.shape) for name, part in source.parts.items()}
        origin, key = Origin(source.name, source.title, identity, way), fingerprint("decoded", identity, way)
        with closing(job):
            stored = kept(key, origin, shapes, job.decoded, is_current=partial(_is_current, source))
        arrays, sums, missing = stored.parts, stored.sha256, stored.missing
        if source.identity is not None and job.facts and tell_all(job.facts, decoding):
            keep_better(source.identity, job.facts)
    labels = {name: np.delete(part.labels, _numbers(missing.get(name, ()))) for name, part in source.parts.items()}
    _require_some(source, labels, missing)
    splits = {
        name: Split(arrays[name], labels[name], _without(part.names, missing.get(name, ())), name)
        for name, part in source.parts.items()
    }
    skipped = tuple(
        Skipped(source.parts[name].names[number], f"it {reason}")
        for name, ones in missing.items()
        for number, reason in ones
    )
    marks = {name: _sha256(one) for name, one in labels.items()}
    mark = fingerprint("images", source.class_names, decoding.size, decoding.channels, sums, marks)
    return Alike(splits, mark, skipped)


def _is_current(source: Source, missing: Mapping[str, tuple[Missing, ...]]) -> bool:
    """Whether what the disk or the permissions denied when the images were decoded is denied still.

    Neither is seen in a file's name, size and time, which tell whether it has changed.
    """
    for name, ones in missing.items():
        part = source.parts[name]
        for number, reason in ones:
            if reason.startswith(DENIED) and is_given(part.root / part.names[number]):
                return False
    return True


def way_of(decoding: Decoding) -> str:
    """Return the fingerprint of a decoding, which the store keeps with what was decoded in this way."""
    return fingerprint(_VERSION, asdict(decoding))


def kept_apart(source: Source, mark: str, images: Images, rows: Mapping[str, NDArray[np.int64]]) -> dict[str, Images]:
    """Return some of the images for each purpose, mapped from files of their own in the store.

    Args:
        source: whose images they are.
        mark: fingerprint of the images.
        images: all of them, (N, H, W, C).
        rows: which ones, for each purpose.

    Raises:
        StudioError: the disk can't hold them.
    """
    marks = {name: _sha256(ones) for name, ones in rows.items()}
    origin = Origin(source.name, source.title, source.identity or mark, f"{APART} {images.shape[1:]}")
    shapes = {name: (len(ones), *images.shape[1:]) for name, ones in rows.items()}

    def pieces(name: str) -> Generator[Chunk, None, None]:
        for piece in _pieces(shapes[name]):
            yield Chunk(images[rows[name][piece.start : piece.stop]])

    return kept(fingerprint("apart", mark, marks), origin, shapes, pieces).parts


class _Job:
    """Decodes the parts of a source one after the other, in their order, and tells how far they all are."""

    def __init__(self, source: Source, decoding: Decoding, watch: Watch) -> None:
        self.facts: dict[str, list[Facts]] = {}
        """Of each file of the parts that are done."""
        self._source, self._decoding, self._watch = source, decoding, watch
        self._done, self._began = 0, time.monotonic()
        parts = [part for part in source.parts.values() if part.array is None]
        # one stream for all: workers take a while to start
        self._files = examined_in_order(
            parts[0].root if parts else Path(),
            [part.names for part in parts],
            decoding,
            total_bytes=sum(part.total_bytes for part in parts),
            idle=self._tell,
        )

    def decoded(self, name: str) -> Generator[Chunk, None, None]:
        """Yield the images of a part in chunks."""
        part = self._source.parts[name]
        yield from self._of_files(name, part) if part.array is None else self._of_array(part.array)

    def close(self) -> None:
        """End what is still at work."""
        self._files.close()

    def _of_files(self, name: str, part: Part) -> Generator[Chunk, None, None]:
        facts = self.facts.setdefault(name, [])
        while len(facts) < len(part.names):
            chunk, first = next(self._files), len(facts)
            facts.extend(chunk.facts)
            self._advance(len(chunk.facts))
            missing = tuple((first + place, one.reason) for place, one in enumerate(chunk.facts) if one.problem)
            yield Chunk(chunk.images, missing)

    def _of_array(self, array: Images) -> Generator[Chunk, None, None]:
        pieces = _pieces((len(array), *self._decoding.shape))
        work = partial(_resized, array, self._decoding)
        with closing(in_order(work, pieces, suited_workers(), self._tell)) as found:
            for images in found:
                self._advance(len(images))
                yield Chunk(images)

    def _advance(self, count: int) -> None:
        self._done += count
        self._tell()

    def _tell(self) -> None:
        total = sum(len(part.labels) for part in self._source.parts.values())
        rate = self._done / max(time.monotonic() - self._began, 1e-6)
        self._watch(f"Decoding {self._source.title}", self._done, total, rate or None)


def _pieces(shape: tuple[int, ...]) -> list[range]:
    """Return the numbers of some images of a shape (N, H, W, C) at a time."""
    step = max(1, min(_CHUNK, _CHUNK_BYTES // math.prod(shape[1:])))
    return [range(start, min(start + step, shape[0])) for start in range(0, shape[0], step)]


def _resized(array: Images, decoding: Decoding, numbers: range) -> Images:
    return np.stack([decoded_array(np.asarray(array[number]), decoding) for number in numbers])


def _require_some(
    source: Source, labels: dict[str, NDArray[np.int64]], missing: dict[str, tuple[tuple[int, str], ...]]
) -> None:
    """Refuse a part or a class to train on that has no image left."""
    for name, ones in missing.items():
        part = source.parts[name]
        if not ones:
            continue
        first = f"{part.names[ones[0][0]]} {ones[0][1]}"
        if not len(labels[name]):
            raise StudioError(f"None of the {len(ones):,} {name} images of {source.title} can be used: {first}.")
        for number in np.setdiff1d(part.labels, labels[name]) if name == TRAIN else ():
            count, known = int((part.labels == number).sum()), source.class_names[number]
            first = next(f"{part.names[at]} {reason}" for at, reason in ones if part.labels[at] == number)
            raise StudioError(
                f"None of the {count:,} training images of the class {known} can be used: {first}; "
                "mend them or take the class out."
            )


def _without(names: tuple[str, ...], missing: tuple[tuple[int, str], ...]) -> tuple[str, ...]:
    out = set(_numbers(missing))
    return tuple(name for number, name in enumerate(names) if number not in out) if out else names


def _numbers(missing: tuple[tuple[int, str], ...]) -> list[int]:
    return [number for number, _ in missing]


def _sha256(array: NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
