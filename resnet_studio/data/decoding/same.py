"""Whether two files hold the same picture: the last word where small copies of both are alike."""

import filecmp
from pathlib import Path

import numpy as np

from resnet_studio.data.decoding.decode import Decoding, decoded_file, header
from resnet_studio.data.decoding.image_error import ImageError

_MOST_SIDE = 4096
"""Larger ones are compared in this many pixels, so that both fit in memory."""


def same_picture(root: Path, first: str, second: str) -> bool:
    """Whether two files are equal byte by byte or, in whatever formats, pixel by pixel.

    Args:
        root: folder of the source.
        first: name of a file, relative to it.
        second: the same.
    """
    one, other = root / first, root / second
    try:
        if filecmp.cmp(one, other, shallow=False):
            return True
        height, width, _ = header(one)
        way = Decoding((min(height, _MOST_SIDE), min(width, _MOST_SIDE)), 3, "stretch")
        return np.array_equal(decoded_file(one, way), decoded_file(other, way))
    except (OSError, ImageError):
        # it was there when it was looked at
        return False
