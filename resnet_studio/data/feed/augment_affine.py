"""Rotations, shifts, zooms and shears: affine maps, each image with its own.

Drawing happens on the host, in numpy; moving pixels happens on the device, all images at once.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from resnet_studio.data.draws import Draws, Purpose, Reals
from resnet_studio.data.feed.resize import Size


def affine_draw(draws: Draws, *, angle: float, shift: float, zoom: float, shear: float, size: Size) -> Reals:
    """Draw an affine map of each image as torchvision's RandomAffine does: every parameter even to both sides.

    Args:
        draws: of the images, (n,).
        angle: largest rotation in degrees.
        shift: largest shift as a share of height and width; it is rounded to whole pixels.
        zoom: largest relative change of the scale.
        shear: largest angle along x in degrees.
        size: height and width of the images.

    Returns:
        See `Affine.sources`, (n, 6).
    """
    height, width = size

    def sided(most: float, purpose: Purpose) -> Reals:
        return draws.uniform(purpose, low=-most, high=most)

    affine = Affine(
        angle=sided(angle, Purpose.ANGLE),
        shift_x=np.rint(sided(shift * width, Purpose.SHIFT_X)),
        shift_y=np.rint(sided(shift * height, Purpose.SHIFT_Y)),
        scale=1 + sided(zoom, Purpose.ZOOM),
        shear_x=sided(shear, Purpose.SHEAR),
    )
    return affine.sources(len(draws.samples))


@dataclass(frozen=True)
class Affine:
    """The parameters of an affine map of each image, as torchvision names them; each (n,) or one for all."""

    angle: Reals | float = 0.0
    """Degrees, clockwise."""
    shift_x: Reals | float = 0.0
    """Pixels, to the right."""
    shift_y: Reals | float = 0.0
    """Pixels, down."""
    scale: Reals | float = 1.0
    shear_x: Reals | float = 0.0
    """Degrees."""
    shear_y: Reals | float = 0.0
    """Degrees."""

    def sources(self, count: int, centre: tuple[float, float] = (0.0, 0.0)) -> Reals:
        """Return the map from a place of the changed image to that of the image it comes from.

        The places are (x, y) in pixels from the middle of the image; the map first shears along y and x, scales and
        turns about the centre, then shifts.

        Args:
            count: number of images.
            centre: the place that only shifts, (x, y).

        Returns:
            The first two rows of the matrices, (count, 6).
        """
        angle, shear_x, shear_y = (
            np.broadcast_to(np.deg2rad(each), count) for each in (self.angle, self.shear_x, self.shear_y)
        )
        zeros, ones = np.zeros(count), np.ones(count)
        unturned = _matrices(np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle))
        unsheared = _matrices(ones, np.tan(shear_x), zeros, ones) @ _matrices(ones, zeros, np.tan(shear_y), ones)
        inverse = unsheared @ unturned / np.broadcast_to(self.scale, count)[:, None, None]
        middle = np.array(centre, dtype=np.float64)
        shift = np.stack([np.broadcast_to(each, count) for each in (self.shift_x, self.shift_y)], 1)
        offset = middle - (inverse @ (middle + shift)[:, :, None])[:, :, 0]
        return np.concatenate([inverse, offset[:, :, None]], 2).reshape(count, 6)


def warped(images: Tensor, sources: Tensor) -> Tensor:
    """Return each image drawn through its own affine map, bilinearly, black where nothing comes from the image.

    Args:
        images: float32 (n, C, H, W), whole numbers.
        sources: see `Affine.sources`, float32 (n, 6).

    Returns:
        float32 (n, C, H, W), whole numbers.
    """
    height, width = images.shape[2:]
    x = torch.arange(width, dtype=torch.float32, device=images.device) - (width - 1) / 2
    y = torch.arange(height, dtype=torch.float32, device=images.device).unsqueeze(1) - (height - 1) / 2
    a, b, c, d, e, f = sources.view(-1, 6, 1, 1).unbind(1)
    # products of single numbers: a matrix product would have ten bits of mantissa on a GPU with TF32
    grid = torch.empty((len(images), height, width, 2), device=images.device)
    torch.add((b * y + c) * (2 / width), a * (2 / width) * x, out=grid[..., 0])
    torch.add((e * y + f) * (2 / height), d * (2 / height) * x, out=grid[..., 1])
    return grid_sample(images, grid, align_corners=False).round_()


def _matrices(a: Reals, b: Reals, c: Reals, d: Reals) -> Reals:
    return np.stack([np.stack([a, b], 1), np.stack([c, d], 1)], 1)
