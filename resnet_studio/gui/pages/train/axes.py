"""The axes of the plots: ticks at 1-2-5 or decades, and the strip above them that names the epochs."""

from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.bands import Band, bands
from resnet_studio.gui.pages.train.ranges import linear_ticks, log_ticks, number

LEFT_WIDTH = 64
"""Width of every left axis, so that all plots begin on one line."""


@cache
def small_font() -> QFont:
    """The font of axes and of what stands in the plots."""
    return theme.font(11)


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A left or bottom axis of one level of ticks with as many of them as can be read."""

    def __init__(self, orientation: str, room: float) -> None:
        """Make an axis with at least `room` pixels from tick to tick."""
        super().__init__(orientation, maxTickLength=4)
        self.enableAutoSIPrefix(enable=False)
        self.setStyle(autoExpandTextSpace=False, tickAlpha=255, hideOverlappingLabels=False)
        self._room = room
        if orientation == "left":
            self.setWidth(LEFT_WIDTH)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the theme."""
        line = theme.colour("control")
        self.setPen(line)
        self.setTickPen(line)
        self.setTextPen(theme.colour("muted"))
        self.setTickFont(small_font())
        self.label.setFont(small_font())
        self.labelStyle = {"color": theme.current().muted}
        self.setLabel(self.labelText)

    def resizeEvent(self, ev: object | None = None) -> None:  # noqa: N802 - pyqtgraph's name
        """Place the label, a left one some pixels away from the edge."""
        super().resizeEvent(ev)
        if self.orientation == "left" and self.label is not None:  # none once the plot is closed
            self.label.setX(0)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802, N803 - pyqtgraph's names
        """Return one level of ticks, as pyqtgraph asks for them: the step and the places."""
        low, high = sorted((minVal, maxVal))
        if not high > low:
            return []
        most = max(2.0, size / self._room)
        if self.logMode:
            return [(0.0, log_ticks(low, high, most))]
        return [linear_ticks(low, high, most)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002, N802
        """Return what stands at the ticks."""
        if self.logMode:
            return [f"{10**place:g}".replace("e-0", "e−") for place in values]
        return [number(value, spacing) for value in values]


class EpochAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """The strip above a plot: a mark where an epoch begins, its name in the middle of it."""

    def __init__(self) -> None:
        super().__init__("top", showValues=False)
        self.setHeight(20)
        self._borders = np.array([0.0, 1.0])

    def set_borders(self, borders: "np.ndarray[Any, np.dtype[np.float64]]") -> None:
        """Say where epochs begin and the last one ends."""
        self._borders = borders
        self.picture = None
        self.update()

    def bands(self) -> list[Band]:
        """The bands that can be seen."""
        low, high = self.range
        return bands(self._borders, low, high, self.width())

    def generateDrawSpecs(self, p: QPainter) -> tuple[Any, list[Any], list[Any]]:  # noqa: N802 - pyqtgraph's name
        """Return what pyqtgraph is to draw: the line, the ticks and the texts."""
        p.setFont(small_font())
        low, high = self.range
        wide, high_px = self.width(), self.height()
        scale = wide / (high - low) if high > low else 0.0
        nothing = (QPen(Qt.GlobalColor.transparent), QPointF(), QPointF())
        ticks, texts = [], []
        for band in self.bands():
            left, right = (band.start - low) * scale, (band.end - low) * scale
            # never half a pixel, and the first one on the axis itself
            place = round(left)
            if place >= 0:
                ticks.append((QPen(theme.colour("border")), QPointF(place, 2), QPointF(place, high_px - 4)))
            shown = QRectF(max(0.0, left), 0, min(wide, right) - max(0.0, left), high_px - 2)
            if p.fontMetrics().horizontalAdvance(band.label) + 8 <= shown.width():
                texts.append((shown, Qt.AlignmentFlag.AlignCenter, band.label))
        return nothing, ticks, texts

    def dress(self) -> None:
        """Take the colours of the theme."""
        self.setTextPen(theme.colour("muted"))
