"""An icon that stands alone or beside text, the turning ring of what is busy included."""

from PySide6.QtCore import QRectF, QSize, QTimerEvent
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import icons, theme

TURNS_MS = 120
"""Milliseconds from one position of the ring to the next: it says that something goes on, no more."""


class Glyph(QWidget):
    """Paints one of the studio's icons in the theme's colours; decoration, the text beside it says the same."""

    def __init__(self, name: str, colour: str = "text", size: int = 16, parent: QWidget | None = None) -> None:
        """Make a glyph.

        Args:
            name: of a drawing in `assets/icons`; `busy` turns.
            colour: name of a token.
            size: side in pixels.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setFixedSize(size, size)
        self._name, self._colour = name, colour
        self._turned, self._timer = 0, 0

    def set(self, name: str, colour: str) -> None:
        """Show another icon."""
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self._turn_if_busy()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it was made with."""
        return self.minimumSize()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Turn while it is seen."""
        super().showEvent(event)
        self._turn_if_busy()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop turning."""
        super().hideEvent(event)
        self._turn_if_busy()

    def timerEvent(self, _: QTimerEvent) -> None:  # noqa: N802 - Qt's name
        """Turn the ring by a twelfth."""
        self._turned = (self._turned + 30) % 360
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the icon, under the ring its full circle."""
        painter, square = QPainter(self), QRectF(self.rect())
        colour = self._colour if self.isEnabled() else "disabled"
        if self._name == "busy":
            pen = painter.pen()
            pen.setColor(theme.colour("border"))
            pen.setWidthF(1.5 * self.width() / 16)
            painter.setPen(pen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inset = 1.75 * self.width() / 16
            painter.drawEllipse(square.adjusted(inset, inset, -inset, -inset))
        icons.paint(painter, self._name, colour, square, turned=self._turned if self._name == "busy" else 0)

    def _turn_if_busy(self) -> None:
        wanted = self._name == "busy" and self.isVisible()
        if wanted and not self._timer:
            self._timer = self.startTimer(TURNS_MS)
        elif not wanted and self._timer:
            self.killTimer(self._timer)
            self._timer = 0
