"""What one run learned, as lines in a plot: the smoothed training curve, validation, the average of the weights."""

import numpy as np

from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.plot import Plot
from resnet_studio.gui.pages.train.smoothing import Floats, one_per_column, smoothed
from resnet_studio.gui.pages.train.thick_line import ThickLine

POINT_ROOM = 10
"""Pixels that a validation point needs to be told from its neighbour; where they have less, the line goes without."""


class Learned:
    """The lines of the run that is shown, or, faint, of what it goes on from.

    Attributes:
        x: where the logged points stand, ascending, shape (n,).
        values: their values, shape (n,).
        smooth: those smoothed, shape (n,).
    """

    def __init__(self, plot: Plot, *, faint: bool = False) -> None:
        self.x: Floats = np.empty(0)
        self.values: Floats = np.empty(0)
        self.smooth: Floats = np.empty(0)
        self._at: Floats = np.empty(0)
        self._validated: Floats = np.empty(0)
        self._averaged: Floats = np.empty(0)
        self._plot = plot
        self.line = plot.add(ThickLine("blue", 2.0, faint=faint))
        self.average = plot.add(Curve("green", wide=1.5, faint=faint, symbol="s", dashes=(2, 3)))
        self.validation = plot.add(Curve("vermillion", wide=1.5, faint=faint, symbol="o"))

    def set_values(self, x: Floats, values: Floats, factor: float) -> None:
        """Take all logged points, both of shape (n,), and the factor to smooth them with."""
        self.x, self.values, self.smooth = x, values, smoothed(values, factor)

    def set_validation(self, at: Floats, values: Floats, averaged: Floats) -> None:
        """Take the values of all epochs.

        Args:
            at: where epochs end, shape (m,).
            values: of the weights, shape (m,).
            averaged: of their average, shape (m,), no number where none is kept.
        """
        self._at, self._validated, self._averaged = at, values, averaged
        self.validation.setData(at, values)
        # only what is a number: of a curve with none Qt can't tell where it lies
        kept = np.isfinite(averaged)
        self.average.setData(at[kept], averaged[kept])

    def lay(self, *, log: bool) -> Floats:
        """Thin the lines for what is in sight of the plot.

        Args:
            log: whether its y axis is logarithmic.

        Returns:
            All values of them in sight.
        """
        low, high = self._plot.view.viewRange()[0]
        # a point every other pixel: on a smoothed curve nobody sees the difference, and half the strokes are drawn
        x, y = one_per_column(self.x, self.smooth, low, high, self._plot.columns // 2)
        self.line.set_points(x, placed(y, log=log))
        seen = self._plot.seen(self.x)
        inside = (self._at >= low) & (self._at <= high)
        for curve in (self.validation, self.average):
            curve.setSymbol(curve.symbol if np.count_nonzero(inside) * POINT_ROOM <= self._plot.columns else None)
        return np.concatenate([self.smooth[seen], self._validated[inside], self._averaged[inside]])


def placed(values: Floats, *, log: bool) -> Floats:
    """Return where values stand along y; what has no place on a logarithmic axis is no number."""
    if not log:
        return values
    return np.log10(values, out=np.full_like(values, np.nan), where=values > 0)
