"""An outcome in the table of the proof: the value, right of it a tick."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from resnet_studio.gui import icons, theme
from resnet_studio.gui.pages.export.proof_model import GLYPH_ROLE
from resnet_studio.gui.widgets.cell import SIDE, Cell

GLYPH = 14


class ProofCell(Cell):
    """Paints the value right-aligned before its icon, so that values and icons stand in columns."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, value and icon."""
        glyph = index.data(GLYPH_ROLE)
        if index.column() == 0:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        self.paint_ground(painter, option, index)
        square = QRectF(0, 0, GLYPH, GLYPH)
        square.moveCenter(QRectF(option.rect).center())
        square.moveRight(option.rect.right() - SIDE)
        painter.setFont(option.font)
        painter.setPen(theme.colour("text"))
        room = option.rect.adjusted(SIDE, 0, -SIDE - GLYPH - 6, -1)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), option.text)
        if glyph is not None:
            name, colour = glyph
            icons.paint(painter, name, colour, square)
