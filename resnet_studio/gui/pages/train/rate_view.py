"""The curve of the finder of a learning rate, what it speaks for, and the button that takes it."""

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.axes import Axis
from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.marks import BestMark, Ground
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.tool_row import ToolRow

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRYING = "The rate rises from step to step."
STEPS = 100
"""What the finder tries at most: `training.rate_finder.STEPS`, without torch."""


class RateView(QFrame):
    """Loss over learning rate, both axes logarithmic: raw and smoothed, and a line where the advice stands."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.rates")
        self.setProperty("ground", "base")
        self._session = session
        self.head = ToolRow("Learning rate", TRYING, name="view.rates.head")
        self.use = PrimaryButton("Use", name="view.rates.use", compact=True)
        self.use.clicked.connect(session.rate_finding.use)
        self.close_button = Button("Close", name="view.rates.close", compact=True)
        self.close_button.setToolTip("Esc")
        self.close_button.clicked.connect(session.rate_finding.close)
        self.head.add_right(self.use, self.close_button)
        self.x_axis, self.y_axis = Axis("bottom", 80), Axis("left", 40)
        self.plot = pg.PlotWidget(axisItems={"bottom": self.x_axis, "left": self.y_axis})
        self.plot.setObjectName("plot.rates")
        self.plot.setAccessibleName("plot of the loss over the learning rate")
        self.plot.setFrameShape(QFrame.Shape.NoFrame)
        self.plot.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        item = self.plot.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setLogMode(x=True, y=True)
        item.layout.setContentsMargins(0, 8, 16, 0)
        self.x_axis.setHeight(38)
        self.x_axis.setLabel("learning rate (log)")
        self.y_axis.setLabel("loss (log)")
        self.raw, self.smooth = Curve("blue", faint=True), Curve("blue", wide=2.0)
        self.mark = pg.InfiniteLine(angle=90)
        self.pick = BestMark()
        self.plot.addItem(Ground(self.x_axis, self.y_axis), ignoreBounds=True)
        for each in (self.raw, self.smooth):
            self.plot.addItem(each)
        for each in (self.mark, self.pick):
            self.plot.addItem(each, ignoreBounds=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.plot, 1)
        session.rates_changed.connect(self.refresh)
        theme.notifier().changed.connect(self.dress)
        self.dress()
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keyboard, so that Esc ends it."""
        super().showEvent(event)
        if not event.spontaneous():
            self.close_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Cancel or close at Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self._session.rate_finding.close()
        else:
            super().keyPressEvent(event)

    @Slot()
    def refresh(self) -> None:
        """Show the curve as far as it has come."""
        finding = self._session.rate_finding
        advice = finding.advice
        rate = advice.rate if advice is not None else None
        self.use.setVisible(rate is not None)
        self.use.setText(f"Use {rate:g}" if rate is not None else "Use")
        self.close_button.setText("Cancel" if finding.state == "trying" else "Close")
        self.head.subtitle.setText(finding.error or (advice.reason if advice is not None else self._so_far()))
        rates, losses = (np.array([getattr(point, name) for point in finding.points]) for name in ("rate", "loss"))
        self.raw.setData(rates, losses)
        smooth = self._smoothed()
        self.smooth.setData(rates, smooth)
        for mark in (self.mark, self.pick):
            mark.setVisible(rate is not None)
        if rate is not None:
            self.mark.setValue(np.log10(rate))
            height = np.interp(np.log10(rate), np.log10(rates), np.log10(smooth))
            self.pick.put(float(np.log10(rate)), float(height), f"{rate:g}")

    def _so_far(self) -> str:
        """Say what is being done, and how far it has come."""
        done = len(self._session.rate_finding.points)
        return f"Step {done} of at most {STEPS}, on a network of its own." if done else TRYING

    def _smoothed(self) -> "NDArray[np.float64]":
        """Return the smoothed losses so far, shape (n,)."""
        points = self._session.rate_finding.points
        if not points:
            return np.empty(0)
        # imported with torch, which had to be there for the first point
        from resnet_studio.training.rate_finder import smoothed

        return smoothed([point.loss for point in points])

    @Slot()
    def dress(self) -> None:
        """Take the colours of the theme."""
        self.plot.setBackground(theme.colour("base"))
        for part in (self.x_axis, self.y_axis, self.raw, self.smooth):
            part.dress()
        pen = QPen(theme.colour("vermillion"), 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self.mark.setPen(pen)
