"""Which epochs share a band behind the plots, and what stands above it. Pure arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

ONE_WIDTH, GROUP_WIDTH = 64, 96
"""Pixels that labels such as `epoch 12` and `epochs 101–120` need."""


@dataclass(frozen=True)
class Band:
    """One or more whole epochs from `start` to `end` along the x axis; every other one is `shaded`."""

    start: float
    end: float
    label: str
    shaded: bool


def bands(borders: NDArray[np.float64], low: float, high: float, pixels: float) -> list[Band]:
    """Return the bands that can be seen, each wide enough for its label: single epochs, or 2, 5, 10, 20... of them.

    Args:
        borders: where epochs begin and the last one ends, ascending, shape (epochs + 1,).
        low: left edge of what is shown.
        high: right edge of what is shown.
        pixels: between the edges.
    """
    epochs = len(borders) - 1
    if high <= low or pixels <= 0:
        return []
    widths = np.diff(borders)
    known = widths[widths > 0]  # of others it is not known how long they took
    wide = max(float(np.mean(known)) * pixels / (high - low) if len(known) else 0.0, 1e-9)
    size = next(step for step in _steps() if step * wide >= (GROUP_WIDTH if step > 1 else ONE_WIDTH) or step >= epochs)
    starts = np.arange(0, epochs, size)
    ends = np.minimum(starts + size, epochs)
    seen = (borders[starts] < high) & (borders[ends] > low)
    return [
        Band(float(borders[start]), float(borders[end]), _label(start + 1, end), bool(start // size % 2 == 0))
        for start, end in zip(starts[seen].tolist(), ends[seen].tolist(), strict=True)
    ]


def _steps() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50..."""
    return ((1, 2, 5)[place % 3] * 10 ** (place // 3) for place in count())


def _label(first: int, last: int) -> str:
    return f"epoch {first}" if first == last else f"epochs {first}–{last}"
