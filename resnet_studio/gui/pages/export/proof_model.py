"""The proof as a table: a row for each step, a column for each format, outcomes and ticks in the cells."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from resnet_studio.export.proof import ProofStep
from resnet_studio.gui.pages.export.standing import KINDS, Export

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
GLYPH_ROLE = int(Role.UserRole)
"""Name and colour of the icon behind the value."""
HOLDS, FAILS = ("check", "ok"), ("error", "error")
WAITS, WORKS = ("waiting", "muted"), ("busy", "accent")


class ProofModel(QAbstractTableModel):
    """Rows appear as the first format is proven; the next ones fill them."""

    def __init__(self) -> None:
        super().__init__()
        self._export = Export()
        self._steps: list[str] = []
        self._outcomes: dict[tuple[str, str], ProofStep] = {}

    def show(self, export: Export) -> None:
        """Show another state of the proof."""
        steps = list(dict.fromkeys(step.step for step in export.steps))
        outcomes = {(step.step, step.format): step for step in export.steps}
        grown = steps[: len(self._steps)] == self._steps and export.formats == self._export.formats
        if not grown:
            self.beginResetModel()
        elif len(steps) > len(self._steps):
            self.beginInsertRows(QModelIndex(), len(self._steps), len(steps) - 1)
        added = len(steps) > len(self._steps)
        self._export, self._steps, self._outcomes = export, steps, outcomes
        if not grown:
            self.endResetModel()
            return
        if added:
            self.endInsertRows()
        if steps:
            self.dataChanged.emit(self.index(0, 0), self.index(len(steps) - 1, len(KINDS)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of steps so far."""
        return 0 if parent.isValid() else len(self._steps)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of formats and one."""
        return 0 if parent.isValid() else 1 + len(KINDS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """Return the head of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return KINDS[section - 1].name if section else "step"
        return _alignment(section) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows."""
        column = index.column()
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if column == 0:
            return self._steps[index.row()] if role == Role.DisplayRole else None
        outcome = self._outcomes.get((self._steps[index.row()], KINDS[column - 1].name))
        if role == Role.DisplayRole:
            return outcome.value if outcome else ""
        if role == GLYPH_ROLE:
            return self._glyph(index.row(), KINDS[column - 1].name, outcome)
        if role == Role.AccessibleTextRole:
            return f"{outcome.value}, {'holds' if outcome.ok else 'does not hold'}" if outcome else "not yet"
        return None

    def _glyph(self, row: int, kind: str, outcome: ProofStep | None) -> tuple[str, str] | None:
        if outcome is not None:
            return HOLDS if outcome.ok else FAILS
        if not self._export.running or kind not in self._export.formats:
            return None
        first_open = next(place for place, step in enumerate(self._steps) if (step, kind) not in self._outcomes)
        return WORKS if self._export.stage(kind) == "running" and row == first_open else WAITS


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
