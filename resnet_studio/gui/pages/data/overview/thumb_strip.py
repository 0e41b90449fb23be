"""A line of small pictures, those that belong together side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resnet_studio.data.images import printable
from resnet_studio.gui import icons, theme
from resnet_studio.gui.pages.data.overview.finding_thumbs import HIGH, Thumb, Thumbs

WITHIN, BETWEEN = 2, 8
"""Pixels between two pictures of one group, and between two groups."""
MOST = 6


class ThumbStrip(QWidget):
    """Shows as many pictures as there is room for; the tooltip of each is its file."""

    def __init__(self, thumbs: Thumbs, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HIGH)
        self._thumbs = thumbs
        self._groups: list[tuple[str, ...]] = []

    def show_groups(self, groups: Sequence[Sequence[str]]) -> None:
        """Show the first few files of some groups: no group is cut unless it is the first."""
        self._groups = first_groups(groups)
        count = sum(map(len, self._groups))
        self.setAccessibleName(f"{count} of the files: {', '.join(printable(file) for file in self.files())}")
        self.update()

    def files(self) -> list[str]:
        """The files that it shows, where there is room."""
        return [file for group in self._groups for file in group]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of all pictures."""
        places = self._places()
        return QSize(places[-1][1].right() + 1 if places else 0, HIGH)

    def file_at(self, point: QPoint) -> str | None:
        """Return the file whose picture is at a point."""
        return next((file for file, place in self._places() if place.contains(point) and self._fits(place)), None)

    def event(self, event: QEvent) -> bool:
        """Say which file is under the pointer, and why it has no picture."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            file = self.file_at(event.pos())
            thumb = self._thumbs.get(file) if file is not None else None
            why = f" {thumb.reason}" if thumb is not None and thumb.reason else ""
            QToolTip.showText(event.globalPos(), f"{printable(file)}{why}" if file is not None else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the pictures; what can't be decoded is a broken one, what is not there yet an empty square."""
        painter = QPainter(self)
        for file, place in self._places():
            if not self._fits(place):
                break
            thumb = self._thumbs.get(file)
            if thumb is not None and thumb.pixels is not None:
                painter.drawPixmap(place, thumb.pixmap(self.devicePixelRatioF()))
                continue
            painter.fillRect(place, theme.colour("panel"))
            painter.setPen(theme.colour("border"))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
            if thumb is not None:
                square = QRectF(0, 0, 16, 16)
                square.moveCenter(QRectF(place).center())
                icons.paint(painter, "image-off", "muted", square)

    def _fits(self, place: QRect) -> bool:
        return place.right() < self.width()

    def _places(self) -> list[tuple[str, QRect]]:
        """Return where each picture is, from the left."""
        places, left = [], 0
        for group in self._groups:
            for file in group:
                size = (self._thumbs.get(file) or Thumb(None)).size
                places.append((file, QRect(QPoint(left, 0), size)))
                left += size.width() + WITHIN
            left += BETWEEN - WITHIN if len(group) > 1 else WITHIN
        return places


def first_groups(groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the first groups that are `MOST` files together, the first of them cut where it is larger."""
    found: list[tuple[str, ...]] = []
    room = MOST
    for group in groups:
        if len(group) > room and found:
            break
        found.append(tuple(group[:room]))
        room -= len(found[-1])
        if room <= 0:
            break
    return found
