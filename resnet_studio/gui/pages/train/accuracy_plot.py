"""The plot of the accuracies."""

from resnet_studio.gui.pages.train.learning_plot import LearningPlot
from resnet_studio.gui.pages.train.ranges import accuracy_range
from resnet_studio.gui.pages.train.smoothing import Floats


class AccuracyPlot(LearningPlot):
    """Accuracies in per cent."""

    def __init__(self) -> None:
        super().__init__("plot.accuracy", "accuracy %", room=24)

    def y_range(self, raw: Floats, lines: Floats) -> tuple[float, float]:
        """Return whole ticks around the curves."""
        return accuracy_range(raw, lines)
