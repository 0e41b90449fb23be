"""What lies over the window while something is dragged across it: it says what a drop would do."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import icons, theme
from resnet_studio.gui.filing import Dropped, dropped_kind

WORDS: dict[Dropped, str] = {
    "data": "Drop to use as data",
    "run": "Drop to open the run",
    "document": "Drop to open the document",
    "image": "This is one image; drop the folder that holds them",
}
SEVERAL = "Drop one folder or file at a time"

EDGE, RADIUS, VEIL = 12, 8, 225
"""Pixels from the window's edge to the frame, its corners, and how much of the window the ground hides, of 255."""


class DropCover(QWidget):
    """Takes drags from all that lies below it, fields for text too, until the drop or the way out."""

    def __init__(self, take: Callable[[Sequence[Path]], None], window: QWidget) -> None:
        """Make one that is hidden.

        Args:
            take: does what the drop asks for.
            window: over which it lies.
        """
        super().__init__(window)
        self.setObjectName("view.drop")
        self.setAcceptDrops(True)
        self.setProperty("screens.layered", True)  # noqa: FBT003 - Qt's signature
        self._take, self._window = take, window
        self._words = self._name = ""
        self._entered = False
        self.hide()

    def open(self, mime: QMimeData) -> bool:
        """Come up for what is dragged onto the window; return whether there are files in it."""
        paths = dragged_paths(mime)
        if not paths:
            return False
        self._words = WORDS[dropped_kind(paths[0])] if len(paths) == 1 else SEVERAL
        self._name = str(paths[0]) if len(paths) == 1 else f"{len(paths)} things are dragged"
        self.setAccessibleName(self._words)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take over the drag that opened it."""
        self._entered = bool(dragged_paths(event.mimeData()))
        event.setAccepted(self._entered)

    @Slot()
    def go_unless_entered(self) -> None:
        """Hide if the drag left the window before it came here."""
        if not self._entered:
            self.hide()

    def dragLeaveEvent(self, _: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Go with the drag."""
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Hand on what was dropped."""
        event.acceptProposedAction()
        self.hide()
        self._take(dragged_paths(event.mimeData()))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was dragged."""
        super().hideEvent(event)
        self._words, self._name, self._entered = "", "", False

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a veil, a frame and the words in its middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = theme.colour("soft_selection")
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE), RADIUS, RADIUS)
        middle, across = self.rect().center(), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        icons.paint(painter, "download", "accent", QRectF(middle.x() - 12, middle.y() - 48, 24, 24))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(16, 600))
        painter.drawText(QRect(0, middle.y() - 16, self.width(), 24), int(across), self._words)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(12))
        room = self.width() - 8 * EDGE
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRect(0, middle.y() + 12, self.width(), 20), int(across), name)


def dragged_paths(mime: QMimeData) -> list[Path]:
    """Return the files and folders of this machine that are dragged."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
