"""The key of the diagram in the tool row: what height, width and the arcs mean. Only kinds that are there."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.analysis.network import Analysis
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.diagram.drawing import Mark, draw_mark, marks
from resnet_studio.gui.pages.design.diagram.items import Face, Sketch

Entry = tuple[Mark | None, str]

_TEXT = Face(11, 400, "muted")
_SCALES = ("height: resolution (log)", "width: channels (log)")
_WORDS: dict[Mark, str] = {"zero_pad": "zero padding", "concat": "concatenation", "fault": "shapes disagree"}
_SAMPLE, _SPACE, _APART = 16, 6, 16
_TIP = (
    "Each box is a block: as high as the logarithm of its resolution, as wide as the logarithm of its channels. "
    "Arcs are skip connections."
)


class DiagramKey(QWidget):
    """Names what is drawn; where there is little room, the words about boxes go first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.diagram.key")
        self.setAccessibleName("Key of the diagram")
        self.setToolTip(_TIP)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._entries: tuple[Entry, ...] = ()
        theme.notifier().changed.connect(self._repaint)

    def show_analysis(self, analysis: Analysis) -> None:
        """Show the marks of a network that are drawn in its diagram."""
        scales: tuple[Entry, ...] = tuple((None, words) for words in _SCALES)
        entries = (*scales, *((mark, _WORDS.get(mark, mark)) for mark in marks(analysis)))
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleDescription(", ".join(words for _, words in entries))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room that all entries take."""
        return QSize(round(_width(self._entries)), 20)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return that it can do with nothing: the tooltip says the rest."""
        return QSize(0, 20)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Draw the entries that have room, ranged right."""
        entries = self._entries
        while entries and _width(entries) > self.width() + 0.5:
            entries = entries[1:]
        sketch, x, y = Sketch(), self.width() - _width(entries), self.height() // 2 + 0.5
        for mark, words in entries:
            if mark:
                draw_mark(sketch, mark, x, x + _SAMPLE, y)
                x += _SAMPLE + _SPACE
            sketch.text(words, _TEXT, x, y, 0)
            x += _TEXT.width(words) + _APART
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sketch.paint(painter)
        painter.end()

    @Slot()
    def _repaint(self) -> None:
        self.update()


def _width(entries: Sequence[Entry]) -> float:
    marks = sum(_SAMPLE + _SPACE for mark, _ in entries if mark)
    return marks + sum(_TEXT.width(words) for _, words in entries) + _APART * max(0, len(entries) - 1)
