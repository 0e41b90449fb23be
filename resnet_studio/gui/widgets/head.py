"""The head of a table: the words of its columns, and beside them the arrow of the one that is sorted by."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from resnet_studio.gui import icons, theme
from resnet_studio.gui.widgets.cell import SIDE

ARROW, GAP = 10, 4
"""Pixels of the arrow, and between it and the words."""


class Head(QHeaderView):
    """Paints the arrow on the side to which the words don't reach: numbers stay below the end of their words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:  # noqa: N802 - Qt's name
        """Paint the words as the style sheet has them, then the arrow."""
        painter.save()
        super().paintSection(painter, rect, column)
        painter.restore()
        if not self.isSortIndicatorShown() or self.sortIndicatorSection() != column:
            return
        model, across = self.model(), Qt.Orientation.Horizontal
        words = QFontMetrics(theme.font(12, 500)).horizontalAdvance(str(model.headerData(column, across) or ""))
        sides = model.headerData(column, across, Qt.ItemDataRole.TextAlignmentRole)
        right = sides is not None and bool(int(sides) & int(Qt.AlignmentFlag.AlignRight))
        x = rect.right() - SIDE - words - GAP - ARROW if right else rect.left() + SIDE + words + GAP
        arrow = QRectF(max(rect.left(), x), rect.center().y() - ARROW / 2 + 0.5, ARROW, ARROW)
        up = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        icons.paint(painter, "chevron-up" if up else "chevron-down", "text", arrow)
