"""What can be said of the heights and widths of images, and of what becomes of them in the size wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.checks.finding import DataFinding, Remedy
from resnet_studio.data.images import counted
from resnet_studio.spec.data import Resize

TINY_SHARE, TINY_SIDE = 8, 8
"""Images are tiny whose shorter side has less than this share of the usual, or fewer pixels than this."""
ELONGATED = 2
"""Images are elongated that are this many times as long as the shape wanted: a crop keeps this share's inverse."""
PADDING = Remedy("Pad instead", (("data.resize", "pad"),))

_Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Wanted:
    """The shape that all images get."""

    resize: Resize
    size: tuple[int, int] | None = None
    """Height and width; None: left open."""
    default: tuple[int, int] | None = None
    """Height and width where they are left open and the images differ in size; None: not known, a square probably."""

    def resolved(self, *, equal: bool) -> tuple[int, int] | None:
        """Return height and width as loading takes them; None: not known, or as all images have it."""
        return self.size or (None if equal else self.default)


def shape_findings(
    heights: Sequence[int], widths: Sequence[int], names: Sequence[str], wanted: Wanted
) -> Iterator[DataFinding]:
    """Yield what the sizes of the images say.

    Args:
        heights: of each image, upright; 0 for those that can't be used.
        widths: the same.
        names: file of each image.
        wanted: what they are made into.
    """
    high, wide = np.array(heights, np.int64), np.array(widths, np.int64)
    usable = np.flatnonzero(high)
    if not len(usable):
        return
    yield from _tiny(np.minimum(high, wide), usable, names)
    equal = not (np.ptp(high[usable]) or np.ptp(wide[usable]))
    size = wanted.resolved(equal=equal)
    if size is not None or not equal:
        yield from _elongated(high, wide, usable, names, wanted.resize, size or (1, 1))
    if size is not None:
        yield from _enlarged(high, wide, usable, names, wanted.resize, size)


def _tiny(sides: _Numbers, usable: _Numbers, names: Sequence[str]) -> Iterator[DataFinding]:
    usual = int(np.median(sides[usable]))
    bound = max(TINY_SIDE, usual // TINY_SHARE)
    tiny = usable[sides[usable] < bound]
    # where all are, it is what was wanted
    if 0 < 2 * len(tiny) < len(usable):
        why = f"less than {bound} pixels high or wide, where half of all have {usual} and more"
        message = counted(len(tiny), f"1 image is tiny: {why}.", f"{{}} images are tiny: {why}.")
        yield DataFinding("warning", "tiny", message, "nothing", _named(tiny, names))


def _elongated(
    high: _Numbers, wide: _Numbers, usable: _Numbers, names: Sequence[str], resize: Resize, size: tuple[int, int]
) -> Iterator[DataFinding]:
    """Yield the images of which a crop drops more than half, or which stretching distorts as much."""
    if resize == "pad":
        return
    height, width = size
    # in whole numbers: an image of exactly twice the length keeps its half
    lying, standing = wide[usable] * height, high[usable] * width
    long = usable[np.maximum(lying, standing) > ELONGATED * np.minimum(lying, standing)]
    if not len(long):
        return
    square = height == width
    than = f"longer than {ELONGATED}:1" if square else f"more than {ELONGATED} times as long as {height}x{width} is"
    if resize == "fill":
        becomes = ("crop to fill drops more than half of it", "crop to fill drops more than half of each")
    else:
        becomes = ("stretching distorts it as much", "stretching distorts each as much")
    message = counted(len(long), f"1 image is {than}; {becomes[0]}.", f"{{}} images are {than}; {becomes[1]}.")
    yield DataFinding("warning", "elongated", message, "convert", _named(long, names), remedies=(PADDING,))


def _enlarged(
    high: _Numbers, wide: _Numbers, usable: _Numbers, names: Sequence[str], resize: Resize, size: tuple[int, int]
) -> Iterator[DataFinding]:
    height, width = size
    low, narrow = high[usable] < height, wide[usable] < width
    # padding fits the longer side in, the others enlarge for either
    small = usable[low & narrow if resize == "pad" else low | narrow]
    if len(small):
        message = counted(
            len(small),
            f"1 image is smaller than the {height}x{width} wanted and is enlarged.",
            f"{{}} images are smaller than the {height}x{width} wanted and are enlarged.",
        )
        yield DataFinding("info", "enlarged", message, "convert", _named(small, names))


def _named(numbers: _Numbers, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[number] for number in numbers)
