"""Which images of a set are looked at, and in which order. Pure arithmetic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.images import Images, ImageSet, Split

ALL = "all"
_ORDER_SEED = 0
"""Of the mixed order: the same at every look, so that an image is found again."""


@dataclass(frozen=True)
class View:
    """What to look at."""

    split: str = ALL
    """A name of `splits`, or `ALL`."""
    label: int | None = None
    """Number of a class; None: all of them."""
    text: str = ""
    """A part of the name of the file or of the class, in any case; empty: every image."""
    mixed: bool = True
    """In a random order, so that the first screen shows every class; else in the order of the source."""
    files: frozenset[str] | None = None
    """Nothing but these files, named as `file_name` does; None: every file."""


@dataclass(frozen=True)
class Picture:
    """One image and what is known of it."""

    pixels: Images
    """Grey or RGB values, (H, W, C)."""
    label: str
    """Name of its class."""
    name: str
    """Its file, relative to the source; empty where the images are not files."""
    split: str
    number: int
    """Its place in the split, from 0."""
    of: int
    """Images in the split."""


def splits(images: ImageSet) -> dict[str, Split]:
    """Return the splits by name."""
    return {"train": images.train, "validation": images.validation, "test": images.test}


def distinct(images: ImageSet) -> dict[str, Split]:
    """Return the splits by name, one that is another one too only under its first name: all images, each once."""
    found: dict[str, Split] = {}
    for name, split in splits(images).items():
        if not any(split is other for other in found.values()):
            found[name] = split
    return found


def same_pictures(one: ImageSet, other: ImageSet) -> bool:
    """Whether two sets hold the same images in the same splits: what differs is how they are treated."""
    return (one.fingerprint, one.spec.validation, one.spec.split_seed) == (
        other.fingerprint,
        other.spec.validation,
        other.spec.split_seed,
    )


class Gallery:
    """The images of a set that a view shows, by row; pixels are touched when a row is asked for."""

    def __init__(self, images: ImageSet, view: View) -> None:
        self.images, self.view = images, view
        self._splits = splits(images)
        self._names = list(self._splits)
        shown = [view.split] if view.split != ALL else distinct(images)
        found = [(self._names.index(name), self._matching(name)) for name in shown]
        self._split_of = np.concatenate([np.full(len(rows), place, np.int8) for place, rows in found])
        self._number = np.concatenate([rows for _, rows in found])
        if view.mixed:
            order = np.random.default_rng(_ORDER_SEED).permutation(len(self._number))
            self._split_of, self._number = self._split_of[order], self._number[order]

    def __len__(self) -> int:
        return len(self._number)

    def __getitem__(self, row: int) -> Picture:
        name, number = self.place(row)
        split = self._splits[name]
        return Picture(
            split.images[number],
            self.images.class_names[split.labels[number]],
            split.names[number] if split.names else "",
            name,
            number,
            len(split),
        )

    def label(self, row: int) -> str:
        """Return the name of the class of the image in a row."""
        split = self._splits[self._names[self._split_of[row]]]
        return self.images.class_names[int(split.labels[self._number[row]])]

    def place(self, row: int) -> tuple[str, int]:
        """Return the split of the image in a row and its place there, without touching the image."""
        return self._names[self._split_of[row]], int(self._number[row])

    def row_of(self, split: str, number: int) -> int | None:
        """Return the row of an image of a split, None where it is not shown."""
        rows = np.flatnonzero((self._number == number) & (self._split_of == self._names.index(split)))
        return int(rows[0]) if len(rows) else None

    def _matching(self, name: str) -> NDArray[np.int64]:
        """Return the numbers of the images of a split that the view shows."""
        split, view = self._splits[name], self.view
        kept = np.ones(len(split), bool)
        if view.label is not None:
            kept &= split.labels == view.label
        if view.text:
            kept &= _found(split, self.images.class_names, view.text.casefold())
        if view.files is not None:
            wanted = view.files
            files = split.names or (file_name(name, split, number) for number in range(len(split)))
            kept &= np.fromiter((file in wanted for file in files), bool, len(split))
        return np.flatnonzero(kept)


def nothing_found(view: View, images: ImageSet) -> str:
    """Return a sentence that says of what there is no image."""
    if view.files is not None and (view.split, view.label, view.text) == (ALL, None, ""):
        return "None of these files is in use: what is skipped has no image."
    split = {"train": "training"}.get(view.split, view.split)
    which = "No image" if view.split == ALL else f"No {split} image"
    of = "" if view.label is None else f" of the class {images.class_names[view.label]}"
    among = "" if view.files is None else " among these files"
    if not view.text:
        return f"{which}{of} is there{among}."
    return f"{which}{of}{among} has “{view.text}” in the name of its file or class."


def class_counts(images: ImageSet) -> dict[str, NDArray[np.int64]]:
    """Return the number of images of each class, (classes,), for each split."""
    classes = images.num_classes
    return {name: np.bincount(split.labels, minlength=classes) for name, split in splits(images).items()}


def file_name(name: str, split: Split, number: int) -> str:
    """Return the file of an image relative to the source; `train[12]` where the images are no files of it.

    Args:
        name: of the split, for images of which nobody knows what part of the source they were taken from.
        split: the images.
        number: of one of them.
    """
    return split.names[number] if split.names else f"{split.part or name}[{split.place(number)}]"


def _found(split: Split, class_names: tuple[str, ...], text: str) -> NDArray[np.bool_]:
    """Return which images have a text, in small letters, in the name of their class or of their file, (N,)."""
    classes = np.array([text in name.casefold() for name in class_names], bool)
    found = classes[split.labels]
    if split.names:
        found |= np.fromiter((text in name.casefold() for name in split.names), bool, len(split))
    return found
