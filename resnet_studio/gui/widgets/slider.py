"""A field for an amount that is seen rather than read."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget


class Slider(QSlider):
    """A horizontal slider; the wheel counts only while it has the focus."""

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

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll unless this is the field being edited."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()
