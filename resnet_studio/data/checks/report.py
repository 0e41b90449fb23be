"""What is told of a data set while it is looked through, and how often."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.checks.finding import SEVERITIES, DataFinding
from resnet_studio.data.checks.pictures import Gallery
from resnet_studio.data.sources.source import TRAIN
from resnet_studio.data.watch import Progress

EVERY = 0.3
"""Seconds between two reports at least."""
_LOOKING = 4
"""How many times as long images are looked at as it takes to report."""


@dataclass(frozen=True)
class Report:
    """What is known of a data set so far; the next one takes its place."""

    source: str
    """The name of the catalogue, or the absolute path of a folder or file."""
    title: str
    class_names: tuple[str, ...]
    """Of the classes that train; empty where that isn't known."""
    counts: Mapping[str, tuple[int, ...]]
    """Images of each class in each part of the source, as found: `train`, then the others it has."""
    sizes: Mapping[tuple[int, int], int]
    """How many of the images looked at so far have a height and width, upright, before they are resized."""
    findings: tuple[DataFinding, ...]
    """The gravest first."""
    progress: Progress | None
    """How many images have been looked at; None: the report is complete."""
    nbytes: int = 0
    """Of the files together; 0: not known, or they are none."""

    @property
    def is_complete(self) -> bool:
        """Whether all images have been looked at."""
        return self.progress is None

    @property
    def can_train(self) -> bool:
        """Whether nothing that was found keeps training from starting."""
        return all(finding.severity != "error" for finding in self.findings)


@dataclass(frozen=True)
class Looked:
    """What all reports of one check have in common."""

    source: str
    title: str
    class_names: tuple[str, ...]
    counts: Mapping[str, NDArray[np.int64]]
    """Images of each class in each part, (classes,)."""
    first: list[DataFinding]
    """What was found before an image was opened."""
    gallery: Gallery
    """The images that have been looked at."""
    nbytes: int = 0

    def report(self, progress: Progress | None, *more: DataFinding) -> Report:
        """Return what is known so far.

        Args:
            progress: how many images have been looked at; None: all.
            *more: findings beside those of the folders and of the images one by one.
        """
        findings = [*more, *self.first, *self.gallery.findings()]
        findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
        counts = {part: tuple(ones.tolist()) for part, ones in self.counts.items()}
        sizes = dict(self.gallery.sizes)
        found = tuple(findings)
        return Report(self.source, self.title, self.class_names, counts, sizes, found, progress, self.nbytes)

    def complete(self, *others: DataFinding) -> Report:
        """Return what is known once all images have been looked at, also which classes and parts have none to use."""
        more = [*others, *(self.gallery.unusable(TRAIN) if self.class_names else ())]
        more.extend(
            DataFinding("error", "unusable_split", f"None of the {part} images can be used.", "stop")
            for part, ones in self.counts.items()
            if part != TRAIN and ones.sum() and not self.gallery.has_usable(part)
        )
        return self.report(None, *more)


class Pace:
    """Reports often enough to be lively, and so seldom that looking at the images takes most of the time."""

    def __init__(self, looked: Looked, what: str, total: int) -> None:
        self._looked, self._what, self._total = looked, what, total
        self._began = self._last = time.monotonic()
        self._pause = EVERY

    def report(self, done: int) -> Iterator[Report]:
        """Yield what is known so far where it is time again.

        Args:
            done: how many images have been looked at.
        """
        now = time.monotonic()
        if now - self._last <= self._pause:
            return
        report = self._looked.report(Progress(self._what, done, self._total, done / (now - self._began)))
        self._last = time.monotonic()
        # of a million images it takes half a second
        self._pause = max(EVERY, _LOOKING * (self._last - now))
        yield report
