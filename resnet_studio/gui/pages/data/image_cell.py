"""How one image of the grid is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.gallery import Picture
from resnet_studio.gui.pages.data.image_model import PICTURE_ROLE
from resnet_studio.gui.pages.data.thumbnails import Thumbnails
from resnet_studio.gui.pages.data.tiling import EDGE, Tiling
from resnet_studio.gui.pages.data.trained import Trained

FADED = 0.35
"""How much is seen of an image as it is stored while the one that training draws is on its way."""


class ImageCell(QStyledItemDelegate):
    """Paints an image, the name of its class below it, and a frame around the selected one.

    Attributes:
        tiling: sizes of the cells.
        trained: what training draws, where that can be shown.
        epoch: of which epoch that is shown; None: the images as they are stored.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tiling = Tiling((1, 1), (1, 1), 1)
        self.trained: Trained | None = None
        self.epoch: int | None = None
        self._thumbnails, self._drawn = Thumbnails(), Thumbnails()
        self.dress()

    def dress(self) -> None:
        """Take the window's fonts: making one costs more than painting a cell."""
        self._font, self._chosen_font = theme.font(11), theme.font(11, 500)
        self._metrics = QFontMetrics(self._chosen_font)

    def forget(self) -> None:
        """Drop the pixmaps: the images are others now."""
        self._thumbnails.clear()
        self.forget_drawn()

    def forget_drawn(self) -> None:
        """Drop the pixmaps of what training draws: it would draw otherwise now."""
        self._drawn.clear()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the cell of `index` at `option.rect`."""
        picture = index.data(PICTURE_ROLE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        image = QRect(option.rect.x() + EDGE, option.rect.y() + EDGE, *self.tiling.image)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(image.adjusted(-EDGE, -EDGE, EDGE, EDGE), theme.colour("selection"))
        ratio = painter.device().devicePixelRatioF()
        shown, faded = self._pixmap(picture, image.size(), ratio)
        painter.setOpacity(FADED if faded else 1.0)
        painter.drawPixmap(image.topLeft(), shown)
        painter.setOpacity(1.0)
        if chosen:
            painter.setPen(QPen(theme.colour("accent"), EDGE))
            painter.drawRect(image.adjusted(-1, -1, 1, 1))
        if self.tiling.labelled:
            painter.setFont(self._chosen_font if chosen else self._font)
            painter.setPen(theme.colour("text" if chosen else "muted"))
            room = QRect(image.left(), image.bottom() + EDGE + 1, option.rect.right() - image.left(), 16)
            text = self._metrics.elidedText(picture.label, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002, N802 - Qt's name
        """Return the size of every cell."""
        return QSize(*self.tiling.cell)

    def _pixmap(self, picture: Picture, size: QSize, ratio: float) -> tuple[QPixmap, bool]:
        """Return what is shown of an image, and whether something else is on its way."""
        if self.trained is not None and self.epoch is not None:
            place = self.trained.place(picture.split, picture.number, self.epoch)
            drawn = self._drawn.get(place, self.trained.get(place), size, ratio)
            if drawn is not None:
                return drawn, False
        name = (picture.split, picture.number)
        stored = self._thumbnails.get(name, picture.pixels, size, ratio)
        assert stored is not None  # noqa: S101 - there are pixels
        return stored, self.epoch is not None
