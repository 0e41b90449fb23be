"""Images of files, decoded, and with each what the checks want to know of it: both come from one reading."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from resnet_studio.data.decode import Decoding, ImageError, decoded_with_kind
from resnet_studio.data.images import Images

VERSION = 1
"""To be raised whenever the same file gives other facts, so that no old ones are used."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a file once it was decoded, or once that failed."""

    problem: str = ""
    """Why it can't be used (see `ImageError`); empty where it can."""
    reason: str = ""
    """The same in words that follow the name of the file."""
    format: str = ""
    """Pillow's name of the format, such as JPEG."""
    mode: str = ""
    """Pillow's name of the channels in the file, such as CMYK."""
    height: int = 0
    """As it stands upright, in pixels."""
    width: int = 0
    deep: bool = False
    transparent: bool = False
    turned: bool = False
    animated: bool = False
    pixels: str = ""
    """Hash of the decoded pixels: two images of one pass that have it in common are alike."""
    spread: int = 0
    """Largest difference between two values of one channel in the decoded pixels, 0 to 255."""

    def row(self) -> list[Any]:
        """Return the facts as a list that JSON can write; `Facts(*row)` reads it."""
        return list(astuple(self))


class Examined(NamedTuple):
    """Some files of a source, in order."""

    facts: tuple[Facts, ...]
    """Of every file, also of those that can't be used."""
    images: Images
    """Of the files that can be used, (n, H, W, C)."""


def examined(root: Path, names: Sequence[str], decoding: Decoding) -> Examined:
    """Decode files of a source.

    Args:
        root: folder of the source.
        names: of the files, relative to it.
        decoding: how they are made equal in shape.
    """
    facts, images = [], []
    for name in names:
        try:
            image, kind = decoded_with_kind(root / name, decoding)
        except ImageError as error:
            facts.append(Facts(error.problem, error.reason))
            continue
        images.append(image)
        facts.append(
            Facts(
                format=kind.format,
                mode=kind.mode,
                height=kind.size[0],
                width=kind.size[1],
                deep=kind.deep,
                transparent=kind.transparent,
                turned=kind.turned,
                animated=kind.animated,
                pixels=hashed_pixels(image),
                spread=spread(image),
            )
        )
    return Examined(tuple(facts), np.stack(images) if images else np.empty((0, *decoding.shape), np.uint8))


def hashed_pixels(image: Images) -> str:
    """Return a hash of an image, uint8 (H, W, C), long enough that two different ones never have it in common."""
    return hashlib.sha256(np.ascontiguousarray(image).data).hexdigest()[:24]


def spread(image: Images) -> int:
    """Return the largest difference between two values of one channel of an image, uint8 (H, W, C)."""
    # thirty times as fast along the last axis as along the first
    channels = np.ascontiguousarray(image.reshape(-1, image.shape[-1]).T)
    return int((channels.max(axis=1) - channels.min(axis=1)).max())
