"""How many images of each class are in each split: bars on one axis."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QMoveEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.train.ranges import linear_ticks, number

COLOURS = {"train": "blue", "validation": "vermillion", "test": "green"}
"""The curve colour of each split."""
ROW, AROUND = 24, 52
"""Pixels of a class, and of the axis below all of them with what lies around."""
WIDEST_NAME = 110
MOST_TICKS = 5
MANY, AHEAD = 40, 60
"""Classes from which on the axis stands above them, and rows that are drawn before and behind those in sight."""
BAR, BAR_PITCH = 0.23, 0.26
"""Height of a bar and from one to the next, where a class is 1 high."""


class ClassChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Horizontal bars; at least as high as its classes need."""

    clicked = Signal(int)
    """The user clicked on a class: its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plot.classes")
        self.setAccessibleName("images of each class")
        self.setMouseEnabled(x=False, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.invertY(True)  # noqa: FBT003 - pyqtgraph's signature
        self.getPlotItem().layout.setContentsMargins(2, 6, 14, 4)
        for side, words in (("bottom", "images"), ("top", "images"), ("left", "class")):
            self.setLabel(side, words)
        self._names: tuple[str, ...] = ()
        self._counts: dict[str, NDArray[np.int64]] = {}
        self._words: list[str] = []
        """Names of the classes as they are written."""
        self._sorted = False
        self._order: NDArray[np.int64] = np.empty(0, np.int64)
        """The class of each row, from the top."""
        self._drawn = range(0)
        """The rows that are drawn: of a thousand, those in sight and around it."""
        self._bars: list[pg.BarGraphItem] = []
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        theme.notifier().changed.connect(self._dress)

    def show_counts(self, names: tuple[str, ...], counts: dict[str, NDArray[np.int64]]) -> None:
        """Show the number of images of each class, (classes,), for each split."""
        self._names, self._counts = names, counts
        self._arrange()
        self.setFixedHeight(ROW * len(names) + AROUND)
        self.updateGeometry()
        self._dress()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room that it makes use of; a view of Qt asks for what it happens to have."""
        return QSize(0, self.maximumHeight())

    @Slot(bool)
    def sort(self, most_first: bool) -> None:
        """Show the classes with most images first, or in their own order."""
        self._sorted = most_first
        self._arrange()
        self._dress()

    def class_at(self, point: QPoint) -> int | None:
        """Return the number of the class at a point of the viewport; None where there is none."""
        row = round(self.getViewBox().mapSceneToView(self.mapToScene(point)).y())
        return int(self._order[row]) if 0 <= row < len(self._order) else None

    def about(self, place: int) -> str:
        """Return what the bars of a class say, in words."""
        parts = (f"{split} {numbers.count(int(values[place]))}" for split, values in self._counts.items())
        return f"{self._names[place]}: {', '.join(parts)}"

    def _arrange(self) -> None:
        total = sum(self._counts.values(), np.zeros(len(self._names), np.int64))
        self._order = np.argsort(-total, kind="stable") if self._sorted else np.arange(len(self._names))

    @Slot()
    def _dress(self) -> None:
        """Draw all in the colours of the theme."""
        self.setBackground(theme.colour("base"))
        self.clear()
        most = max((int(values.max(initial=0)) for values in self._counts.values()), default=1)
        top = 1.02 * max(most, 1)
        step, ticks = linear_ticks(0, top, min(MOST_TICKS, top))
        font = theme.font(11)
        metrics = QFontMetrics(font)
        self._words = [metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, WIDEST_NAME) for name in self._names]
        above = len(self._names) >= MANY
        left, scale = self.getAxis("left"), self.getAxis("top" if above else "bottom")
        self.showAxis("top", above)
        self.showAxis("bottom", not above)
        left.setWidth(max((metrics.horizontalAdvance(word) for word in self._words), default=0) + 26)
        scale.setTicks([[(tick, number(tick, step)) for tick in ticks]])
        for axis, ink in ((left, "text"), (scale, "muted")):
            axis.enableAutoSIPrefix(False)  # noqa: FBT003 - pyqtgraph's signature
            axis.setPen(theme.colour("control"))
            axis.setTextPen(theme.colour(ink))
            axis.setTickFont(font)
            axis.setStyle(tickLength=0, autoExpandTextSpace=False, hideOverlappingLabels=False)
            axis.label.setFont(font)
            axis.setLabel(axis.labelText, color=theme.current().muted)
        for tick in ticks[1:]:
            self.addItem(pg.InfiniteLine(tick, pen=theme.colour("grid")))
        self._bars = []
        self._draw(self._around())
        self.setRange(xRange=(0, top), yRange=(-0.6, len(self._names) - 0.4), padding=0)

    def _draw(self, rows: range) -> None:
        """Draw the bars and the names of some rows."""
        for bar in self._bars:
            self.removeItem(bar)
        self._drawn, self._bars = rows, []
        classes = self._order[rows.start : rows.stop]
        self.getAxis("left").setTicks([[(row, self._words[each]) for row, each in zip(rows, classes, strict=True)]])
        for place, (split, values) in enumerate(self._counts.items()):
            middles = np.array(rows) + (place - (len(self._counts) - 1) / 2) * BAR_PITCH
            bars = {"x0": 0, "y": middles, "width": values[classes], "height": BAR}
            self._bars.append(pg.BarGraphItem(**bars, pen=None, brush=theme.colour(COLOURS[split])))
            self.addItem(self._bars[-1])

    def _around(self, margin: int = AHEAD) -> range:
        """Return the rows in sight, and so many before and behind them."""
        count = len(self._names)
        seen = self.visibleRegion().boundingRect()
        high = max(1.0, (self.height() - AROUND) / max(count, 1))
        first, last = int((seen.top() - AROUND) / high) - margin, int(seen.bottom() / high) + 1 + margin
        return range(max(0, min(first, count)), max(0, min(last, count)))

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what comes into sight."""
        super().moveEvent(event)
        seen = self._around(0)
        if seen and (seen.start < self._drawn.start or seen.stop > self._drawn.stop):
            self._draw(self._around())

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Say the numbers of the class under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.class_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if place is None else self.about(place), self)
            return True
        return bool(super().viewportEvent(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell which class was clicked on."""
        super().mouseReleaseEvent(event)
        place = self.class_at(event.position().toPoint())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(place)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the column scroll."""
        event.ignore()
