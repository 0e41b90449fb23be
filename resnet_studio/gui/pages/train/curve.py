"""One curve of a plot."""

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from resnet_studio.gui import theme


class Curve(pg.PlotDataItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A line in a colour of the theme; with points it is dashed, so that colour alone never tells two apart."""

    def __init__(self, token: str, *, wide: float = 1.0, faint: bool = False, points: bool = False) -> None:
        """Make an empty curve.

        Args:
            token: name of its colour.
            wide: pixels; Qt takes 50 times longer for what is wider than 1: few points then.
            faint: whether it is drawn at half its strength.
            points: whether each value is marked.
        """
        super().__init__(antialias=True, connect="finite", symbol="o" if points else None, symbolSize=7)
        self.opts["autoDownsampleFactor"] = 2.0 if wide <= 1 else 0.5
        self._token, self._wide, self._faint, self._points = token, wide, faint, points
        self.dress()

    def dress(self, ratio: float = 1.0) -> None:
        """Take the colours of the theme, for a screen with so many pixels for one."""
        colour = theme.colour(self._token)
        if self._faint:
            colour = _mixed(colour, theme.colour("base"))
        # a cosmetic pen is as wide as it says in the screen's own pixels
        pen = QPen(colour, self._wide * ratio)
        pen.setCosmetic(True)
        if self._points:
            # 5 px and 3 px, in widths of the pen
            pen.setDashPattern([5 / self._wide, 3 / self._wide])
            ring = QPen(colour, 1.5 * ratio)
            ring.setCosmetic(True)
            self.setSymbolPen(ring)
            self.setSymbolBrush(theme.colour("base"))
        self.setPen(pen)


def _mixed(one: QColor, other: QColor) -> QColor:
    """Return what a colour at 50 % opacity gives on another: really translucent lines are drawn 20 times slower."""
    return QColor((one.red() + other.red()) // 2, (one.green() + other.green()) // 2, (one.blue() + other.blue()) // 2)
