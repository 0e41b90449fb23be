"""Random rectangles: what a random resized crop takes, and what random erasing and cutout erase."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_studio.data.draws import Draws, Purpose, Reals
from resnet_studio.data.feed.resize import Size

CROP_RATIOS = (3 / 4, 4 / 3)
ERASED_AREAS = (0.02, 0.33)
ERASED_RATIOS = (1 / 3.3, 1 / 0.3)
ATTEMPTS = 10
"""How often a box is drawn anew that doesn't fit into the image, as in torchvision."""


def crop_boxes(draws: Draws, smallest: float, size: Size) -> Reals:
    """Draw a box in each image as torchvision's RandomResizedCrop does (Szegedy et al. 2014).

    Its share of the area is even between `smallest` and 1, its ratio of width to height log-even between 3/4 and 4/3,
    its place even. Where no box of ten fits, it is the largest in the middle whose ratio is within these.

    Args:
        draws: of the images, (n,).
        smallest: share of the area.
        size: height and width of the images.

    Returns:
        Top, left, height and width in whole pixels, (n, 4).
    """
    height, width = size
    boxes = _fitting_boxes(draws, size, (smallest, 1.0), CROP_RATIOS, (Purpose.CROP_AREA, Purpose.CROP_RATIO))
    low, high = CROP_RATIOS
    whole = (min(height, round(width / low)), min(width, round(height * high)))
    tall, wide = (np.where(side > 0, side, most) for side, most in zip(boxes, whole, strict=True))
    fits = boxes[0] > 0
    top = np.where(fits, draws.below(height - tall + 1, Purpose.CROP_TOP), (height - tall) // 2)
    left = np.where(fits, draws.below(width - wide + 1, Purpose.CROP_LEFT), (width - wide) // 2)
    return np.stack([top, left, tall, wide], 1).astype(np.float64)


def erased_boxes(draws: Draws, probability: float, size: Size) -> Reals:
    """Draw the rectangle of each image that is erased, as torchvision's RandomErasing does (Zhong et al. 2017).

    Its share of the area is even between 0.02 and 0.33, its ratio of width to height log-even between 1/3.3 and 1/0.3.

    Args:
        draws: of the images, (n,).
        probability: that there is one at all.
        size: height and width of the images.

    Returns:
        First row, first column, and the row and column after the last, (n, 4); empty where nothing is erased.
    """
    height, width = size
    purposes = (Purpose.ERASE_AREA, Purpose.ERASE_RATIO)
    tall, wide = _fitting_boxes(draws, size, ERASED_AREAS, ERASED_RATIOS, purposes, margin=1)
    hit = draws.uniform(Purpose.ERASE) < probability
    tall, wide = (np.where(hit, side, 0) for side in (tall, wide))
    top = draws.below(height - tall + 1, Purpose.ERASE_TOP)
    left = draws.below(width - wide + 1, Purpose.ERASE_LEFT)
    return np.stack([top, left, top + tall, left + wide], 1).astype(np.float64)


def cutout_boxes(draws: Draws, side: int, size: Size) -> Reals:
    """Draw the square of each image that cutout erases (DeVries and Taylor 2017).

    Its middle is any pixel of the image, each as often, so that the image's edges may cut it: what part of the image
    goes differs from image to image, which the paper found to matter.

    Args:
        draws: of the images, (n,).
        side: of the square in pixels.
        size: height and width of the images.

    Returns:
        First row, first column, and the row and column after the last, (n, 4).
    """
    middles = zip(size, (Purpose.CUTOUT_ROW, Purpose.CUTOUT_COLUMN), strict=True)
    first = np.stack([draws.below(length, purpose) for length, purpose in middles], 1) - side // 2
    return np.concatenate([np.maximum(first, 0), np.minimum(first + side, size)], 1).astype(np.float64)


def _fitting_boxes(
    draws: Draws,
    size: Size,
    areas: tuple[float, float],
    ratios: tuple[float, float],
    purposes: tuple[Purpose, Purpose],
    *,
    margin: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return height and width of the first box of ten that leaves a margin, each (n,); 0 where none does."""
    height, width = size
    log_low, log_high = np.log(ratios)
    found = np.zeros((2, len(draws.samples)), np.int64)
    for attempt in range(ATTEMPTS):
        area = height * width * draws.uniform(purposes[0], attempt, low=areas[0], high=areas[1])
        ratio = np.exp(draws.uniform(purposes[1], attempt, low=log_low, high=log_high))
        sides = np.rint(np.sqrt(np.stack([area / ratio, area * ratio]))).astype(np.int64)
        fits = (sides > 0).all(0) & (sides[0] <= height - margin) & (sides[1] <= width - margin)
        found = np.where((found[0] == 0) & fits, sides, found)
    return found[0], found[1]


def filled(images: Tensor, boxes: Tensor, filling: Tensor) -> Tensor:
    """Return the images with a rectangle of each replaced.

    Args:
        images: (n, C, H, W).
        boxes: first row, first column, and those after the last, (n, 4).
        filling: what stands in the rectangles, of the images' shape or (1, C, 1, 1).
    """
    top, left, bottom, right = boxes.view(-1, 4, 1, 1).unbind(1)
    rows = torch.arange(images.shape[2], device=images.device).unsqueeze(1)
    columns = torch.arange(images.shape[3], device=images.device)
    is_in = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    return torch.where(is_in.unsqueeze(1), filling, images)
