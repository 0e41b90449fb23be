"""How a cell of a table looks: 8 px at its sides, a line below, the name of the selected row in bold."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QBrush, QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.gui import theme

Index = QModelIndex | QPersistentModelIndex

SIDE = 8
"""Pixels between the edges of a cell and its text."""


class Cell(QStyledItemDelegate):
    """Draws ground and line, then leaves the text to Qt; colours, fonts and alignment are the model's."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 - Qt's name
        """Set the selected row apart in its first column; keep the model's colour of a text in it."""
        super().initStyleOption(option, index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        if ink is not None:
            option.palette.setBrush(QPalette.ColorRole.HighlightedText, QBrush(ink))
        if index.column() == 0 and option.state & QStyle.StateFlag.State_Selected:
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            option.font = font

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, line and text."""
        self.paint_ground(painter, option, index)
        super().paint(painter, option, index)

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground of the cell and the line below it."""
        rect: QRect = option.rect
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        elif ground is not None:
            painter.fillRect(rect, QBrush(ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("grid"))
