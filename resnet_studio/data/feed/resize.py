"""Whole batches of images in another size."""

from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import interpolate

Size: TypeAlias = tuple[int, int]
"""Height and width in pixels."""


def resized(images: Tensor, size: Size) -> Tensor:
    """Return images in another size, bilinearly and with antialiasing, as torchvision resizes.

    Args:
        images: uint8 (n, H, W, C).
        size: height and width wanted.

    Returns:
        uint8 (n, height, width, C); the images themselves where they have that size.
    """
    if tuple(images.shape[1:3]) == size:
        return images
    planes = images.permute(0, 3, 1, 2)
    if images.device.type == "cpu":
        return interpolate(planes, size, mode="bilinear", antialias=True).permute(0, 2, 3, 1).contiguous()
    return _rounded(planes, size).permute(0, 2, 3, 1).contiguous()


def _rounded(planes: Tensor, size: Size) -> Tensor:
    """Return the same by way of floats, as only the CPU can do it with bytes; uint8 (n, C, height, width)."""
    values = interpolate(planes.to(torch.float32), size, mode="bilinear", antialias=True)
    return values.round_().clamp_(0, 255).to(torch.uint8)
