"""A small sheet beside what it explains: it holds nothing up, and goes at Esc or a click elsewhere."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import ElidedLabel

BESIDE, EDGE = 4, 8
"""Pixels between the sheet and what it explains, and between the sheet and the edges of the window."""

MOST, LEAST = 560, 220
"""How wide its text may be, and is at least."""


class Popover(QFrame):
    """A title with tools and a text that can be selected; lies in the window of its owner, above all else there."""

    def __init__(self, owner: QWidget, *, name: str) -> None:
        """Make a sheet that is hidden until it is opened; `owner` gets the keyboard back when it goes."""
        super().__init__(owner)
        self.setObjectName(name)
        self.setAccessibleName("explanation")
        self.setProperty("ground", "sheet")
        self.setProperty("screens.layered", True)  # noqa: FBT003 - Qt's signature
        self._owner, self._plain = owner, ""
        self._title = ElidedLabel(size="title", name=f"{name}.title")
        self._text = QTextEdit(readOnly=True)
        self._text.setObjectName(f"{name}.text")
        self._text.setProperty("ground", "sheet")
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setTabChangesFocus(True)
        self._text.document().setDocumentMargin(0)
        copy = ToolButton("copy", "Copy this text", name=f"{name}.copy")
        close = ToolButton("close", "Close (Esc)", name=f"{name}.close")
        self._head = head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title, 1)
        head.addSpacing(8)
        head.addWidget(copy)
        head.addWidget(close)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 10)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._text)
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.leave)
        theme.notifier().changed.connect(self.leave)
        self.hide()

    def add_tool(self, button: ToolButton) -> None:
        """Add a tool before those that it has."""
        self._head.insertWidget(self._head.count() - 2, button)

    def open(self, title: str, html: str, plain: str, beside: QRect) -> None:
        """Show a text.

        Args:
            title: in bold above it.
            html: the text as it is shown.
            plain: the text as it is copied.
            beside: what it explains, on the screen: the sheet lies below it, or above where there is more room.
        """
        window = self._owner.window()
        self.setParent(window)
        self._title.setText(title)
        self._text.setAccessibleName(title)
        self._plain = plain
        document = self._text.document()
        document.setDefaultFont(theme.font(12))
        document.setTextWidth(-1)
        self._text.setHtml(html)
        wide = max(LEAST, min(MOST, round(document.idealWidth()) + 1), min(MOST, self._title.sizeHint().width() + 70))
        document.setTextWidth(wide)
        room = window.height() - 2 * EDGE - 48
        # beside a bar for what doesn't fit, a little wider
        self._text.setFixedSize(wide + 12, min(room, round(document.size().height()) + 2))
        self._column.activate()
        self.adjustSize()
        self._place(QRect(window.mapFromGlobal(beside.topLeft()), beside.size()), window.rect())
        self.show()
        self.raise_()
        self._text.setFocus(Qt.FocusReason.PopupFocusReason)
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

    def plain_text(self) -> str:
        """The text as it is copied."""
        return self._plain

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

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._plain)
