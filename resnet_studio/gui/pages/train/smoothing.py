"""The arithmetic of a smoothed curve: an exponential mean without a start's bias, and points thinned for a screen."""

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def smoothed(values: Floats, factor: float) -> Floats:
    """Return the debiased exponential mean of a series.

    Point t is the mean of all points s <= t, weighted with `factor` to the power of t - s (Kingma and Ba 2014,
    section 3). A point that is no finite number has no weight, and none in the result.

    Args:
        values: the series, shape (n,).
        factor: share that is kept from point to point, from 0 (the series itself) to less than 1.

    Returns:
        Shape (n,).

    Raises:
        ValueError: the factor is out of its range.
    """
    if not 0 <= factor < 1:
        raise ValueError(f"the factor is {factor}, not from 0 to less than 1")
    if factor == 0:
        return values.copy()
    finite = np.isfinite(values)
    sums = _decayed_sums(np.where(finite, values, 0.0), factor)
    weights = _decayed_sums(finite.astype(np.float64), factor)
    return np.divide(sums, weights, out=np.full_like(values, np.nan), where=finite)


def one_per_column(x: Floats, y: Floats, low: float, high: float, columns: int) -> tuple[Floats, Floats]:
    """Return at most one point a column of pixels: the mean of those that fall on it.

    The first points beyond either edge are kept too, so that the line runs on to the edge.

    Args:
        x: where the points stand, ascending, shape (n,).
        y: their values, shape (n,).
        low: left edge of what is shown.
        high: right edge of what is shown.
        columns: pixels between the edges.

    Returns:
        Where the means stand, and their values.
    """
    first = max(0, int(np.searchsorted(x, low)) - 1)
    last = min(len(x), int(np.searchsorted(x, high, side="right")) + 1)
    x, y = x[first:last], y[first:last]
    if len(x) <= columns or high <= low:
        return x.copy(), y.copy()
    column = np.floor((x - low) * (columns / (high - low)))
    starts = np.flatnonzero(np.append(True, column[1:] != column[:-1]))
    counts = np.diff(np.append(starts, len(x)))
    return np.add.reduceat(x, starts) / counts, np.add.reduceat(y, starts) / counts


def _decayed_sums(values: Floats, factor: float) -> Floats:
    """Return, for each point, the sum of all up to it, each weighted with `factor` to the power of its age."""
    # 60 ns a point; a matrix product would be faster, but its threads would stand in the training's way
    return np.fromiter(accumulate(values.tolist(), lambda carried, value: carried * factor + value), float, len(values))
