"""The field that finds rows of a table: words in, the rows that hold them all left, their number told."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.text_field import TextField

LONG, SHORT = 170, 100
"""Pixels of the field."""


class FindField(QWidget):
    """Says what is searched; the cross closes it and shows all rows again, as Esc does anywhere in the tables."""

    searched = Signal(str)
    """Other words are searched, none when it closes."""

    left = Signal()
    """Enter, the arrow down or Esc: the hand goes on to the rows."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = TextField(name="view.find", label="find rows", placeholder="path, kind or shape", compact=True)
        self._field.setFixedWidth(LONG)
        self._count = Label(ink="muted", size="small", name="view.find.count")
        close = ToolButton("close", "Show all rows again (Esc)", name="view.find.close")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addWidget(self._field)
        row.addWidget(close)
        self._field.textChanged.connect(self.searched)
        self._field.returnPressed.connect(self.left)
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(Qt.Key.Key_Down), self, context=inside).activated.connect(self.left)
        close.clicked.connect(self.close_search)
        self.hide()

    def open(self) -> None:
        """Take the keyboard; what was searched before is replaced by the next letter."""
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    @Slot()
    def close_search(self) -> None:
        """Search nothing any more."""
        if self.isHidden():
            return
        had_keyboard = self._field.hasFocus()
        self.hide()
        self._field.clear()
        self.closed.emit()
        if had_keyboard:
            self.left.emit()

    def set_short(self, *, short: bool) -> None:
        """Make the field narrow, for a narrow window."""
        self._field.setFixedWidth(SHORT if short else LONG)

    def set_count(self, found: int, of: int) -> None:
        """Tell how many rows are found."""
        self._count.setText(f"{found:,} of {of:,}" if self._field.text().strip() else "")
