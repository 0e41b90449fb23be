"""A plot of one value above zero: the learning rate, the throughput."""

import numpy as np

from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.plot import Plot
from resnet_studio.gui.pages.train.ranges import zero_range
from resnet_studio.gui.pages.train.smoothing import Floats


class TracePlot(Plot):
    """The curve of the run, and a faint one of what it goes on from; the y axis always begins at zero."""

    def __init__(self, name: str, unit: str, token: str, *, wide: float = 1.0, room: float, last: bool = False) -> None:
        """Make an empty plot; `token` names the colour of its curves, `wide` are their pixels."""
        super().__init__(name, unit, room=room, last=last)
        self.parent_curve = self.add(Curve(token, wide=wide, faint=True))
        self.curve = self.add(Curve(token, wide=wide))
        self._points: dict[Curve, tuple[Floats, Floats]] = {}
        self.setMouseEnabled(x=True, y=False)

    def set_values(self, x: Floats, y: Floats) -> None:
        """Take all points of the run, both of shape (n,)."""
        self._set(self.curve, x, y)

    def set_parent(self, x: Floats, y: Floats) -> None:
        """Take all points of what the run goes on from, both of shape (n,)."""
        self._set(self.parent_curve, x, y)

    def lay(self) -> None:
        """Fit the y axis to what is in sight."""
        seen = [y[self.seen(x)] for x, y in self._points.values()]
        self.set_y(*zero_range(np.concatenate(seen) if seen else np.empty(0)))

    def _set(self, curve: Curve, x: Floats, y: Floats) -> None:
        self._points[curve] = x, y
        curve.setData(x, y)
        self.lay()
