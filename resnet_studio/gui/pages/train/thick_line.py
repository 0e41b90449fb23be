"""A line wider than a pixel, drawn fast."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.curve import half
from resnet_studio.gui.pages.train.smoothing import Floats

PIECE = 16
"""Segments that are stroked as one: Qt's time for a wide path grows faster than its length."""


class ThickLine(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """A line through some points in the view's coordinates; it takes them at most one a pixel column."""

    def __init__(self, token: str, wide: float, *, faint: bool = False) -> None:
        """Make an empty line in a colour of the theme, so many pixels wide; a faint one at half its strength."""
        super().__init__()
        self._token, self._wide, self._faint = token, wide, faint
        self._pieces: list[QPolygonF] = []
        self._pen = QPen()
        self.points = 0
        self.dress()

    def set_points(self, x: Floats, y: Floats) -> None:
        """Go through other points; those that are no finite number are passed over."""
        finite = np.isfinite(y)
        points = [QPointF(*point) for point in zip(x[finite].tolist(), y[finite].tolist(), strict=True)]
        self.points = len(points)
        # neighbours share a point: no gap between them
        self._pieces = [QPolygonF(points[at : at + PIECE + 1]) for at in range(0, len(points) - 1, PIECE)]
        self.update()

    def dress(self, ratio: float = 1.0) -> None:
        """Take the colours of the theme, for a screen with so many pixels for one."""
        cap, join = Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.RoundJoin
        # a cosmetic pen is as wide as it says in the screen's own pixels
        colour = theme.colour(self._token)
        self._pen = QPen(half(colour) if self._faint else colour, self._wide * ratio, c=cap, j=join)
        self._pen.setCosmetic(True)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """All that can be seen."""
        view = self.getViewBox()
        return QRectF(view.viewRect()) if view else QRectF()

    def viewRangeChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """The view was moved."""
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Stroke the pieces."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        for piece in self._pieces:
            painter.drawPolyline(piece)
