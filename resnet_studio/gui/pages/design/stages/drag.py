"""Rows of stages that are dragged to another place with the mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from resnet_studio.gui import theme


class DropLine(QWidget):
    """Where the dragged rows will stand: a line of 2 px between two rows."""

    def __init__(self, rows: QWidget) -> None:
        super().__init__(rows)
        self._rows = rows
        self.setObjectName("view.stages.drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, y: int) -> None:
        """Lie across the parent at a height."""
        self.setGeometry(0, y - 1, self._rows.width(), 2)
        self.raise_()
        self.show()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Fill it with the accent."""
        QPainter(self).fillRect(self.rect(), theme.colour("accent"))


class RowDrag(QObject):
    """Watches the mouse on rows that lie below each other in one parent."""

    pressed = Signal(int, Qt.KeyboardModifier)
    """A row was pressed: its place and the keys that were held."""
    clicked = Signal(int, Qt.KeyboardModifier)
    """The mouse let go of a row without having dragged it."""
    dropped = Signal(int)
    """The chosen rows are to go into this gap: 0 is before the first row."""

    def __init__(self, rows: Sequence[QWidget], around: QWidget) -> None:
        """Watch the rows, which lie in the widget `around`."""
        super().__init__(around)
        self._rows, self._around = rows, around
        self._line = DropLine(around)
        self._from: QPoint | None = None
        self._gap: int | None = None
        for row in rows:
            row.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell presses, clicks and drags apart; Esc ends a drag where it began."""
        if isinstance(event, QKeyEvent) and self._gap is not None and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            else:
                self._end()
            return True
        place = next((place for place, row in enumerate(self._rows) if row is watched), None)
        if place is None or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._from = event.position().toPoint()
                self.pressed.emit(place, event.modifiers())
            case QEvent.Type.MouseMove if self._from is not None:
                self._move(place, event.position().toPoint(), self._from)
            case QEvent.Type.MouseButtonRelease if event.button() == Qt.MouseButton.LeftButton:
                self._let_go(place, event.modifiers())
            case _:
                return super().eventFilter(watched, event)
        event.accept()
        return True

    def _move(self, place: int, point: QPoint, start: QPoint) -> None:
        far = (point - start).manhattanLength() >= QApplication.startDragDistance()
        if self._gap is None and not far:
            return
        y = self._rows[place].mapToParent(point).y()
        shown = [row for row in self._rows if not row.isHidden()]
        self._gap = sum(row.geometry().center().y() < y for row in shown)
        self._rows[place].setCursor(Qt.CursorShape.ClosedHandCursor)
        before = shown[max(0, self._gap - 1)]
        self._line.show_at(before.mapTo(self._around, QPoint(0, before.height() if self._gap else 0)).y())

    def _let_go(self, place: int, keys: Qt.KeyboardModifier) -> None:
        gap, pressed = self._gap, self._from is not None
        self._end()
        if gap is not None:
            self.dropped.emit(gap)
        elif pressed:
            self.clicked.emit(place, keys)

    def _end(self) -> None:
        self._from = self._gap = None
        self._line.hide()
        for row in self._rows:
            row.unsetCursor()
