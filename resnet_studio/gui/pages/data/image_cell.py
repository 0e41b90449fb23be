"""How one image of the grid is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.image_model import PICTURE_ROLE
from resnet_studio.gui.pages.data.thumbnails import Thumbnails
from resnet_studio.gui.pages.data.tiling import EDGE, Tiling


class ImageCell(QStyledItemDelegate):
    """Paints an image, the name of its class below it, and a frame around the selected one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tiling = Tiling((1, 1), (1, 1), 1)
        self._thumbnails = Thumbnails()
        self.dress()

    def dress(self) -> None:
        """Take the window's fonts: making one costs more than painting a cell."""
        self._font, self._chosen_font = theme.font(11), theme.font(11, 500)
        self._metrics = QFontMetrics(self._chosen_font)

    def forget(self) -> None:
        """Drop the pixmaps: the images are others now."""
        self._thumbnails.clear()

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
        painter.drawPixmap(image.topLeft(), self._thumbnails.get(picture, image.size(), ratio))
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
