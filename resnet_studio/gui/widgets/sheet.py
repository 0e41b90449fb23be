"""A small sheet in the window, beside what it belongs to: it holds nothing up, and goes at Esc or a click elsewhere."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import ElidedLabel

BESIDE, EDGE = 4, 8
"""Pixels between the sheet and what it belongs to, and between the sheet and the edges of the window."""


class Sheet(QFrame):
    """A title with tools; lies in the window of its owner, above all else there.

    Attributes:
        column: the layout below the title.
    """

    def __init__(self, owner: QWidget, *, name: str) -> None:
        """Make a sheet that is hidden until it is shown; `owner` gets the keyboard back when it goes."""
        super().__init__(owner)
        self.setObjectName(name)
        self.setProperty("ground", "sheet")
        self.setProperty("screens.layered", True)  # noqa: FBT003 - Qt's signature
        self._owner = owner
        self.title = ElidedLabel(size="title", name=f"{name}.title")
        close = ToolButton("close", "Close (Esc)", name=f"{name}.close")
        self._head = head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title, 1)
        head.addSpacing(8)
        head.addWidget(close)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 10)
        column.setSpacing(4)
        column.addLayout(head)
        close.clicked.connect(self.leave)
        theme.notifier().changed.connect(self.leave)
        self.hide()

    def add_tool(self, button: ToolButton) -> None:
        """Add a tool before the one that closes."""
        self._head.insertWidget(self._head.count() - 1, button)

    def show_beside(self, beside: QRect, focused: QWidget) -> None:
        """Show it as large as it asks for.

        Args:
            beside: what it belongs to, on the screen: it lies below it, or above where there is more room.
            focused: gets the keyboard.
        """
        window = self._owner.window()
        self.setParent(window)
        self.column.activate()
        self.adjustSize()
        self._place(QRect(window.mapFromGlobal(beside.topLeft()), beside.size()), window.rect())
        self.show()
        self.raise_()
        focused.setFocus(Qt.FocusReason.PopupFocusReason)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # there is one where widgets are

    @Slot()
    def leave(self) -> None:
        """Go, and give the keyboard back."""
        if self.isHidden():
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        focused = QApplication.focusWidget()
        had_keyboard = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if had_keyboard:
            self._owner.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Go at a click elsewhere, and when the window changes its size."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            if not self.rect().contains(self.mapFromGlobal(event.globalPosition().toPoint())):
                self.leave()
        elif event.type() == QEvent.Type.Resize and watched is self.window():
            self.leave()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the shortcuts of the window: the sheet goes first."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go at Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _place(self, beside: QRect, room: QRect) -> None:
        below = room.bottom() - beside.bottom()
        top = beside.bottom() + BESIDE
        if below < self.height() + BESIDE + EDGE and beside.top() > below:
            top = beside.top() - BESIDE - self.height()
        left = min(beside.left(), room.right() - EDGE - self.width())
        self.move(QPoint(max(EDGE, left), max(EDGE, min(top, room.bottom() - EDGE - self.height()))))
