"""Source code to read and to copy, with the numbers of its lines."""

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.export.python_colours import PythonColours

GUTTER, GAP = 38, 12
"""Width of the numbers, and of the room between them and the code."""


class CodeView(QPlainTextEdit):
    """Read-only and unwrapped, in the mono font."""

    def __init__(self, *, name: str, label: str, parent: QWidget | None = None) -> None:
        """Make a view with objectName `name` and accessible name `label`."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setFont(theme.mono())
        self.document().setDocumentMargin(8)
        self._colours = PythonColours(self.document())
        self._numbers = _Numbers(self)
        self.setViewportMargins(GUTTER + GAP, 0, 0, 0)
        self.updateRequest.connect(self._follow)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the numbers beside the code."""
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), GUTTER, area.height()))

    def line_tops(self) -> list[tuple[int, float]]:
        """Return the lines in sight: their numbers from 1, and where they begin, in pixels of the viewport."""
        block, tops = self.firstVisibleBlock(), []
        while block.isValid():
            top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
            if top > self.viewport().height():
                break
            tops.append((block.blockNumber() + 1, top))
            block = block.next()
        return tops

    @Slot()
    def _follow(self) -> None:
        self._numbers.update()


class _Numbers(QWidget):
    """The numbers, right-aligned and muted."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setFont(self._view.font())
        painter.setPen(theme.colour("muted"))
        high = QFontMetrics(self._view.font()).height()
        for number, top in self._view.line_tops():
            room = QRect(0, round(top), self.width(), high)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))
