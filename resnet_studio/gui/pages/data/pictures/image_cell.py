"""How one image of the grid is painted. Some hundreds are in sight, and all are painted anew while one scrolls."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap, QStaticText
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.pictures.gallery import Gallery
from resnet_studio.gui.pages.data.pictures.thumbnails import Thumbnails
from resnet_studio.gui.pages.data.pictures.tiling import EDGE, Tiling
from resnet_studio.gui.pages.data.pictures.trained import Trained

Index = QModelIndex | QPersistentModelIndex
FADED = 0.35
"""How much is seen of an image as it is stored while the one that training draws is on its way."""


class ImageCell(QStyledItemDelegate):
    """Paints an image, the name of its class below it, and a frame around the selected one.

    Attributes:
        trained: what training draws, where that can be shown.
        epoch: of which epoch that is shown; None: the images as they are stored.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trained: Trained | None = None
        self.epoch: int | None = None
        self._tiling = Tiling((1, 1), (1, 1), 1)
        self._size = QSize(1, 1)
        self._thumbnails, self._drawn = Thumbnails(), Thumbnails()
        self._words: dict[tuple[str, bool], QStaticText] = {}
        self.dress()

    @property
    def tiling(self) -> Tiling:
        """Sizes of the cells."""
        return self._tiling

    @tiling.setter
    def tiling(self, tiling: Tiling) -> None:
        if tiling != self._tiling:
            self._tiling, self._size = tiling, QSize(*tiling.image)
            self._words.clear()

    def dress(self) -> None:
        """Take the window's fonts: making one costs more than painting a cell."""
        self._fonts = {chosen: theme.font(11, 500 if chosen else 400) for chosen in (False, True)}
        self._words.clear()

    def forget(self) -> None:
        """Drop the pixmaps: the images are others now."""
        self._thumbnails.clear()
        self.forget_drawn()

    def forget_drawn(self) -> None:
        """Drop the pixmaps of what training draws: it would draw otherwise now."""
        self._drawn.clear()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 - Qt's name
        """Tell who looks at the grid from outside where the words stand, and how large they are."""
        super().initStyleOption(option, index)
        option.font = self._fonts[False]
        option.rect = option.rect.adjusted(0, self._size.height() + 2 * EDGE, 0, 0)
        if not self._tiling.labelled:
            option.text = ""

    def begin(self, painter: QPainter) -> None:
        """Make a painter ready for the cells."""
        self._ratio = painter.device().devicePixelRatioF()
        self._inks = {chosen: theme.colour("text" if chosen else "muted") for chosen in (False, True)}
        painter.setFont(self._fonts[False])
        painter.setPen(self._inks[False])

    def paint_row(
        self, painter: QPainter, corner: QPoint, gallery: Gallery, row: int, *, chosen: bool, hovered: bool
    ) -> None:
        """Paint the image in a row of a gallery; `begin` comes first.

        Args:
            painter: where to.
            corner: of the cell, in the painter's coordinates.
            gallery: the images.
            row: which of them.
            chosen: whether it is the current one.
            hovered: whether the pointer is over it.
        """
        x, y = corner.x() + EDGE, corner.y() + EDGE
        if hovered:
            around = QRect(QPoint(x, y), self._size).adjusted(-EDGE, -EDGE, EDGE, EDGE)
            painter.fillRect(around, theme.colour("selection"))
        shown, faded = self._pixmap(gallery, row)
        if faded:
            painter.setOpacity(FADED)
        painter.drawPixmap(x, y, shown)
        if faded:
            painter.setOpacity(1.0)
        if chosen:
            painter.setPen(QPen(theme.colour("accent"), EDGE))
            painter.drawRect(QRect(QPoint(x, y), self._size).adjusted(-1, -1, 1, 1))
            painter.setFont(self._fonts[True])
            painter.setPen(self._inks[True])
        if self._tiling.labelled:
            label = gallery.label(row)
            # a lone thin stroke, such as that of a 1, is too faint in the ink of words
            painter.setPen(self._inks[chosen or len(label) == 1])
            painter.drawStaticText(x, y + self._size.height() + EDGE, self._label(label, chosen=chosen))
        if chosen:
            painter.setFont(self._fonts[False])
            painter.setPen(self._inks[False])

    def _label(self, label: str, *, chosen: bool) -> QStaticText:
        """Return the name of a class, as much of it as there is room for: laid out once, painted often."""
        found = self._words.get((label, chosen))
        if found is None:
            room, elide = self._tiling.cell[0] - EDGE, Qt.TextElideMode.ElideRight
            found = QStaticText(QFontMetrics(self._fonts[chosen]).elidedText(label, elide, room))
            found.setTextFormat(Qt.TextFormat.PlainText)
            self._words[label, chosen] = found
        return found

    def _pixmap(self, gallery: Gallery, row: int) -> tuple[QPixmap, bool]:
        """Return what is shown of an image, and whether something else is on its way."""
        split, number = gallery.place(row)
        if self.trained is not None and self.epoch is not None:
            place = self.trained.place(split, number, self.epoch)
            drawn = self._drawn.get(place, None, self._size, self._ratio)
            if drawn is None:
                drawn = self._drawn.get(place, self.trained.get(place), self._size, self._ratio)
            if drawn is not None:
                return drawn, False
        # the image itself is touched only where nothing was made of it before
        stored = self._thumbnails.get((split, number), None, self._size, self._ratio)
        if stored is None:
            stored = self._thumbnails.get((split, number), gallery[row].pixels, self._size, self._ratio)
        assert stored is not None  # noqa: S101 - there are pixels
        return stored, self.epoch is not None
