"""What stands in a plot beside its curves: bands and grid behind them, the best point over them."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.axes import Axis, small_font
from resnet_studio.gui.pages.train.bands import Band


class Ground(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Bands of epochs and grid lines, painted behind the curves for whatever can be seen."""

    def __init__(self, x_axis: Axis, y_axis: Axis) -> None:
        super().__init__()
        self.bands: list[Band] = []
        self._x, self._y = x_axis, y_axis
        self.setZValue(-100)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """All that can be seen."""
        view = self.getViewBox()
        return QRectF(view.viewRect()) if view else QRectF()

    def viewRangeChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """The view was moved: other lines are in sight."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Paint for what the view shows now."""
        view = self.getViewBox()
        seen = QRectF(view.viewRect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for band in self.bands:
            if band.shaded:
                painter.fillRect(
                    QRectF(band.start, seen.top(), band.end - band.start, seen.height()), theme.colour("panel")
                )
        pen = QPen(theme.colour("grid"))
        pen.setCosmetic(True)
        painter.setPen(pen)
        for _, places in self._x.tickValues(seen.left(), seen.right(), view.width()):
            for x in places:
                painter.drawLine(QPointF(x, seen.top()), QPointF(x, seen.bottom()))
        for _, places in self._y.tickValues(seen.top(), seen.bottom(), view.height()):
            for y in places:
                painter.drawLine(QPointF(seen.left(), y), QPointF(seen.right(), y))


class _Mark(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Something of a fixed size on the screen at a place of the plot."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(20)
        self.hide()


class BestMark(_Mark):
    """The best point: filled, ringed, and named beside where it has a label."""

    REACH = QPointF(30, 26)
    """Where the label begins, in pixels right of and below the point."""

    def __init__(self) -> None:
        super().__init__()
        self.label = ""
        self._way = QPointF(1, 1)

    def put(self, x: float, y: float, label: str) -> None:
        """Stand at a place of the plot; in the view's coordinates."""
        self.prepareGeometryChange()
        self.label = label
        self.setPos(x, y)
        self._choose_side()
        self.show()

    def viewRangeChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """The view was moved: the label may need the other side."""
        self._choose_side()

    def _choose_side(self) -> None:
        """Put the label where it stays inside of the view."""
        view = self.getViewBox()
        if view is None or not self.label:
            return
        self.prepareGeometryChange()
        spot, area = view.mapFromView(self.pos()), view.rect()
        needed = self.REACH.x() + 16 + QFontMetricsF(small_font()).horizontalAdvance(self.label)
        self._way = QPointF(
            1 if spot.x() + needed < area.right() else -1,
            1 if spot.y() + self.REACH.y() + 12 < area.bottom() else -1,
        )
        self.update()

    def _text_rect(self) -> QRectF:
        metrics = QFontMetricsF(small_font())
        wide, high = metrics.horizontalAdvance(self.label) + 8, metrics.height() + 2
        knee = QPointF(self.REACH.x() * self._way.x(), self.REACH.y() * self._way.y())
        left = knee.x() + 4 if self._way.x() > 0 else knee.x() - 4 - wide
        return QRectF(left, knee.y() - high / 2, wide, high)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The ring, and the label with its line."""
        ring = QRectF(-9, -9, 18, 18)
        return ring.united(self._text_rect()) if self.label else ring

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Paint in pixels."""
        ink = theme.colour("vermillion")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.label:
            self._paint_label(painter)
        painter.setPen(QPen(ink, 1.5))
        painter.setBrush(theme.colour("base"))
        painter.drawEllipse(QPointF(), 7, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(), 4, 4)

    def _paint_label(self, painter: QPainter) -> None:
        knee = QPointF(self.REACH.x() * self._way.x(), self.REACH.y() * self._way.y())
        bend = QPointF(knee.x() - 8 * self._way.x(), knee.y())
        painter.setPen(QPen(theme.colour("vermillion"), 1))
        painter.drawPolyline(QPolygonF([QPointF(5 * self._way.x(), 5 * self._way.y()), bend, knee]))
        ground = theme.colour("base")
        ground.setAlphaF(0.85)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self._text_rect(), 3, 3)
        painter.setPen(theme.colour("text"))
        painter.setFont(small_font())
        painter.drawText(self._text_rect(), Qt.AlignmentFlag.AlignCenter, self.label)
