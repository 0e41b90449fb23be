"""How wide the columns of a table are: as their texts need, what room is left shared, what has no room left out."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QTableView

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.cell import MARKS, SIDE
from resnet_studio.gui.widgets.head import ARROW
from resnet_studio.gui.widgets.head import GAP as ARROW_GAP
from resnet_studio.gui.widgets.share_bar import BAR_WIDTH, GAP, ShareBar

MARK = 22
"""Pixels of a check box or an icon in a cell, with the gap behind it."""

REMEMBERED = 500
"""Texts of a column that are not measured again."""

FIRST_ROWS, LAST_ROWS = 30, 10
"""Rows whose texts are measured for the widths of the columns; more would be felt on thousands of layers."""

LEAST = 60
"""Pixels that a column keeps which gives up room."""


class ColumnFit(QObject):
    """Widens the columns of one table to their texts, never narrows them while the same model is shown."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._natural: dict[int, int] = {}
        self._measured: dict[int, set[tuple[str, int]]] = {}
        self._weights: dict[int, float] = {}
        self._where_room: Sequence[int] = ()
        self._shrinking, self._fitting, self._by_user, self._shared = False, False, False, False
        table.horizontalHeader().sectionResized.connect(self._resized)

    def forget(self) -> None:
        """Measure again: the model is another one, or the columns are."""
        self._natural, self._by_user, self._shared = {}, False, False
        self._measured.clear()

    def set_weights(self, weights: dict[int, float], *, shrinking: bool) -> None:
        """See `Table.set_weights`."""
        self._weights, self._shrinking, self._shared = weights, shrinking, False

    def show(self, columns: Collection[int], where_room: Sequence[int]) -> None:
        """Show columns, and as many of others as there is room for, the first ones first."""
        self._where_room = tuple(where_room)
        for column in range(self._table.model().columnCount()):
            self._table.setColumnHidden(column, column not in columns)
        self.forget()

    def measure(self) -> None:
        """Widen the columns to what their texts need now, and share the room."""
        if self._table.model() is None or self._by_user:
            return
        before = dict(self._natural)
        for column in self._shown():
            self._natural[column] = max(self._natural.get(column, 0), self._needed(column))
        for column in self._where_room:
            # one that is hidden is measured once, to know whether it fits
            if column not in self._natural:
                self._natural[column] = self._needed(column)
        if self._natural != before or not self._shared:
            self.share()

    @Slot()
    def share(self) -> None:
        """Give the columns what they need, and what room is left."""
        if self._table.model() is None or self._by_user or not self._natural:
            return
        self._fitting, self._shared = True, True
        room = self._table.viewport().width()
        self._leave_out(room)
        columns = self._shown()
        spare = room - sum(self._natural.get(column, 0) for column in columns)
        if not self._shrinking:
            spare = max(0, spare)
        weights = {column: self._weights.get(column, 0.0 if self._weights else 1.0) for column in columns}
        total, given, passed = sum(weights.values()) or 1.0, 0, 0.0
        for column in columns:
            passed += weights[column]
            extra = round(spare * passed / total) - given  # whole pixels that add up
            given += extra
            wanted = self._natural.get(column, 0)
            self._table.setColumnWidth(column, max(min(wanted, LEAST), wanted + extra))
        self._fitting = False

    def _shown(self) -> list[int]:
        columns = range(self._table.model().columnCount())
        return [column for column in columns if not self._table.isColumnHidden(column)]

    def _leave_out(self, room: int) -> None:
        """Hide the columns for which there is no room; after the first, those that matter less have none either."""
        always = [column for column in self._shown() if column not in self._where_room]
        left = room - sum(self._natural.get(column, 0) for column in always)
        for column in self._where_room:
            left -= self._natural.get(column, 0)
            self._table.setColumnHidden(column, left < 0)

    @Slot(int, int, int)
    def _resized(self, _: int, before: int, after: int) -> None:
        """Leave all widths alone once the user has chosen one; 0 is that of a column hidden."""
        if not self._fitting and before and after:
            self._by_user = True

    def _needed(self, column: int) -> int:
        """Return the pixels that the head and the first rows of a column need."""
        table, model = self._table, self._table.model()
        head_metrics = QFontMetrics(theme.font(12, 500))
        # the first cell of a selected row is bold
        metrics = QFontMetrics(theme.font(weight=400 if column else 600))
        head = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        wide = head_metrics.horizontalAdvance(head) + 2
        header = table.horizontalHeader()
        if header.isSortIndicatorShown() and header.sortIndicatorSection() == column:
            wide += ARROW + ARROW_GAP
        bar = BAR_WIDTH + GAP if isinstance(table.itemDelegateForColumn(column), ShareBar) else 0
        rows = model.rowCount()
        sampled = {*range(min(rows, FIRST_ROWS)), *range(max(0, rows - LAST_ROWS), rows)}
        cells = {self._cell(row, column) for row in sampled}
        measured = self._measured.setdefault(column, set())
        for text, marks in cells - measured:
            wide = max(wide, metrics.horizontalAdvance(text) + 2 + (bar if text else 0) + MARK * marks)
        # texts come again with the next edit; what was seen long ago may be measured anew
        self._measured[column] = cells | (measured if len(measured) < REMEMBERED else set())
        return max(wide + 2 * SIDE, header.minimumSectionSize())

    def _cell(self, row: int, column: int) -> tuple[str, int]:
        """Return the text of a cell, and how many marks stand before it; one over several columns needs no room."""
        if self._table.columnSpan(row, column) != 1:
            return "", 0
        model = self._table.model()
        index = model.index(row, column)
        text = model.data(index, Qt.ItemDataRole.DisplayRole)
        marks = sum(model.data(index, mark) is not None for mark in MARKS)
        return "" if text is None else str(text), marks
