"""Mean and standard deviation of the images, the same bits on every machine."""

import math

import numpy as np

from resnet_studio.data.images import Images

_PIXELS = 1 << 18


def mean_and_std(images: Images) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation of each channel on a scale from 0 to 1, rounded to six places.

    The sums are exact: the partial sums of a piece are whole numbers that a float64 holds (below 2**53), the pieces
    are added as Python's integers. A channel that is the same everywhere gets the deviation 1, so that it can be
    divided by.

    Args:
        images: uint8 (N, H, W, C), N at least 1.
    """
    pixels = images.reshape(-1, images.shape[-1])
    channels = pixels.shape[1]
    total, squares = [0] * channels, [0] * channels
    for start in range(0, len(pixels), _PIXELS):
        piece = pixels[start : start + _PIXELS].astype(np.float64)
        # BLAS is several times faster here than a sum along the first axis
        sums, products = np.ones(len(piece)) @ piece, piece.T @ piece
        for channel in range(channels):
            total[channel] += int(sums[channel])
            squares[channel] += int(products[channel, channel])
    count = len(pixels)
    mean = tuple(round(one / (255 * count), 6) for one in total)
    variance = [(count * two - one * one) / (255 * count) ** 2 for one, two in zip(total, squares, strict=True)]
    return mean, tuple(max(round(math.sqrt(one), 6), 1e-6) if one else 1.0 for one in variance)
