"""A plot of what is learned: the training curve, raw and smoothed, validation over it, and the best epoch."""

import numpy as np

from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.learned import Learned, placed
from resnet_studio.gui.pages.train.marks import BestMark
from resnet_studio.gui.pages.train.plot import Plot
from resnet_studio.gui.pages.train.smoothing import Floats


class LearningPlot(Plot):
    """What the loss and the accuracy have in common.

    Attributes:
        parent_run: lines of what the run goes on from.
        run: lines of the run.
    """

    def __init__(self, name: str, unit: str, *, room: float, epochs: bool = False) -> None:
        super().__init__(name, unit, room=room, epochs=epochs)
        self.log = False
        self._best: tuple[float, float, str] | None = None
        self.parent_run = Learned(self, faint=True)
        self.raw = self.add(Curve("blue", faint=True))
        self.run = Learned(self)
        self.best = BestMark()
        self.addItem(self.best, ignoreBounds=True)

    def set_values(self, x: Floats, values: Floats, factor: float) -> None:
        """Take all logged points of the run, both of shape (n,), and the factor to smooth them with."""
        self.run.set_values(x, values, factor)
        self.raw.setData(x, values)

    def set_best(self, best: tuple[float, float, str] | None) -> None:
        """Take place, value and label of the run's best epoch."""
        self._best = best

    def lay(self) -> None:
        """Thin the smoothed curves, fit the y axis and mark the best epoch for what is in sight."""
        lines = np.concatenate([each.lay(log=self.log) for each in (self.parent_run, self.run)])
        self.set_y(*self.y_range(self.run.values[self.seen(self.run.x)], lines))
        self.best.setVisible(self._best is not None)
        if self._best:
            at, value, label = self._best
            self.best.put(at, float(placed(np.array([value]), log=self.log)[0]), label)

    def y_range(self, raw: Floats, lines: Floats) -> tuple[float, float]:
        """Return what to show along y of the raw values and of the smoothed and validation values in sight."""
        raise NotImplementedError
