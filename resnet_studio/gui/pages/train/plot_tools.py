"""The row of tools above the plots."""

import math

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.pages.train.legend import Kinds, Legend
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.segmented import Segmented
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.tool_row import ToolRow

SIDES, GAP = 24, 8
"""Pixels at both sides together, and from one tool to the next."""

NOTCHES = 90
"""Positions of the slider beside 0."""


class PlotTools(ToolRow):
    """What runs along x, how smooth, how the losses stand; fits and saves the picture."""

    unit_chosen = Signal(str)
    smoothing_chosen = Signal(float)
    log_chosen = Signal(bool)

    def __init__(self, smoothing: float, parent: QWidget | None = None) -> None:
        """Make the row with a smoothing factor to begin with."""
        super().__init__(name="view.plots.bar", parent=parent)
        self._kinds = Kinds()
        units = (("step", "step"), ("epoch", "epoch"), ("time", "time"))
        self.unit = Segmented(units, name="plots.unit", label="along the x axis")
        self.unit.chosen.connect(self.unit_chosen)
        self.slider = Slider(0, NOTCHES, notch(smoothing), name="plots.smoothing", label="smoothing")
        self.slider.setToolTip("How smooth the second curve is: the share of what came before in each of its points")
        self.slider.setFixedWidth(88)
        self.slider.valueChanged.connect(self._slide)
        self.shown = Label(name="plots.smoothing.value")
        self.shown.setFixedWidth(38)
        self.log = Check("log loss", name="plots.log")
        self.log.setChecked(True)
        self.log.toggled.connect(self.log_chosen)
        self.fit = ToolButton("fit", "Show the whole run (a double click does so too)", name="plots.fit")
        self.picture = ToolButton("camera", "Save the plots as a picture", name="plots.picture")
        self._word = Label("smoothing", ink="muted")
        self._word.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.add(self.unit, self._word, self.slider, self.shown, self.log)
        self.legend = Legend()
        self.add_right(self.legend, self.fit, self.picture)
        self._slide(self.slider.value())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Everything but the legend."""
        return QSize(0, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what would push the tools together."""
        super().resizeEvent(event)
        self._fit()

    def show_kinds(self, kinds: Kinds) -> None:
        """Name in the legend what there is."""
        if kinds != self._kinds:
            self._kinds = kinds
            self.legend.show_kinds(kinds)
            self._fit()

    def _fit(self) -> None:
        """Leave out the word beside the slider, which has a tooltip, then checkpoints, or else the legend."""
        tools = (self.unit, self.slider, self.shown, self.log, self.fit, self.picture)
        room = self.width() - SIDES - sum(max(each.minimumWidth(), each.sizeHint().width()) + GAP for each in tools)
        word, legend = self._word.sizeHint().width() + GAP, self._legend_width(whole=True)
        if legend > room:
            legend = self._legend_width(whole=False)
        self.legend.setVisible(legend <= room)
        self._word.setVisible(word + legend <= room or legend > room)

    def _legend_width(self, *, whole: bool) -> int:
        self.legend.leave_out_checkpoints(out=not whole)
        return self.legend.sizeHint().width() + GAP

    @Slot(int)
    def _slide(self, value: int) -> None:
        chosen = factor(value)
        self.shown.setText(f"{chosen:.3f}" if chosen > 0.99 else f"{chosen:.2f}")
        self.smoothing_chosen.emit(chosen)


def factor(notch: int) -> float:
    """Return the smoothing factor at a notch of the slider: 0 at 0, then 0.9, 0.99 and 0.999 at each third.

    What counts is how many points a factor averages, 1 / (1 - factor): the notches go through its magnitudes.
    """
    return round(1 - 10 ** (-3 * notch / NOTCHES), 3)


def notch(factor: float) -> int:
    """Return the notch nearest to a smoothing factor."""
    return round(-NOTCHES / 3 * math.log10(1 - min(factor, 0.999)))
