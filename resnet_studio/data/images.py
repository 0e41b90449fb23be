"""What every source becomes: images of one size as one uint8 array, labels and class names."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    # processes that decode need no pydantic
    from resnet_studio.spec.data import DataSpec

Images: TypeAlias = NDArray[np.uint8]
Labels: TypeAlias = NDArray[np.int64]
_SPELLED_OUT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of control characters, of bytes that are no UTF-8, and of line and paragraph separators."""


@dataclass(frozen=True, eq=False)
class Split:
    """The images of one purpose: to train, to validate or to test."""

    images: Images
    """Grey or RGB values from 0 to 255, (N, H, W, C); may be mapped from a file, to be read only.

    They are larger than the network's input where evaluation wants them larger, see `DataSpec.eval_size`.
    """
    labels: Labels
    """Number of each image's class, (N,)."""
    names: tuple[str, ...] = ()
    """Each image's file, relative to the source; empty where the images are not files."""
    part: str = ""
    """The part of the source that they were taken from; empty: not known."""
    rows: Labels | None = None
    """Place of each image in that part, (N,); None: the images are all of it, in its order."""

    def place(self, number: int) -> int:
        """Return the place of an image in its part of the source."""
        return number if self.rows is None else int(self.rows[number])

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Skipped:
    """An image of the source that is not used."""

    path: str
    """Its file, relative to the source."""
    reason: str
    """Why, as words that follow a name, without a full stop."""


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Labelled images, ready to train on, and what is known of them."""

    source: str
    """The name of the catalogue, or the absolute path of a folder or file."""
    title: str
    class_names: tuple[str, ...]
    train: Split
    validation: Split
    test: Split
    """Images kept from training; the validation images once more where the source has no others (see `notes`)."""
    mean: tuple[float, ...]
    """Mean of each channel on a scale from 0 to 1."""
    std: tuple[float, ...]
    """Standard deviation of each channel on a scale from 0 to 1."""
    spec: "DataSpec"
    """What was wanted, with everything resolved; `eval_size` null still means the same size, `root` the studio's."""
    fingerprint: str
    """sha256 of pixels, labels and class names before the seeded split: equal on every machine that has the same."""
    licence: str
    citation: str
    notes: tuple[str, ...] = ()
    """Sentences on what a user would not expect, such as a split that had to be made."""
    skipped: tuple[Skipped, ...] = ()

    @property
    def skipped_note(self) -> str:
        """A sentence on the images that are not used; empty where all are."""
        if not self.skipped:
            return ""
        first, *others = self.skipped
        more = f" and {len(others):,} more" if others else ""
        count = "1 image was skipped" if not others else f"{len(self.skipped):,} images were skipped"
        return f"{count}: {printable(first.path)} ({printable(first.reason)}){more}."

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes, and a sentence on the images that are not used where there are any."""
        return (*self.notes, self.skipped_note) if self.skipped else self.notes

    def is_drawn(self, split: Split) -> bool:
        """Whether one of its splits was held out of the training images at random: no part of the source's own."""
        return split is not self.train and bool(split.part) and split.part == self.train.part

    @property
    def name(self) -> str:
        """A short name: that of the catalogue, or of the folder or file."""
        return Path(self.source).name

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of one image as a network takes it in training: (C, H, W)."""
        height, width, channels = self.train.images.shape[1:]
        return channels, *(self.spec.image_size or (height, width))

    @property
    def num_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)


def printable(name: str) -> str:
    """Return the name of a file as text that can be written on one line.

    Bytes in it that are no UTF-8, line breaks and what a terminal would obey are spelled out with a backslash.
    """
    return "".join(
        each.encode("unicode_escape").decode() if unicodedata.category(each) in _SPELLED_OUT else each for each in name
    )


def counted(count: int, one: str, many: str) -> str:
    """Return the sentence for a number of things; `{}` in `many` is the number."""
    return one if count == 1 else many.format(f"{count:,}")
