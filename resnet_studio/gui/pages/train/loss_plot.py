"""The plot of the losses, with the checkpoints on its axis."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPen

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.learning_plot import LearningPlot
from resnet_studio.gui.pages.train.ranges import loss_range
from resnet_studio.gui.pages.train.smoothing import Floats

ABOVE = 6
"""Pixels from the axis to the middle of a checkpoint's mark."""

ROOM = 12
"""Pixels that a mark needs."""


class LossPlot(LearningPlot):
    """Losses on a logarithmic axis, or on a linear one from zero."""

    def __init__(self) -> None:
        self.checkpoints = pg.ScatterPlotItem(symbol="d", size=10, antialias=True)
        self._saved: Floats = np.empty(0)
        super().__init__("plot.loss", "loss", room=22, epochs=True)
        self.addItem(self.checkpoints, ignoreBounds=True)
        self.set_log(on=True)

    def set_log(self, *, on: bool) -> None:
        """Turn the y axis logarithmic, or linear."""
        self.log = on
        self.getPlotItem().setLogMode(y=on)
        self.y_axis.setLabel("loss (log)" if on else "loss")
        self.follows_y = True
        self.lay()

    def set_checkpoints(self, at: Floats) -> None:
        """Say where checkpoints were saved."""
        self._saved = at

    def lay(self) -> None:
        """Keep the checkpoints on the axis."""
        super().lay()
        bottom, top = self.view.viewRange()[1]
        y = bottom + ABOVE * (top - bottom) / max(1.0, self.view.height())
        at = self._apart()
        self.checkpoints.setData(at, np.full(len(at), y))

    def _apart(self) -> Floats:
        """Return checkpoints that can be told apart: where they are crowded, the newest of a few pixels."""
        low, high = self.view.viewRange()[0]
        place = np.floor((self._saved - low) * self.columns / ROOM / max(high - low, 1e-9))
        newest = np.flatnonzero(np.diff(place, append=np.inf))
        return np.asarray(self._saved[newest])

    def y_range(self, raw: Floats, lines: Floats) -> tuple[float, float]:
        """Return all of the curves; on a logarithmic axis as exponents of ten."""
        return loss_range(raw, lines, log=self.log)

    def dress(self, ratio: float | None = None) -> None:
        """Take the colours of the theme, as every plot."""
        super().dress(ratio)
        edge = QPen(theme.colour("box_edge"), 1.25 * (ratio or self.devicePixelRatioF()))
        edge.setCosmetic(True)
        self.checkpoints.setPen(edge)
        self.checkpoints.setBrush(theme.colour("base"))
