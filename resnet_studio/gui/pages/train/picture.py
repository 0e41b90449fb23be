"""Legend and plots as one picture."""

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.train.legend import Legend
from resnet_studio.gui.pages.train.plots import Plots

RATIO = 2
"""Pixels of a saved picture for one of the window."""


def picture(plots: Plots, legend: Legend) -> QImage:
    """Return plots as they are shown, below a legend that lies in no window, two pixels for one."""
    plots.leave()
    legend.adjustSize()
    head = legend.height() + 16
    size = QSize(plots.width(), plots.height() + head) * RATIO
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    image.fill(theme.colour("base"))
    painter = QPainter(image)
    place = QPoint(plots.width() - legend.width() - 12, 8)
    legend.render(painter, place, renderFlags=QWidget.RenderFlag.DrawChildren)
    plots.dress(RATIO)
    plots.render(painter, QPoint(0, head))
    plots.dress()
    painter.end()
    return image
