"""The four plots of a run, one above the other over the same x axis."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.numbers import percent
from resnet_studio.gui.pages.train.accuracy_plot import AccuracyPlot
from resnet_studio.gui.pages.train.curves import Curves, XUnit
from resnet_studio.gui.pages.train.learned import Learned
from resnet_studio.gui.pages.train.loss_plot import LossPlot
from resnet_studio.gui.pages.train.plot import Plot
from resnet_studio.gui.pages.train.readings import epoch_rows, point_rows
from resnet_studio.gui.pages.train.readout import ReadOut
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
        self.rate = TracePlot("plot.rate", "learning rate", "green", wide=1.5, room=20)
        self.speed = TracePlot("plot.speed", "images/s", "purple", room=16, last=True)
        self.all: tuple[Plot, ...] = (self.loss, self.accuracy, self.rate, self.speed)
        self._steps: Floats = np.empty(0)
        self._drawing = 0
        self._parent_drawn: tuple[Curves | None, XUnit, float] | None = None
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
        self._set_parent()
        self._set_epochs()
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

    def _set_parent(self) -> None:
        """Hand out what the run goes on from, unless it is drawn already: it never changes."""
        wanted = (self.curves.parent, self.unit, self.smoothing)
        if wanted == self._parent_drawn:
            return
        self._parent_drawn = wanted
        parent = self.curves.parent or Curves()
        x, column = parent.x(self.unit), parent.column
        self.loss.parent_run.set_values(x, column("loss"), self.smoothing)
        self.accuracy.parent_run.set_values(x, 100 * column("accuracy"), self.smoothing)
        self._set_validation(parent, self.loss.parent_run, self.accuracy.parent_run)
        self.rate.set_parent(x, column("lr"))
        self.speed.set_parent(x, column("images_per_second"))

    def _set_epochs(self) -> None:
        """Hand out what there is but once an epoch."""
        curves, best = self.curves, self.curves.best
        self._set_validation(curves, self.loss.run, self.accuracy.run)
        place = curves.x_of(best, self.unit) if best else 0.0
        label = f"best {percent(best.val_accuracy)} %, epoch {best.epoch}" if best else ""
        self.loss.set_best((place, best.val_loss, "") if best else None)
        self.accuracy.set_best((place, 100 * best.val_accuracy, label) if best else None)
        self.loss.set_checkpoints(np.array([curves.x_of(each, self.unit) for each in curves.checkpoints]))

    def _set_validation(self, curves: Curves, loss: Learned, accuracy: Learned) -> None:
        epochs = curves.epochs
        at = np.array([curves.x_of(epoch, self.unit) for epoch in epochs])
        losses, accuracies = curves.averages
        loss.set_validation(at, np.array([epoch.val_loss for epoch in epochs]), losses)
        accuracy.set_validation(at, np.array([100 * epoch.val_accuracy for epoch in epochs]), 100 * accuracies)

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
        """Read out the logged point nearest to a place along x: of the run, or before it, of what it goes on from."""
        own, parent = self.loss.run.x, self.curves.parent
        of_parent = parent is not None and not (len(own) and x >= own[0])
        at = self.loss.parent_run.x if of_parent else own
        if not len(at):
            return
        index = int(np.argmin(np.abs(at - x)))
        for plot in self.all:
            plot.cross.setPos(float(at[index]))
            plot.cross.show()
        place = self.loss.view.mapViewToScene(QPointF(float(at[index]), 0))
        top = self.loss.view.sceneBoundingRect().top()
        spot = self.loss.mapTo(self, self.loss.mapFromScene(QPointF(place.x(), top)))
        if parent is not None and of_parent:
            lines, steps, curves = (self.loss.parent_run, self.accuracy.parent_run), parent.column("step"), parent
        else:
            lines, steps, curves = (self.loss.run, self.accuracy.run), self._steps, self.curves
        rows = point_rows(int(steps[index]), *lines, index, of_parent=of_parent)
        reach = NEAR * self.loss.view.viewPixelSize()[0]
        near = [each for each in curves.epochs if abs(curves.x_of(each, self.unit) - x) <= reach]
        self.read_out.show_rows(rows + (epoch_rows(near[0]) if near else []), spot + QPoint(0, 8))

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
