"""The column right of the grid: the classes as bars, and what is known of the source."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.class_chart import COLOURS, ClassChart
from resnet_studio.gui.pages.data.facts import Facts
from resnet_studio.gui.pages.data.gallery import class_counts
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.tool_row import ToolRow

WIDTH = 344


class Overview(QFrame):
    """Classes above, facts below; many classes scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.overview")
        self.setProperty("ground", "base")
        self.setProperty("edge", "left")
        self.setFixedWidth(WIDTH)
        classes = ToolRow("Classes", name="view.overview.classes")
        for split, colour in COLOURS.items():
            classes.add_right(_Swatch(colour), Label(split, size="note"))
        self._chart, self._facts = ClassChart(), Facts()
        self._scroll = scroll = QScrollArea()
        scroll.setObjectName("view.overview.scroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._chart)
        self._source = ToolRow("Source", name="view.overview.source", edge="bottom")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(classes)
        column.addWidget(scroll, 1)
        column.addWidget(self._source)
        column.addWidget(self._facts)
        column.addStretch()

    def show_images(self, images: ImageSet) -> None:
        """Show other images."""
        self._chart.show_counts(images.class_names, class_counts(images))
        self._scroll.setMaximumHeight(self._chart.maximumHeight())
        self._source.set_title("Source", images.title)
        self._facts.show_images(images)


class _Swatch(QWidget):
    """A square in the colour of a split."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(10, 10)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._colour))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
