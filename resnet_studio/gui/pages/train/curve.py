"""One curve of a plot."""

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from resnet_studio.gui import theme


class Curve(pg.PlotDataItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A line in a colour of the theme; with points it is broken, so that colour alone never tells two apart."""

    def __init__(
        self,
        token: str,
        *,
        wide: float = 1.0,
        faint: bool = False,
        symbol: str | None = None,
        dashes: tuple[float, float] = (5, 3),
    ) -> None:
        """Make an empty curve.

        Args:
            token: name of its colour.
            wide: pixels; Qt takes 50 times longer for what is wider than 1: few points then.
            faint: whether it is drawn at half its strength.
            symbol: with which each value is marked, in pyqtgraph's words; None: none is, and the line is whole.
            dashes: pixels of a dash and of a gap of a line with symbols.
        """
        self.symbol = symbol
        super().__init__(antialias=True, connect="finite", symbol=symbol, symbolSize=7)
        self.opts["autoDownsampleFactor"] = 2.0 if wide <= 1 else 0.5
        self._token, self._wide, self._faint, self._dashes = token, wide, faint, dashes
        self.dress()

    def dress(self, ratio: float = 1.0) -> None:
        """Take the colours of the theme, for a screen with so many pixels for one."""
        colour = theme.colour(self._token)
        if self._faint:
            colour = half(colour)
        # a cosmetic pen is as wide as it says in the screen's own pixels
        pen = QPen(colour, self._wide * ratio)
        pen.setCosmetic(True)
        if self.symbol:
            # in widths of the pen
            pen.setDashPattern([length / self._wide for length in self._dashes])
            ring = QPen(colour, 1.5 * ratio)
            ring.setCosmetic(True)
            self.setSymbolPen(ring)
            self.setSymbolBrush(theme.colour("base"))
        self.setPen(pen)


def half(one: QColor) -> QColor:
    """Return what a colour at 50 % opacity gives on a plot: really translucent lines are drawn 20 times slower."""
    other = theme.colour("base")
    return QColor((one.red() + other.red()) // 2, (one.green() + other.green()) // 2, (one.blue() + other.blue()) // 2)
