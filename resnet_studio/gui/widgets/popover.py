"""A sheet with a text that explains something."""

from PySide6.QtCore import QRect, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.sheet import EDGE, Sheet

MOST, LEAST = 560, 220
"""How wide its text may be, and is at least."""


class Popover(Sheet):
    """A title with tools and a text that can be selected."""

    def __init__(self, owner: QWidget, *, name: str) -> None:
        """Make a sheet that is hidden until it is opened; `owner` gets the keyboard back when it goes."""
        super().__init__(owner, name=name)
        self.setAccessibleName("explanation")
        self._plain = ""
        self._text = QTextEdit(readOnly=True)
        self._text.setObjectName(f"{name}.text")
        self._text.setProperty("ground", "sheet")
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setTabChangesFocus(True)
        self._text.document().setDocumentMargin(0)
        copy = ToolButton("copy", "Copy this text", name=f"{name}.copy")
        copy.clicked.connect(self._copy)
        self.add_tool(copy)
        self.column.addWidget(self._text)

    def open(self, title: str, html: str, plain: str, beside: QRect) -> None:
        """Show a text.

        Args:
            title: in bold above it.
            html: the text as it is shown.
            plain: the text as it is copied.
            beside: what it explains, on the screen: the sheet lies below it, or above where there is more room.
        """
        self.title.setText(title)
        self._text.setAccessibleName(title)
        self._plain = plain
        document = self._text.document()
        document.setDefaultFont(theme.font(12))
        document.setTextWidth(-1)
        self._text.setHtml(html)
        wide = max(LEAST, min(MOST, round(document.idealWidth()) + 1), min(MOST, self.title.sizeHint().width() + 70))
        document.setTextWidth(wide)
        room = self._owner.window().height() - 2 * EDGE - 48
        # beside a bar for what doesn't fit, a little wider
        self._text.setFixedSize(wide + 12, min(room, round(document.size().height()) + 2))
        self.show_beside(beside, self._text)

    def plain_text(self) -> str:
        """The text as it is copied."""
        return self._plain

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._plain)
