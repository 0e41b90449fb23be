"""Images of files, decoded, and with each what the checks want to know of it: both come from one reading."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.decoding.decode import Decoding, decoded_with_kind
from resnet_studio.data.decoding.image_error import ImageError
from resnet_studio.data.images import Images

VERSION = 2
"""To be raised whenever the same file gives other facts, so that no old ones are used."""
_LOOKED_AT = 3000


class Facts(NamedTuple):
    """What is known of a file once it was decoded, or once that failed; `Facts(*row)` reads it from a row of JSON."""

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
    """How far the values of the decoded pixels lie apart, 0 to 255 (see `spread`)."""


class Examined(NamedTuple):
    """Some files of a source, in order."""

    facts: tuple[Facts, ...]
    """Of every file, also of those that can't be used."""
    images: Images
    """Of the files that can be used, (n, H, W, C); none where the pixels aren't wanted."""


def examined(root: Path, names: Sequence[str], decoding: Decoding, *, keep: bool = True) -> Examined:
    """Decode files of a source.

    Args:
        root: folder of the source.
        names: of the files, relative to it.
        decoding: how they are made equal in shape.
        keep: whether the pixels are wanted; without, `images` is empty.
    """
    facts, images = [], []
    for name in names:
        try:
            image, kind = decoded_with_kind(root / name, decoding)
        except ImageError as error:
            facts.append(Facts(error.problem, error.reason))
            continue
        if keep:
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
    """Return how far the values of an image, uint8 (H, W, C), lie apart: see `spreads`."""
    return int(spreads(image[np.newaxis])[0])


def spreads(images: Images) -> NDArray[np.uint8]:
    """Return how far the values of images, uint8 (N, H, W, C), lie apart in the channel where they do most, (N,).

    That is the difference between the first and the 99th percentile, as in scikit-image's `is_low_contrast`: a few
    specks make no picture. Of large images some thousand pixels are looked at.
    """
    count, high, wide, channels = images.shape
    pixels = images.reshape(count, high * wide, channels)
    pixels = pixels[:, :: max(1, pixels.shape[1] // _LOOKED_AT)]
    specks = pixels.shape[1] // 100
    # a stable sort counts bytes, which is ten times faster than a partition
    ordered = np.sort(np.ascontiguousarray(pixels.transpose(0, 2, 1)), axis=2, kind="stable")
    apart: NDArray[np.uint8] = (ordered[:, :, -1 - specks] - ordered[:, :, specks]).max(axis=1)
    return apart
