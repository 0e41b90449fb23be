"""TrivialAugment and RandAugment: operations of a table, each image its own, at its own magnitude.

Which image gets which operation is known on the host, so that the device gets whole groups of images and no mask: the
host never waits for it. The tables are torchvision's, each side with either sign where an operation has one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_studio.data.draws import Draws, Purpose, Reals
from resnet_studio.data.feed import augment_colour as colour
from resnet_studio.data.feed.augment_affine import Affine, warped
from resnet_studio.data.feed.resize import Size
from resnet_studio.data.feed.transfer import to_device

Operation: TypeAlias = Callable[[Tensor, Tensor], Tensor]

OPERATIONS = (
    "identity",
    "shear_x",
    "shear_y",
    "translate_x",
    "translate_y",
    "rotate",
    "brightness",
    "saturation",
    "contrast",
    "sharpness",
    "posterize",
    "solarize",
    "autocontrast",
    "equalize",
)
"""Names in the order of their numbers: the numbers decide what a draw means."""
_NUMBER = {name: number for number, name in enumerate(OPERATIONS)}
_FIRST_AFFINE, _LAST_AFFINE = _NUMBER["shear_x"], _NUMBER["rotate"]
_COLOUR: dict[str, Operation] = {
    "brightness": colour.brightness,
    "saturation": colour.saturation,
    "contrast": colour.contrast,
    "sharpness": colour.sharpness,
    "posterize": colour.posterized,
    "solarize": colour.solarized,
    "autocontrast": lambda images, _: colour.autocontrasted(images),
    "equalize": lambda images, _: colour.equalized(images),
}
COLUMNS = 8
"""Numbers that an operation of an image takes: which one, how much, and the six of an affine map."""


@dataclass(frozen=True)
class Ranges:
    """The largest magnitudes of a table."""

    shear: float
    """Tangent of the angle."""
    translate: tuple[float, float]
    """Pixels, down and to the right."""
    rotate: float
    """Degrees."""
    factor: float
    """Of brightness, saturation, contrast and sharpness: how far from 1."""
    bits: int
    """Of each value: how many go."""


def trivial_ranges(size: Size) -> Ranges:
    """Return the wide ranges of TrivialAugment (Mueller and Hutter 2021): 32 pixels of images of 32 and more."""
    height, width = size
    return Ranges(0.99, (min(32, height), min(32, width)), 135.0, 0.99, 6)


def rand_ranges(size: Size) -> Ranges:
    """Return the ranges of RandAugment (Cubuk et al. 2019), reached at its magnitude 30."""
    height, width = size
    return Ranges(0.3, (150 / 331 * height, 150 / 331 * width), 30.0, 0.9, 4)


def trivial_draw(draws: Draws, strength: float, size: Size) -> Reals:
    """Draw one operation of each image, even among all, at one of 31 magnitudes, even as well.

    Args:
        draws: of the images, (n,).
        strength: share of the widest magnitudes that the largest has.
        size: height and width of the images.

    Returns:
        See `changed`, (n, COLUMNS).
    """
    numbers = draws.below(len(OPERATIONS), Purpose.TRIVIAL_KIND)
    shares = draws.below(31, Purpose.TRIVIAL_AMOUNT) / 30 * strength
    signs = np.where(draws.uniform(Purpose.TRIVIAL_SIGN) < 0.5, -1, 1)
    return _columns(numbers, shares, signs, trivial_ranges(size), size)


def rand_draw(draws: Draws, magnitude: float, place: int, size: Size) -> Reals:
    """Draw one of the operations of RandAugment of each image, even among all.

    Args:
        draws: of the images, (n,).
        magnitude: from 0 to 30.
        place: of the operation among those of an image, from 0.
        size: height and width of the images.

    Returns:
        See `changed`, (n, COLUMNS).
    """
    numbers = draws.below(len(OPERATIONS), Purpose.RAND_KIND, place)
    signs = np.where(draws.uniform(Purpose.RAND_SIGN, place) < 0.5, -1, 1)
    return _columns(numbers, np.full(len(numbers), magnitude / 30), signs, rand_ranges(size), size)


def changed(images: Tensor, drawn: Tensor, numbers: NDArray[np.int64]) -> Tensor:
    """Return the images, each changed by its operation.

    Args:
        images: float32 (n, C, H, W), whole numbers from 0 to 255.
        drawn: number of the operation, its amount, and the affine map where it is one; float32 (n, COLUMNS).
        numbers: the first column of `drawn`, on the host, (n,).

    Returns:
        float32 (n, C, H, W), whole numbers.
    """
    # shears, shifts and turns are one group, as one function does them all
    groups = np.where((numbers >= _FIRST_AFFINE) & (numbers <= _LAST_AFFINE), _FIRST_AFFINE, numbers)
    order = np.argsort(groups, kind="stable")
    present, starts = np.unique(groups[order], return_index=True)
    places = to_device(order, images.device)
    images, drawn = images.index_select(0, places), drawn.index_select(0, places)
    parts = zip(present.tolist(), starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True)
    done = [_operated(images[first:last], drawn[first:last], group) for group, first, last in parts]
    return torch.empty_like(images).index_copy_(0, places, torch.cat(done))


def _operated(images: Tensor, drawn: Tensor, group: int) -> Tensor:
    if group == _FIRST_AFFINE:
        return warped(images, drawn[:, 2:])
    operation = _COLOUR.get(OPERATIONS[group])
    return images if operation is None else operation(images, drawn[:, 1])


def _columns(numbers: NDArray[np.int64], shares: Reals, signs: NDArray[np.int64], ranges: Ranges, size: Size) -> Reals:
    """Return number, amount and affine map of each image's operation at a share of its largest magnitude."""
    count = len(numbers)
    amounts = np.zeros(count)
    sides = shares * signs
    for name in ("brightness", "saturation", "contrast", "sharpness"):
        amounts = np.where(numbers == _NUMBER[name], 1 + ranges.factor * sides, amounts)
    amounts = np.where(numbers == _NUMBER["posterize"], np.rint(8 - ranges.bits * shares), amounts)
    amounts = np.where(numbers == _NUMBER["solarize"], 255 * (1 - shares), amounts)
    return np.column_stack([numbers, amounts, _maps(numbers, sides, ranges, size)])


def _maps(numbers: NDArray[np.int64], sides: Reals, ranges: Ranges, size: Size) -> Reals:
    """Return the affine maps of the images, (n, 6); the others' leaves everything where it is."""

    def only(name: str, values: Reals) -> Reals:
        return np.where(numbers == _NUMBER[name], values, 0.0)

    shear = np.rad2deg(np.arctan(ranges.shear * sides))
    (down, right), (height, width) = ranges.translate, size
    # shears leave the upper left corner where it is, turns the middle
    sheared = Affine(shear_x=only("shear_x", shear), shear_y=only("shear_y", shear))
    moved = Affine(
        # the other way round, as rotations are counter-clockwise
        angle=only("rotate", -ranges.rotate * sides),
        shift_x=only("translate_x", np.trunc(right * sides)),
        shift_y=only("translate_y", np.trunc(down * sides)),
    )
    count = len(numbers)
    is_shear = (numbers == _NUMBER["shear_x"]) | (numbers == _NUMBER["shear_y"])
    corner = (-width / 2, -height / 2)
    return np.where(is_shear[:, None], sheared.sources(count, corner), moved.sources(count))
