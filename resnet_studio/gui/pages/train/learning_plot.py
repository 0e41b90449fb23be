"""A plot of what is learned: the training curve, raw and smoothed, validation over it, and the best epoch."""

import numpy as np

from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.marks import BestMark
from resnet_studio.gui.pages.train.plot import Plot
from resnet_studio.gui.pages.train.smoothing import Floats, one_per_column, smoothed
from resnet_studio.gui.pages.train.thick_line import ThickLine

POINT_ROOM = 10
"""Pixels that a validation point needs to be told from its neighbour; where they have less, the line goes without."""


class LearningPlot(Plot):
    """What the loss and the accuracy have in common."""

    def __init__(self, name: str, unit: str, *, room: float, epochs: bool = False) -> None:
        super().__init__(name, unit, room=room, epochs=epochs)
        self.log = False
        self.x: Floats = np.empty(0)
        self.values: Floats = np.empty(0)
        self.smooth: Floats = np.empty(0)
        self._at: Floats = np.empty(0)
        self._validated: Floats = np.empty(0)
        self._averaged: Floats = np.empty(0)
        self._best: tuple[float, float, str] | None = None
        self.raw = self.add(Curve("blue", faint=True))
        self.line = self.add(ThickLine("blue", 2.0))
        self.average = self.add(Curve("green", wide=1.5, symbol="s", dashes=(2, 3)))
        self.validation = self.add(Curve("vermillion", wide=1.5, symbol="o"))
        self.best = BestMark()
        self.addItem(self.best, ignoreBounds=True)

    def set_values(self, x: Floats, values: Floats, factor: float) -> None:
        """Take all logged points of a run, both of shape (n,), and the factor to smooth them with."""
        self.x, self.values, self.smooth = x, values, smoothed(values, factor)
        self.raw.setData(x, values)

    def set_validation(
        self, at: Floats, values: Floats, averaged: Floats, best: tuple[float, float, str] | None
    ) -> None:
        """Take the values of all epochs.

        Args:
            at: where epochs end, shape (m,).
            values: of the weights, shape (m,).
            averaged: of their average, shape (m,), no number where none is kept.
            best: place, value and label of the best of the weights.
        """
        self._at, self._validated, self._averaged, self._best = at, values, averaged, best
        self.validation.setData(at, values)
        # only what is a number: of a curve with none Qt can't tell where it lies
        kept = np.isfinite(averaged)
        self.average.setData(at[kept], averaged[kept])

    def lay(self) -> None:
        """Thin the smoothed curve, fit the y axis and mark the best epoch for what is in sight."""
        low, high = self.view.viewRange()[0]
        # a point every other pixel: on a smoothed curve nobody sees the difference, and half the strokes are drawn
        x, y = one_per_column(self.x, self.smooth, low, high, self.columns // 2)
        self.line.set_points(x, self.placed(y))
        seen = self.seen(self.x)
        inside = (self._at >= low) & (self._at <= high)
        for curve in (self.validation, self.average):
            curve.setSymbol(curve.symbol if np.count_nonzero(inside) * POINT_ROOM <= self.columns else None)
        lines = [self.smooth[seen], self._validated[inside], self._averaged[inside]]
        self.set_y(*self.y_range(self.values[seen], np.concatenate(lines)))
        self.best.setVisible(self._best is not None)
        if self._best:
            at, value, label = self._best
            self.best.put(at, float(self.placed(np.array([value]))[0]), label)

    def y_range(self, raw: Floats, lines: Floats) -> tuple[float, float]:
        """Return what to show along y of the raw values and of the smoothed and validation values in sight."""
        raise NotImplementedError

    def placed(self, values: Floats) -> Floats:
        """Return where values stand along y; what has no place on a logarithmic axis is no number."""
        if not self.log:
            return values
        return np.log10(values, out=np.full_like(values, np.nan), where=values > 0)
