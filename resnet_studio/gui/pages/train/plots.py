"""The four plots of a run, one above the other over the same x axis."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.numbers import count, percent
from resnet_studio.gui.pages.train.accuracy_plot import AccuracyPlot
from resnet_studio.gui.pages.train.curve import Curve
from resnet_studio.gui.pages.train.curves import Curves, XUnit
from resnet_studio.gui.pages.train.loss_plot import LossPlot
from resnet_studio.gui.pages.train.plot import Plot
from resnet_studio.gui.pages.train.readout import ReadOut, Row
from resnet_studio.gui.pages.train.smoothing import Floats
from resnet_studio.gui.pages.train.trace_plot import TracePlot

X_LABELS: dict[XUnit, str] = {"step": "step", "epoch": "epoch", "time": "time min"}
DEFAULT_SMOOTHING = 0.9
NEAR = 8
"""Pixels from the mouse to a validation point that is read out too."""
LEAST = (138, 104, 80, 104)
"""Pixels that each plot needs to be read."""
WITH_RATE = sum(LEAST)


class Plots(QWidget):
    """Loss, accuracy, learning rate and throughput of one run.

    `redraw` draws everything anew from the columns of `curves`: what it costs depends on how many points there are,
    not on how they came. The owner says when.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = Curves()
        self.unit: XUnit = "step"
        self.smoothing = DEFAULT_SMOOTHING
        self.follows_x = True
        self.loss = LossPlot()
        self.accuracy = AccuracyPlot()
        self.rate = TracePlot("plot.rate", "learning rate", Curve("green", wide=1.5), room=20)
        self.speed = TracePlot("plot.speed", "images/s", Curve("purple"), room=16, last=True)
        self.all: tuple[Plot, ...] = (self.loss, self.accuracy, self.rate, self.speed)
        self._steps: Floats = np.empty(0)
        self._drawing = 0
        self._arrange()
        self.read_out = ReadOut(self)
        self.set_unit("step")
        theme.notifier().changed.connect(self.dress)

    # ---- what the tool row asks for

    @Slot(str)
    def set_unit(self, unit: XUnit) -> None:
        """Let steps, epochs or minutes run along x; the whole run is shown again."""
        self.unit = unit
        self.speed.x_axis.setLabel(X_LABELS[unit])
        self.fit()

    @Slot(float)
    def set_smoothing(self, factor: float) -> None:
        """Smooth with a factor from 0, which is not at all, to less than 1."""
        self.smoothing = factor
        self.redraw()

    @Slot(bool)
    def set_log(self, on: bool) -> None:
        """Show losses on a logarithmic axis, or on a linear one."""
        self.loss.set_log(on=on)

    @Slot()
    def fit(self) -> None:
        """Show the whole run, and follow it from now on."""
        self.follows_x = True
        for plot in self.all:
            plot.follows_y = True
        self.redraw()

    # ---- drawing

    def show_curves(self, curves: Curves) -> None:
        """Draw another run, whole."""
        self.curves = curves
        self.fit()

    def redraw(self) -> None:
        """Draw what `curves` holds now, in one go."""
        for _ in self.redraw_in_parts():
            pass

    def redraw_in_parts(self) -> Iterator[None]:
        """Draw what `curves` holds now, one plot a part, for whoever has something else to do in between.

        Another drawing that begins meanwhile takes the place of this one.
        """
        self._drawing += 1
        drawing = self._drawing
        column, unit = self.curves.column, self.unit
        x, self._steps = self.curves.x(unit).copy(), column("step").copy()
        losses, accuracies = column("loss").copy(), 100 * column("accuracy")
        rates, speeds = column("lr").copy(), column("images_per_second").copy()
        self._set_validation()
        self._set_range()
        self.loss.set_values(x, losses, self.smoothing)
        self.loss.lay()
        yield
        if drawing != self._drawing:
            return
        self.accuracy.set_values(x, accuracies, self.smoothing)
        self.accuracy.lay()
        yield
        if drawing != self._drawing:
            return
        self.rate.set_values(x, rates)
        self.speed.set_values(x, speeds)

    def _set_validation(self) -> None:
        """Hand out what there is but once an epoch."""
        curves, epochs = self.curves, self.curves.epochs
        at = np.array([curves.x_of(epoch, self.unit) for epoch in epochs])
        best = curves.best
        place = curves.x_of(best, self.unit) if best else 0.0
        losses, accuracies = curves.averages
        label = f"best {percent(best.val_accuracy)} %, epoch {best.epoch}" if best else ""
        self.loss.set_validation(
            at, np.array([epoch.val_loss for epoch in epochs]), losses, (place, best.val_loss, "") if best else None
        )
        self.accuracy.set_validation(
            at,
            np.array([100 * epoch.val_accuracy for epoch in epochs]),
            100 * accuracies,
            (place, 100 * best.val_accuracy, label) if best else None,
        )
        self.loss.set_checkpoints(np.array([curves.x_of(each, self.unit) for each in curves.checkpoints]))

    def _set_range(self) -> None:
        borders = self.curves.borders(self.unit)
        for plot in self.all:
            plot.set_borders(borders)
        if self.follows_x and borders[-1] > 0:
            # room for half a ring at the newest epoch's end
            first = self.curves.first(self.unit)
            self.loss.setXRange(first, borders[-1] + (borders[-1] - first) * 9 / max(100, self.loss.columns), padding=0)

    # ---- under the mouse

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take the read-out away: what it stood at is elsewhere now; where all is too low, do without the rate."""
        super().resizeEvent(event)
        self.rate.setVisible(self.height() >= WITH_RATE)
        self.leave()

    @Slot(float)
    def hover(self, x: float) -> None:
        """Read out the logged point nearest to a place along x."""
        at = self.loss.x
        if not len(at):
            return
        index = int(np.argmin(np.abs(at - x)))
        for plot in self.all:
            plot.cross.setPos(float(at[index]))
            plot.cross.show()
        place = self.loss.view.mapViewToScene(QPointF(float(at[index]), 0))
        top = self.loss.view.sceneBoundingRect().top()
        spot = self.loss.mapTo(self, self.loss.mapFromScene(QPointF(place.x(), top)))
        self.read_out.show_rows(self._rows(index, x), spot + QPoint(0, 8))

    def _rows(self, index: int, x: float) -> list[Row]:
        """Return what is read out at a logged point, and at a validation point near the mouse."""
        rows = [
            Row("step", count(int(self._steps[index]))),
            Row("train", f"{self.loss.values[index]:.4f}", "blue", faint=True),
            Row("smoothed", f"{self.loss.smooth[index]:.4f}", "blue"),
        ]
        if index < len(self.accuracy.values):  # which may be drawn a moment later
            rows.append(Row("accuracy", f"{self.accuracy.values[index]:.2f} %"))
        reach = NEAR * self.loss.view.viewPixelSize()[0]
        for epoch in self.curves.epochs:
            if abs(self.curves.x_of(epoch, self.unit) - x) <= reach:
                rows.append(Row("validation", f"{epoch.val_loss:.4f}", "vermillion"))
                rows.append(Row("accuracy", f"{percent(epoch.val_accuracy)} %", "vermillion"))
                if epoch.ema_val_loss is not None and epoch.ema_val_accuracy is not None:
                    rows.append(Row("average", f"{epoch.ema_val_loss:.4f}", "green"))
                    rows.append(Row("accuracy", f"{percent(epoch.ema_val_accuracy)} %", "green"))
                break
        return rows

    @Slot()
    def leave(self) -> None:
        """Take the read-out away."""
        for plot in self.all:
            plot.cross.hide()
        self.read_out.hide()

    @Slot()
    def _moved(self) -> None:
        self.follows_x = False

    # ---- made once

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for plot, stretch, least in zip(self.all, (42, 32, 14, 19), LEAST, strict=True):
            plot.setMinimumHeight(least)
            layout.addWidget(plot, stretch)
            plot.hovered.connect(self.hover)
            plot.unhovered.connect(self.leave)
            plot.moved.connect(self._moved)
            plot.reset.connect(self.fit)
            if plot is not self.loss:
                plot.setXLink(self.loss)

    @Slot()
    def dress(self, ratio: float | None = None) -> None:
        """Take the colours of the theme; for a picture with `ratio` pixels for one, where it is not the screen's."""
        for plot in self.all:
            plot.dress(ratio)
