"""Mixup and cutmix: an image and a partner of the whole set become one, and so do their labels.

Both are drawn for each image from (seed, epoch, sample), so an image has the same partner whatever its batch is.
"""

import numpy as np
import torch
from torch import Tensor

from resnet_studio.data.draws import Draws, Purpose, Reals
from resnet_studio.data.feed.augment_boxes import filled
from resnet_studio.data.feed.resize import Size

COLUMNS = 6
"""Numbers that a mixture takes: the image's share of the values, that of its label, and the partner's rectangle."""


def mix_draw(draws: Draws, mixup: float, cutmix: float, size: Size) -> Reals:
    """Draw how each image is mixed with its partner.

    With mixup, the image's share of every value and of the label is drawn from Beta(mixup, mixup) (Zhang et al. 2017).
    With cutmix, a share of that distribution is the area that stays: the rest is a rectangle in the image's proportions
    with an even middle, cut at the image's edges, and the label's share is what truly stays (Yun et al. 2019). Where
    both are on, each image gets one of them, either as often.

    Args:
        draws: of the images, (n,).
        mixup: alpha; 0: never.
        cutmix: alpha; 0: never.
        size: height and width of the images.

    Returns:
        (n, COLUMNS).
    """
    count = len(draws.samples)
    is_cut = np.full(count, cutmix > 0)
    if mixup and cutmix:
        is_cut = draws.uniform(Purpose.MIX_KIND) < 0.5
    share = draws.beta(mixup, Purpose.MIX_SHARE) if mixup else np.ones(count)
    boxes = _cut_boxes(draws, cutmix, size) if cutmix else np.zeros((count, 4))
    boxes = np.where(is_cut[:, None], boxes, 0)
    kept = 1 - (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) / (size[0] * size[1])
    return np.column_stack([np.where(is_cut, 1, share), np.where(is_cut, kept, share), boxes])


def _cut_boxes(draws: Draws, alpha: float, size: Size) -> Reals:
    """Return first row, first column, and those after the last, (n, 4)."""
    half = np.sqrt(1 - draws.beta(alpha, Purpose.CUT_SHARE)) / 2
    sides: list[tuple[Reals, Reals]] = []
    for length, purpose in zip(size, (Purpose.CUT_TOP, Purpose.CUT_LEFT), strict=True):
        middle, reach = draws.below(length, purpose), (half * length).astype(np.int64)
        sides.append((np.clip(middle - reach, 0, length), np.clip(middle + reach, 0, length)))
    (top, bottom), (left, right) = sides
    return np.stack([top, left, bottom, right], 1)


def mixed(images: Tensor, others: Tensor, drawn: Tensor) -> Tensor:
    """Return each image mixed with its partner.

    Args:
        images: float32 (n, C, H, W), whole numbers.
        others: their partners, alike.
        drawn: see `mix_draw`, float32 (n, COLUMNS).

    Returns:
        float32 (n, C, H, W), whole numbers.
    """
    blended = torch.lerp(others, images, drawn[:, 0].view(-1, 1, 1, 1)).round_()
    return filled(blended, drawn[:, 2:], others)


def soft_labels(labels: Tensor, others: Tensor, drawn: Tensor, num_classes: int) -> Tensor:
    """Return the share of each class in mixed images.

    Args:
        labels: of the images, int64 (n,).
        others: of their partners, int64 (n,).
        drawn: see `mix_draw`, float32 (n, COLUMNS).
        num_classes: number of classes.

    Returns:
        float32 (n, num_classes); each row adds up to 1.
    """
    share = drawn[:, 1:2]
    classes = torch.zeros((len(labels), num_classes), device=labels.device)
    return classes.scatter_(1, labels[:, None], share).scatter_add_(1, others[:, None], 1 - share)
