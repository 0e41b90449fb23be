"""How a cell of a table looks: 8 px at its sides, a line below, the name of the selected row in bold."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QBrush, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.gui import theme

Index = QModelIndex | QPersistentModelIndex

SIDE = 8
"""Pixels between the edges of a cell and its text."""

MARKS = (Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.DecorationRole)
"""What may stand before the text of a cell."""

ASK_ROLE = Qt.ItemDataRole.UserRole + 42
"""The model's role for what a cell can be asked about; a number with an answer is underlined under the pointer."""

WIDEST = 14
"""Pixels of the widest letter of a table's font."""

_SINGLE_LINE = int(Qt.TextFlag.TextSingleLine)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


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
        """Paint ground, line and text; a cell with a check box or an icon is left to Qt."""
        self.paint_ground(painter, option, index)
        model = index.model()
        check, icon = MARKS
        if model.data(index, check) is not None or model.data(index, icon) is not None:
            super().paint(painter, option, index)
        else:
            self.paint_text(painter, option, index, option.rect.adjusted(SIDE, 0, -SIDE, 0))

    def paint_text(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        """Paint the text alone: Qt's way, through the style sheet, takes several times as long, felt in each edit."""
        model, role = index.model(), Qt.ItemDataRole
        text = model.data(index, role.DisplayRole)
        if text is None:
            return
        heavy = index.column() == 0 and bool(option.state & QStyle.StateFlag.State_Selected)
        font = theme.font(weight=600) if heavy else option.font
        if option.state & QStyle.StateFlag.State_MouseOver and model.data(index, ASK_ROLE):
            font = QFont(font)
            font.setUnderline(True)
        painter.setFont(font)
        ink = model.data(index, role.ForegroundRole)
        painter.setPen(theme.colour("text") if ink is None else ink)
        alignment = model.data(index, role.TextAlignmentRole)
        sides = int(alignment) if alignment is not None else int(_LEFT)
        words = str(text)
        # no letter is wider than the font is high: most cells need no measuring
        if len(words) * WIDEST > room.width():
            words = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, sides | _SINGLE_LINE, words)

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground of the cell and the line below it."""
        rect: QRect = option.rect
        ground = index.model().data(index, Qt.ItemDataRole.BackgroundRole)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        elif ground is not None:
            painter.fillRect(rect, QBrush(ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("grid"))
