"""Mean and standard deviation of the images, the same bits on every machine."""

import math

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.images import Images

_ROWS = 256
"""A float32 holds every whole number up to 2**24, and the sum of so many squares of bytes is less."""
_PIXELS = 128
"""Pixels in a row: with its sums, a piece fits into a core's own cache."""


def mean_and_std(images: Images) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation of each channel on a scale from 0 to 1, rounded to six places.

    The sums are exact: those of a piece's columns are whole numbers that a float32 holds, the others are integers. A
    channel that is the same everywhere gets the deviation 1, so that it can be divided by.

    Args:
        images: uint8 (N, H, W, C), N at least 1.
    """
    pixels = images.reshape(-1, images.shape[-1])
    total, squares = np.zeros((2, pixels.shape[1]), np.int64)
    for start in range(0, len(pixels), _ROWS * _PIXELS):
        piece = pixels[start : start + _ROWS * _PIXELS]
        # what doesn't fill a row of every column comes last, in rows of one pixel
        even = len(piece) // _ROWS * _ROWS
        for part in (piece[:even].reshape(_ROWS, -1), piece[even:]):
            values = part.astype(np.float32)
            total += _summed(values, len(total))
            squares += _summed(np.multiply(values, values, out=values), len(total))
    count, sums = len(pixels), list(zip(total.tolist(), squares.tolist(), strict=True))
    mean = tuple(round(one / (255 * count), 6) for one, _ in sums)
    variance = [(count * two - one * one) / (255 * count) ** 2 for one, two in sums]
    return mean, tuple(max(round(math.sqrt(one), 6), 1e-6) if one else 1.0 for one in variance)


def _summed(values: NDArray[np.float32], channels: int) -> NDArray[np.int64]:
    """Return the sum of each channel, given rows of pixels, (at most `_ROWS`, pixels * channels)."""
    # BLAS is faster here than a sum along the first axis
    columns = np.ones(len(values), np.float32) @ values
    total: NDArray[np.int64] = columns.reshape(-1, channels).sum(0, dtype=np.int64)
    return total
