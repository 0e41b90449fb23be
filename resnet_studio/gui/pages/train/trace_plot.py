"""A plot of one curve above zero: the learning rate, the throughput."""

import numpy as np

from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.plot import Plot
from resnet_studio.gui.pages.train.ranges import zero_range
from resnet_studio.gui.pages.train.smoothing import Floats


class TracePlot(Plot):
    """One curve; its y axis always goes from zero to a little above what is in sight."""

    def __init__(self, name: str, unit: str, curve: Curve, *, room: float, last: bool = False) -> None:
        super().__init__(name, unit, room=room, last=last)
        self.curve = self.add(curve)
        self._x: Floats = np.empty(0)
        self._y: Floats = np.empty(0)
        self.setMouseEnabled(x=True, y=False)

    def set_values(self, x: Floats, y: Floats) -> None:
        """Take all points of a run, both of shape (n,)."""
        self._x, self._y = x, y
        self.curve.setData(x, y)
        self.lay()

    def lay(self) -> None:
        """Fit the y axis to what is in sight."""
        self.set_y(*zero_range(self._y[self.seen(self._x)]))
