"""A field for an amount that is seen rather than read."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget


class Slider(QSlider):
    """A horizontal slider that goes to where it is clicked; the wheel counts only while it has the focus."""

    drag_started = Signal()
    drag_finished = Signal()
    """Between the two, all changes come of one press of the mouse."""

    def __init__(
        self, minimum: int, maximum: int, value: int, *, name: str, label: str, parent: QWidget | None = None
    ) -> None:
        """Make a slider from `minimum` to `maximum`, objectName `name`, accessible name `label`."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setRange(minimum, maximum)
        self.setValue(value)
        self.setFixedHeight(20)
        self.setMinimumWidth(60)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Bring the knob under the mouse, from where it is dragged on."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.drag_started.emit()
            groove, knob = self._part(QStyle.SubControl.SC_SliderGroove), self._part(QStyle.SubControl.SC_SliderHandle)
            if not knob.contains(event.position().toPoint()):
                room = groove.width() - knob.width()
                along = round(event.position().x() - groove.x() - knob.width() / 2)
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), along, room))
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End the drag."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.drag_finished.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll unless this is the field being edited."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def _part(self, part: QStyle.SubControl) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
