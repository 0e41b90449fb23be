"""One plot in the house's style: axes that line up, bands of epochs, wheel and double click."""

from typing import TypeVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.axes import Axis, EpochAxis
from resnet_studio.gui.pages.train.bands import bands
from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.marks import Ground
from resnet_studio.gui.pages.train.smoothing import Floats
from resnet_studio.gui.pages.train.thick_line import ThickLine

KEYS = "Drag to move, wheel to zoom, double click for the whole run; keys: arrows, + and −, Home"
MOVES = {Qt.Key.Key_Left: -0.1, Qt.Key.Key_Right: 0.1}
"""Shares of what is shown by which a key moves it."""
ZOOMS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
"""Factors by which a key changes how much is shown."""

AnyCurve = TypeVar("AnyCurve", Curve, ThickLine)


class View(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """Dragging moves along both axes, the wheel zooms along x only: curves of one run are compared by their step."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self.disableAutoRange()

    def wheelEvent(self, ev: object, axis: int | None = None) -> None:  # noqa: N802 - pyqtgraph's name
        """Zoom about the cursor; over an axis, along that axis."""
        super().wheelEvent(ev, axis=0 if axis is None else axis)


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A plot over the shared x axis. What depends on the range along x is drawn by `lay`, whenever that changes."""

    hovered = Signal(float)
    """The place along x under the mouse."""
    unhovered = Signal()
    moved = Signal()
    """The user moved the range along x."""
    reset = Signal()
    """The user asks for the whole run again."""

    def __init__(self, name: str, unit: str, *, room: float, epochs: bool = False, last: bool = False) -> None:
        """Make an empty plot.

        Args:
            name: object name.
            unit: label of the y axis.
            room: pixels from tick to tick.
            epochs: whether the strip with the epochs' names stands above it.
            last: whether the x axis with its numbers stands below it.
        """
        self.x_axis, self.y_axis = Axis("bottom", 80), Axis("left", room)
        axes = {"bottom": self.x_axis, "left": self.y_axis}
        self.strip = EpochAxis() if epochs else None
        if self.strip:
            axes["top"] = self.strip
        super().__init__(viewBox=View(), axisItems=axes)
        self.setObjectName(name)
        self.setAccessibleName(f"plot of {unit}")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleDescription(KEYS)  # no tooltip: it would cover what is read out
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        # of very many points the highest and lowest in a pixel column are drawn; the data stays whole
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        item.layout.setContentsMargins(0, 0 if epochs else 8, 16, 0)
        if self.strip:
            item.showAxis("top")
        self.y_axis.setLabel(unit)
        if last:
            self.x_axis.setHeight(38)
        else:
            self.x_axis.setStyle(showValues=False, tickLength=0)
            # the lowest number beside the plot hangs over its edge by half
            self.x_axis.setHeight(8)
        self.ground = Ground(self.x_axis, self.y_axis)
        self.addItem(self.ground, ignoreBounds=True)
        self.cross = pg.InfiniteLine(angle=90)
        self.cross.setZValue(10)
        self.cross.hide()
        self.addItem(self.cross, ignoreBounds=True)
        self.follows_y = True
        self._curves: list[Curve | ThickLine] = []
        self._borders = np.array([0.0, 1.0])
        self.view.setLimits(xMin=0)
        self.view.sigRangeChangedManually.connect(self._moved)
        self.view.sigXRangeChanged.connect(self._x_changed)
        self.view.sigResized.connect(self._x_changed)
        self.dress()

    @property
    def view(self) -> View:
        """The area in which the curves are."""
        view: View = self.getPlotItem().getViewBox()
        return view

    @property
    def columns(self) -> int:
        """Columns of pixels in that area."""
        return max(1, int(self.view.width()))

    def seen(self, x: Floats) -> slice:
        """Return which of ascending places are in sight."""
        return slice(*np.searchsorted(x, self.view.viewRange()[0]).tolist())

    def add(self, curve: AnyCurve) -> AnyCurve:
        """Add a curve and return it."""
        self.addItem(curve, ignoreBounds=True)
        self._curves.append(curve)
        return curve

    def set_borders(self, borders: Floats) -> None:
        """Say where epochs begin and the last one ends."""
        if not np.array_equal(borders, self._borders):
            self._borders = borders
            if self.strip:
                self.strip.set_borders(borders)
            self._lay_bands()

    def set_y(self, low: float, high: float) -> None:
        """Show a range along y, unless the user chose another."""
        if self.follows_y and high > low:
            self.setYRange(low, high, padding=0)

    def lay(self) -> None:
        """Draw what depends on the range along x."""

    def dress(self, ratio: float | None = None) -> None:
        """Take the colours of the theme.

        Args:
            ratio: pixels for one, where it is not the screen that is drawn on.
        """
        self.setBackground(theme.colour("base"))
        for axis in (self.x_axis, self.y_axis, self.strip):
            if axis:
                axis.dress()
        for curve in self._curves:
            curve.dress(ratio or self.devicePixelRatioF())
        pen = QPen(theme.colour("text"), 1)
        pen.setDashPattern([1.5, 3])
        pen.setCosmetic(True)
        self.cross.setPen(pen)
        self.ground.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what the mouse is over."""
        super().mouseMoveEvent(event)
        place = self.mapToScene(event.position().toPoint())
        if self.view.sceneBoundingRect().contains(place):
            self.hovered.emit(self.view.mapSceneToView(place).x())
        else:
            self.unhovered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move and zoom along x, or show the whole run."""
        low, high = self.view.viewRange()[0]
        key, span = Qt.Key(event.key()), high - low
        if key == Qt.Key.Key_Home:
            self.reset.emit()
        elif key in MOVES or key in ZOOMS:
            middle = (low + high) / 2 + MOVES.get(key, 0) * span
            half = span / 2 * ZOOMS.get(key, 1)
            self.moved.emit()
            self.setXRange(middle - half, middle + half, padding=0)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the plot, and the edge that says that keys go to it."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the mouse is elsewhere."""
        super().leaveEvent(event)
        self.unhovered.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the whole run again."""
        event.accept()
        self.reset.emit()

    @Slot(object)
    def _moved(self, axes: list[bool]) -> None:
        along_x, along_y = axes
        self.follows_y = self.follows_y and not along_y
        if along_x:
            self.moved.emit()
        if along_y:
            self.lay()

    @Slot()
    def _x_changed(self) -> None:
        self._lay_bands()
        self.lay()

    def _lay_bands(self) -> None:
        low, high = self.view.viewRange()[0]
        self.ground.bands = bands(self._borders, low, high, self.view.width())
        self.ground.update()
