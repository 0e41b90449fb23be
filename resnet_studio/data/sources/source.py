"""What every kind of source gives: its parts, not yet of one size, and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.images import Images, Labels

TRAIN, VALIDATION, TEST = "train", "validation", "test"


@dataclass(frozen=True)
class Part:
    """The images that a source names for one purpose: files, or one array."""

    labels: Labels
    """Class of each image, (N,)."""
    array: Images | None = None
    """All the images, (N, H, W, C), where the source holds them as one array."""
    root: Path = Path()
    """The folder of the files, where there is no array."""
    names: tuple[str, ...] = ()
    """File of each image, relative to `root`; empty where the images are not files."""
    total_bytes: int = 0
    """Of the files together."""

    @classmethod
    def of_array(cls, images: Images, labels: Labels) -> "Part":
        """Return the part of images that are one array already, (N, H, W, C)."""
        return cls(labels, images)


@dataclass(frozen=True)
class Source:
    """A source as it was found."""

    name: str
    """The name of the catalogue, or the absolute path of a folder or file."""
    title: str
    class_names: tuple[str, ...]
    parts: Mapping[str, Part]
    """`train` always, `validation` and `test` where the source has them."""
    size: tuple[int, int] | None
    """Height and width of the images; None where they differ."""
    channels: Literal[1, 3]
    """1 where all images are grey, else 3."""
    identity: str | None = None
    """Changes whenever the images may have changed; None: their content tells, as they are arrays."""
    licence: str = "not stated"
    citation: str = ""
    pad_crop: float = 1 / 16
    """Padding of the random crop that suits these images, as a share of their smaller side."""
    horizontal_flip: float = 0.5
    """Probability of a mirror image that suits these images."""
    notes: tuple[str, ...] = ()
    """Sentences on what a user would not expect of what was found."""


def catalogued(name: str, parts: Mapping[str, Part], identity: str | None = None) -> Source:
    """Return a data set of the catalogue.

    Args:
        name: of the catalogue.
        parts: arrays of one size, or files of photographs.
        identity: where they are files, what changes whenever these may have changed.
    """
    entry = ENTRIES[name]
    return Source(
        name,
        entry.title,
        entry.class_names,
        parts,
        (entry.side, entry.side) if entry.side else None,
        entry.channels,
        identity,
        licence=entry.licence,
        citation=entry.citation,
        pad_crop=entry.pad_crop,
        horizontal_flip=entry.horizontal_flip,
    )


def unknown_class(name: str, parts: tuple[str, ...]) -> str:
    """Return what is wrong with a class that has images in other parts but none to train on."""
    return (
        f"the {' and '.join(parts)} images have the class {name}, which no training image has; "
        "give training images of it or remove it"
    )
