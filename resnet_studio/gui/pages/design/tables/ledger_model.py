"""What was published of a preset, beside what the design has now, as a table."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from resnet_studio.analysis.ledger import LedgerRow
from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.design.tables.cost_model import LEFT, RIGHT
from resnet_studio.gui.widgets.table_text import PLAIN_ROLE

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

WORDS = {True: "agrees", False: "differs", None: ""}
INKS = {True: "ok", False: "warning", None: "muted"}


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _here(row: LedgerRow) -> str:
    """Return what the design has; of a broken one it is not known, of an untrained one there is nothing to say."""
    return row.here_text or (numbers.UNKNOWN if not row.unit else "")


COLUMNS: tuple[tuple[str, str, Callable[[LedgerRow], str], Callable[[LedgerRow], str]], ...] = (
    ("quantity", "what was published", lambda row: row.quantity, lambda row: row.quantity),
    ("published", "the figure as it was printed", lambda row: row.published_text, lambda row: _plain(row.published)),
    ("here", "what the design has now, at the same precision; errors and accuracies only training tells",
     _here, lambda row: _plain(row.here)),
    ("", "whether the two agree at the precision of what was printed", lambda row: WORDS[row.agrees],
     lambda row: WORDS[row.agrees]),
    ("source", "paper, book or program", lambda row: row.source, lambda row: row.source),
    ("note", "what it was measured on", lambda row: row.note, lambda row: row.note),
)  # fmt: skip
NUMBERS, VERDICT = frozenset({1, 2}), 3


class LedgerModel(QAbstractTableModel):
    """One row for each published figure."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[LedgerRow, ...] = ()

    def show(self, rows: tuple[LedgerRow, ...]) -> None:
        """Show other rows."""
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of published figures."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """Return the head of a column and its explanation."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        head, tip = COLUMNS[section][:2]
        if role == Role.TextAlignmentRole:
            return RIGHT if section in NUMBERS else LEFT
        return {Role.DisplayRole: head, Role.ToolTipRole: tip, PLAIN_ROLE: head or "agrees"}.get(Role(role))

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows."""
        row, column = self._rows[index.row()], index.column()
        if role in {Role.DisplayRole, Role.ToolTipRole}:
            return COLUMNS[column][2](row)
        if role == PLAIN_ROLE:
            return COLUMNS[column][3](row)
        if role == Role.TextAlignmentRole:
            return RIGHT if column in NUMBERS else LEFT
        if role == Role.ForegroundRole and column == VERDICT:
            return theme.colour(INKS[row.agrees])
        return None
