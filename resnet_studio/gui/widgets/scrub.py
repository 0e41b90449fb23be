"""Dragging numbers: on the arrows of a field, or on the label before it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

if TYPE_CHECKING:
    from resnet_studio.gui.widgets.real_spin import RealSpin
    from resnet_studio.gui.widgets.whole_spin import WholeSpin

PIXELS = 6
"""How far the mouse goes for one step."""

ARROWS = 19
"""Width of a field's arrows with their edges."""

TIP = "Drag left or right to change it; Shift changes the pace"


class Scrub(QObject):
    """Lets a widget drag a field's number: one step for 6 px to the right; on the arrows, upwards as well.

    The distance counts from where the mouse was pressed, so that going back undoes what going there did.
    """

    def __init__(self, handle: QWidget, field: "WholeSpin | RealSpin") -> None:
        """Make a handle of a widget.

        Args:
            handle: what is dragged: a label, or the field itself for its arrows.
            field: whose number changes.
        """
        super().__init__(handle)
        self._handle, self._field = handle, field
        self._from: QPoint | None = None
        self._start = 0.0
        self._moved = False
        handle.installEventFilter(self)
        if handle is not field:
            handle.setToolTip(TIP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look for drags among the handle's events."""
        if event.type() == QEvent.Type.Enter and self._handle is not self._field:
            shape = Qt.CursorShape.SizeHorCursor if self._field.isEnabled() else Qt.CursorShape.ArrowCursor
            self._handle.setCursor(shape)
        if not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                return self._press(event)
            case QEvent.Type.MouseMove if self._from is not None:
                return self._move(event, self._from)
            case QEvent.Type.MouseButtonRelease if event.button() == Qt.MouseButton.LeftButton:
                return self._release()
        return super().eventFilter(watched, event)

    def _press(self, event: QMouseEvent) -> bool:
        """Begin where a drag can begin; the arrows step by themselves meanwhile."""
        arrows = self._handle is self._field
        if not self._field.isEnabled() or (arrows and event.position().x() < self._field.width() - ARROWS):
            return False
        self._from, self._moved = event.globalPosition().toPoint(), False
        self._start = self._field.value()
        self._field.drag_started.emit()
        return not arrows

    def _move(self, event: QMouseEvent, start: QPoint) -> bool:
        way = event.globalPosition().toPoint() - start
        distance = way.x() - way.y() if self._handle is self._field else way.x()
        if not self._moved and abs(distance) < PIXELS:
            return self._handle is not self._field
        if not self._moved:
            self._moved = True
            self._field.setFocus(Qt.FocusReason.MouseFocusReason)
            if self._handle is self._field:
                # the arrow that is held must not go on stepping
                QAbstractSpinBox.mouseReleaseEvent(self._field, event)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._field.drag(self._start, int(distance / PIXELS), shift=shift)
        return True

    def _release(self) -> bool:
        if self._from is None:
            return False
        self._from = None
        self._field.drag_finished.emit()
        return self._moved
