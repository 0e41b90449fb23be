"""What lies over the window while something is dragged across it: it says what a drop would do."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, QRectF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWindow,
)
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

EDGE, RADIUS, CARD, VEIL = 12, 8, 112, 225
"""Pixels from the window's edge to the frame, its corners, the height of what it says, and how much of the window the
ground hides, of 255."""


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
        self.hide()

    def watch(self, handle: QWindow) -> None:
        """Come up for drags onto the platform's window: a diagram would take them where it lies below the pointer."""
        handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Come up before Qt looks for what lies below the pointer, and leave the rest to it."""
        if isinstance(event, QDragEnterEvent):
            self.open(event.mimeData())
        return super().eventFilter(watched, event)

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
        """Take the drag that opened it."""
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Take it everywhere."""
        event.acceptProposedAction()

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
        self._words = self._name = ""

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a veil, a frame and the words in its middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = theme.colour("soft_selection")
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE), RADIUS, RADIUS)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        """Paint a card in the middle with what a drop would do, and to what."""
        across, middle = int(Qt.AlignmentFlag.AlignCenter), self.rect().center()
        says, names = theme.font(16, 600), theme.font(12)
        room = self.width() - 8 * EDGE
        name = QFontMetrics(names).elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        wide = max(QFontMetrics(says).horizontalAdvance(self._words), QFontMetrics(names).horizontalAdvance(name))
        card = QRect(0, 0, wide + 4 * EDGE, CARD)
        card.moveCenter(middle)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        icons.paint(painter, "download", "accent", QRectF(middle.x() - 12, card.top() + 16, 24, 24))
        painter.setPen(theme.colour("text"))
        painter.setFont(says)
        painter.drawText(QRect(0, card.top() + 48, self.width(), 24), across, self._words)
        painter.setPen(theme.colour("muted"))
        painter.setFont(names)
        painter.drawText(QRect(0, card.top() + 76, self.width(), 20), across, name)


def dragged_paths(mime: QMimeData) -> list[Path]:
    """Return the files and folders of this machine that are dragged."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
