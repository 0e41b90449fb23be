"""What the heights and widths of images come down to. Pure."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Sizes = Mapping[tuple[int, int], int]
"""How many images have a height and width."""

MOST_DOTS = 1500
"""Different sizes that are shown as they are; more are put together."""
_CELLS = 48


def summary(sizes: Sizes) -> str:
    """Return what there is as one line: 400×300 to 822×400, median 400×533 (width × height)."""
    if not sizes:
        return ""
    if len(sizes) == 1:
        ((height, width),) = sizes
        return f"all {width}×{height}"
    smallest = min(sizes, key=lambda size: (size[0] * size[1], size))
    largest = max(sizes, key=lambda size: (size[0] * size[1], size))
    high, wide = (_median(sizes, side) for side in (0, 1))
    return f"{_written(smallest)} to {_written(largest)}, median {wide}×{high}"


def dots(sizes: Sizes) -> NDArray[np.float64]:
    """Return width, height and number of images of each dot, (dots, 3); many sizes are put together by cells."""
    rows = np.array([(width, height, count) for (height, width), count in sizes.items()], np.float64).reshape(-1, 3)
    if len(rows) <= MOST_DOTS:
        return rows
    cell = np.maximum(rows[:, :2].max(axis=0) / _CELLS, 1)
    _, of, counts = np.unique(np.floor(rows[:, :2] / cell), axis=0, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    found = np.zeros((len(counts), 3))
    np.add.at(found, of, np.column_stack([rows[:, :2] * rows[:, 2:], rows[:, 2]]))
    found[:, :2] /= found[:, 2:]
    return found


def _median(sizes: Sizes, side: int) -> int:
    values = np.array([size[side] for size in sizes])
    counts = np.array(list(sizes.values()))
    order = np.argsort(values)
    passed = np.cumsum(counts[order])
    return int(values[order][np.searchsorted(passed, (passed[-1] + 1) // 2)])


def _written(size: tuple[int, int]) -> str:
    return f"{size[1]}×{size[0]}"
