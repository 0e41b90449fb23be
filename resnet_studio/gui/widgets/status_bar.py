"""The line at the foot of the window: a few states, lines between them, and one more at the right."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStatusBar, QWidget

from resnet_studio.gui.widgets.label import ElidedLabel, Label


class StatusBar(QStatusBar):
    """A status bar of 26 px whose texts begin where the window's other texts do, with lines of its full height."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        """Make a bar with objectName `name`."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizeGripEnabled(False)
        # QStatusBar keeps margins in its own layout that no style reaches: the texts lie in a frame above it
        self._frame = QFrame(self)
        self._row = QHBoxLayout(self._frame)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self._states = 0
        self.messageChanged.connect(self._frame_or_message)

    def add(self, name: str) -> QLabel:
        """Add a state after the others, a line behind it, and return its label; empty, it takes no room."""
        label = _State(name=name)
        label.setText("")
        label.setProperty("edge", "right")
        self._row.insertWidget(self._states, label)
        self._states += 1
        return label

    def add_right(self, name: str) -> QLabel:
        """Add a state that ends at the right margin, and gives way where there is no room for it."""
        label = ElidedLabel(name=name, mode=Qt.TextElideMode.ElideMiddle)
        self._row.addWidget(label)
        return label

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the bar below its line."""
        super().resizeEvent(event)
        self._frame.setGeometry(0, 1, self.width(), self.height() - 1)

    @Slot(str)
    def _frame_or_message(self, message: str) -> None:
        """Give way to what is said of an action under the pointer."""
        self._frame.setHidden(bool(message))


class _State(Label):
    """A text that is not there while it is empty."""

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show another text."""
        super().setText(text)
        self.setHidden(not text)
