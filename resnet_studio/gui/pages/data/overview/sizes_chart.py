"""The sizes of the images in their files: width and height of each as a dot, the size wanted beside them."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Slot
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.data.overview.size_words import Sizes, dots
from resnet_studio.gui.pages.train.ranges import linear_ticks, number

HEIGHT = 200
LEAST_DOT, MOST_DOT = 4.0, 22.0
"""Diameter of the dot of one image, and of that of the most, in pixels."""
NEAR = 12
"""Pixels between the pointer and the dot that it asks about, at most."""
MOST_TICKS = 5
ROOM = 1.08
"""How far the axes reach beyond the largest."""


class SizesChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Dots whose area is the number of images; a tooltip says the numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plot.sizes")
        self.setAccessibleName("sizes of the images")
        self.setFixedHeight(HEIGHT)
        self.setMouseEnabled(x=False, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.getPlotItem().layout.setContentsMargins(2, 8, 14, 4)
        self.setLabel("bottom", "width px")
        self.setLabel("left", "height px")
        self._dots: NDArray[np.float64] = np.empty((0, 3))
        self._wanted: tuple[int, int] | None = None
        theme.notifier().changed.connect(self._dress)

    def show_sizes(self, sizes: Sizes, wanted: tuple[int, int] | None) -> None:
        """Show how many images have each height and width, and the height and width that all of them get."""
        self._dots, self._wanted = dots(sizes), wanted
        self._dress()

    def about(self, width: float, height: float, count: float) -> str:
        """Return what a dot says, in words."""
        many = "1 image" if count == 1 else f"{numbers.count(int(count))} images"
        return f"{round(width)}×{round(height)} px: {many}"

    def near(self, point: QPointF) -> str:
        """Return what the dot at a point of the scene says; empty where there is none."""
        if not len(self._dots):
            return ""
        box = self.getViewBox()
        places = np.array([box.mapViewToScene(QPointF(*row[:2])).toTuple() for row in self._dots])
        away = np.hypot(*(places - np.array(point.toTuple())).T)
        nearest = int(away.argmin())
        reach = max(NEAR, float(self._diameters()[nearest]) / 2)
        return self.about(*self._dots[nearest]) if away[nearest] <= reach else ""

    def _diameters(self) -> NDArray[np.float64]:
        counts = self._dots[:, 2]
        found: NDArray[np.float64] = np.maximum(LEAST_DOT, MOST_DOT * np.sqrt(counts / counts.max()))
        return found

    @Slot()
    def _dress(self) -> None:
        """Draw all in the colours of the theme."""
        self.setBackground(theme.colour("base"))
        self.clear()
        if not len(self._dots):
            return
        wanted = self._wanted
        tops = [ROOM * max(float(self._dots[:, axis].max()), wanted[1 - axis] if wanted else 0) for axis in (0, 1)]
        font = theme.font(11)
        for name, top in zip(("bottom", "left"), tops, strict=True):
            axis = self.getAxis(name)
            step, ticks = linear_ticks(0, top, MOST_TICKS)
            axis.setTicks([[(tick, number(tick, step)) for tick in ticks]])
            axis.enableAutoSIPrefix(False)  # noqa: FBT003 - pyqtgraph's signature
            axis.setPen(theme.colour("control"))
            axis.setTextPen(theme.colour("muted"))
            axis.setTickFont(font)
            axis.setStyle(tickLength=0)
            axis.label.setFont(font)
            axis.setLabel(axis.labelText, color=theme.current().muted)
            for tick in ticks[1:]:
                angle = 90 if name == "bottom" else 0
                self.addItem(pg.InfiniteLine(tick, angle=angle, pen=theme.colour("grid")))
        fill = theme.colour("blue")
        fill.setAlpha(150)
        many, few = self._dots[:, :2].T, self._diameters()
        self.addItem(pg.ScatterPlotItem(*many, size=few, pen=None, brush=fill))
        if wanted is not None:
            self._mark(wanted)
        self.setRange(xRange=(0, tops[0]), yRange=(0, tops[1]), padding=0)

    def _mark(self, wanted: tuple[int, int]) -> None:
        """Draw the size wanted as a cross, with its words beside it."""
        height, width = wanted
        pen = pg.mkPen(theme.colour("vermillion"), width=2)
        self.addItem(
            pg.ScatterPlotItem([width], [height], symbol="x", size=9, pen=pen, brush=theme.colour("vermillion"))
        )
        words = pg.TextItem(f"wanted {width}×{height}", color=theme.colour("text"), anchor=(-0.06, 0.5))
        words.setFont(theme.font(11))
        words.setPos(width, height)
        self.addItem(words)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Say the numbers of the dot under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.near(self.mapToScene(event.pos())), self)
            return True
        return bool(super().viewportEvent(event))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the column scroll."""
        event.ignore()
