"""A share of a whole in a table: the number, and a bar from 0 to 100 %."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.cell import SIDE, Cell

SHARE_ROLE = Qt.ItemDataRole.UserRole + 40
"""The model's role for the share: a fraction from 0 to 1, or None where it can't be known (no bar then)."""

BAR_WIDTH, BAR_HEIGHT, GAP = 37, 8, 5


class ShareBar(Cell):
    """Paints the text of the cell, then the bar; without text the bar has the cell for itself."""

    def __init__(self, colour: str = "blue", parent: QObject | None = None) -> None:
        """Make one for a column; `colour` is the name of a token."""
        super().__init__(parent)
        self._colour = colour

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, number and bar."""
        self.paint_ground(painter, option, index)
        rect: QRect = option.rect
        share = index.model().data(index, SHARE_ROLE)
        beside = 0 if share is None else BAR_WIDTH + GAP
        self.paint_text(painter, option, index, rect.adjusted(SIDE, 0, -SIDE - beside, 0))
        if share is not None:
            text = index.model().data(index, Qt.ItemDataRole.DisplayRole)
            bar = QRect(0, 0, BAR_WIDTH if text else rect.width() - 2 * SIDE, BAR_HEIGHT)
            bar.moveCenter(rect.center())
            bar.moveRight(rect.right() - SIDE)
            painter.save()
            self._paint_bar(painter, QRectF(bar), max(0.0, min(1.0, float(share))))
            painter.restore()

    def _paint_bar(self, painter: QPainter, bar: QRectF, share: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("grid"))
        painter.drawRoundedRect(bar, 2, 2)
        if share > 0:
            # at least a pixel: a share that is there is seen
            filled = QRectF(bar.left(), bar.top(), max(1.0, share * bar.width()), bar.height())
            painter.setBrush(theme.colour(self._colour))
            painter.drawRoundedRect(filled, min(2.0, filled.width() / 2), 2)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Leave room for the bar beside the number."""
        return super().sizeHint(option, index) + QSize(BAR_WIDTH + GAP, 0)
