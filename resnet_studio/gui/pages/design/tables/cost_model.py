"""What the tables of stages and of layers have in common: columns, roles, sorting, finding; computed when looked at.

The rows as they are shown are a permutation of those of the design, made only where somebody sorts or searches.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from resnet_studio.analysis.network import Analysis, analyse
from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.design.tables.columns import Column, Row, Setting, Value, sort_key
from resnet_studio.gui.widgets.cell import ASK_ROLE
from resnet_studio.gui.widgets.share_bar import SHARE_ROLE
from resnet_studio.gui.widgets.table_text import PLAIN_ROLE
from resnet_studio.spec.network import NetworkSpec

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WHY = "Why this number? Double-click, or Enter"
SORT = "Click to sort by it: upwards, downwards, in the order of the data"


class Rows(Protocol):
    """The rows of a design, each made when it is asked for; None is one behind a fault."""

    def __len__(self) -> int: ...
    def __getitem__(self, number: int) -> Row | None: ...
    def words(self, number: int) -> str:
        """Return what a row is found by, in lower case, its shapes with x."""


class CostModel(QAbstractTableModel):
    """The rows of one design in its columns; the tables of stages and of layers add what is theirs alone."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.setting = Setting(analyse(NetworkSpec()))
        self.rows = self.read(self.setting.analysis)
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._searched: tuple[str, ...] = ()
        self._order: Sequence[int] | None = None
        self._asked: tuple[Row, Column, Value] | None = None

    def read(self, analysis: Analysis) -> Rows:
        """Return the rows of a design."""
        raise NotImplementedError

    # ---- what is shown

    def show(self, setting: Setting) -> None:
        """Show another design, or the same one in another setting; rows are reset only where they move."""
        rows = self.rows if setting.analysis is self.setting.analysis else self.read(setting.analysis)
        reset = self.arranged or len(rows) != len(self.rows)
        if reset:
            self.beginResetModel()
        self.setting, self.rows, self._order, self._asked = setting, rows, None, None
        if reset:
            self.endResetModel()
        elif len(rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))

    def search(self, text: str) -> None:
        """Show only the rows in which all the words occur; no words: all rows."""
        searched = tuple(text.lower().replace("×", "x").split())
        if searched != self._searched:
            self.beginResetModel()
            self._searched, self._order = searched, None
            self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the values of a column; column -1 is the order of the data. What is chosen stays chosen."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        rows = [self.number(index.row()) for index in kept]
        self._sorted_by, self._order = (column, order) if column >= 0 else None, None
        if kept:
            places = {number: place for place, number in enumerate(self._ordered())}
            moved = [self.index(places[row], index.column()) for row, index in zip(rows, kept, strict=True)]
            self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    @property
    def arranged(self) -> bool:
        """Whether somebody sorts or searches, so that finding a row means looking at them all."""
        return bool(self._sorted_by or self._searched)

    def number(self, place: int) -> int:
        """Return the number in the design of the row at a place of the table."""
        return self._ordered()[place]

    def place(self, number: int) -> int | None:
        """Return the place in the table of a row of the design; None while a search leaves it out."""
        order = self._ordered()
        return order.index(number) if number in order else None

    def row(self, place: int) -> Row | None:
        """Return what stands at a place of the table."""
        return self.rows[self.number(place)]

    def _ordered(self) -> Sequence[int]:
        if self._order is None:
            self._order = self._arranged()
        return self._order

    def _arranged(self) -> Sequence[int]:
        """Return the numbers of the rows in the order of the table; what is not known comes last."""
        order: Sequence[int] = range(len(self.rows))
        if self._searched:
            order = [n for n in order if all(word in self.rows.words(n) for word in self._searched)]
        if self._sorted_by is None:
            return order
        column, direction = self.columns[self._sorted_by[0]], self._sorted_by[1]
        values = [(self._value(self.rows[n], column), n) for n in order]
        known = [(sort_key(value), n) for value, n in values if value is not None]
        known.sort(key=lambda pair: pair[0], reverse=direction is Qt.SortOrder.DescendingOrder)
        return [n for _, n in known] + [n for value, n in values if value is None]

    # ---- Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of rows that are shown."""
        if parent.isValid():
            return 0
        # sorting doesn't change how many there are: a hidden table need not be sorted to be counted
        return len(self._ordered()) if self._searched else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of columns, hidden ones too."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """Return the head of a column, and its explanation."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return column.head
        if role == Role.TextAlignmentRole:
            return LEFT if column.left else RIGHT
        if role == Role.ToolTipRole:
            return f"{column.tip[:1].upper()}{column.tip[1:]}. {SORT}."
        return column.plain_head or column.head if role == PLAIN_ROLE else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows."""
        show = _SHOWN.get(role)
        if show is None:
            return None
        return show(self, index.row(), self.columns[index.column()])

    def text(self, place: int, column: Column) -> str:
        """Return what a cell shows."""
        if column.difference and self.setting.baseline is None:
            return ""
        return column.text(self._value(self.row(place), column))

    def alignment(self, _: int, column: Column) -> Qt.AlignmentFlag:
        """Return the side on which the text of a cell stands."""
        return LEFT if column.left else RIGHT

    def ink(self, place: int, column: Column) -> Any:
        """Return the colour of a text that is not the usual one: muted for no difference and for what is not known."""
        value = self._value(self.row(place), column)
        return theme.colour("muted") if value is None or (column.difference and not value) else None

    def ground(self, place: int, column: Column) -> Any:  # noqa: ARG002 - what a table may have of its own
        """Return the colour of the ground of a cell that is not the usual one."""
        return None

    def mark(self, place: int, column: Column) -> Any:  # noqa: ARG002 - what a table may have of its own
        """Return the icon before the text of a cell."""
        return None

    def plain(self, place: int, column: Column) -> str:
        """Return a cell for other programs."""
        return column.plain_text(self._value(self.row(place), column))

    def share(self, place: int, column: Column) -> Value:
        """Return how long the bar of a cell is."""
        return self._value(self.row(place), column) if column.share else None

    def asks(self, place: int, column: Column) -> str | None:
        """Return the quantity whose formula a cell can tell."""
        return column.quantity if column.quantity and self.row(place) is not None else None

    def tip(self, place: int, column: Column) -> str | None:
        """Return the tooltip of a cell: that it can be asked about, or why it is not known."""
        fault = self.setting.analysis.fault
        if fault and self.row(place) is None:
            return f"Not known: {numbers.prose(fault.message)}"
        return WHY if self.asks(place, column) else None

    def _value(self, row: Row | None, column: Column) -> Value:
        """Return what a cell means; text, colour and bar of one cell are asked for one after the other."""
        if row is None:
            return None
        asked = self._asked
        if asked is None or asked[0] is not row or asked[1] is not column:
            asked = self._asked = (row, column, column.value(row, self.setting))
        return asked[2]


_SHOWN: dict[int, Any] = {
    Role.DisplayRole: lambda model, place, column: model.text(place, column),
    Role.TextAlignmentRole: lambda model, place, column: model.alignment(place, column),
    Role.ForegroundRole: lambda model, place, column: model.ink(place, column),
    Role.BackgroundRole: lambda model, place, column: model.ground(place, column),
    Role.DecorationRole: lambda model, place, column: model.mark(place, column),
    Role.ToolTipRole: lambda model, place, column: model.tip(place, column),
    SHARE_ROLE: lambda model, place, column: model.share(place, column),
    PLAIN_ROLE: lambda model, place, column: model.plain(place, column),
    ASK_ROLE: lambda model, place, column: model.asks(place, column),
}
"""What each role shows; all others have nothing, which is said quickly: Qt asks for them at each cell it paints."""
