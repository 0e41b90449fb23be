"""The formats as a table: which ones, as which file, how large, what for, how far."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from resnet_studio.gui import theme
from resnet_studio.gui.icons import icon
from resnet_studio.gui.pages.export.standing import KINDS, Export, words

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
FORMAT, FILE, SIZE, PURPOSE, STATE = range(5)
HEADS = ("format", "file", "size MB", "what it is for", "state")
GLYPHS = {
    "waiting": ("waiting", "muted"),
    "running": ("busy", "accent"),
    "proven": ("check", "muted"),
    "exported": ("check", "ok"),
    "failed": ("error", "error"),
}


@dataclass(frozen=True)
class Files:
    """What will be written: the name of the files without their ending, and how large they will be, where known."""

    stem: str = ""
    size: int | None = None


class FormatModel(QAbstractTableModel):
    """Check boxes in the first column say which formats are wanted."""

    chosen_changed = Signal()
    """The user chose other formats."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = {kind.name: True for kind in KINDS}
        self._files, self._export = Files(), Export()

    def chosen(self) -> tuple[str, ...]:
        """Return the formats that are wanted."""
        return tuple(name for name, wanted in self._wanted.items() if wanted)

    def size(self, kind: str) -> int | None:
        """Return the size of a file in bytes: as it lies there, else as it will be."""
        exported = self._export.bytes(kind)
        return self._files.size if exported is None else exported

    def show(self, files: Files, export: Export) -> None:
        """Show other files, or another state of their export."""
        self._files, self._export = files, export
        self.dataChanged.emit(self.index(0, 0), self.index(len(KINDS) - 1, len(HEADS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of formats."""
        return 0 if parent.isValid() else len(KINDS)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """Return the head of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return HEADS[section]
        return _alignment(section) if role == Role.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let formats be chosen while none is being exported."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == FORMAT and not self._export.running:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows."""
        kind, column = KINDS[index.row()], index.column()
        stage = self._export.stage(kind.name)
        if role == Role.DisplayRole:
            return self._text(index.row(), column)
        if role == Role.CheckStateRole and column == FORMAT:
            return Qt.CheckState.Checked if self._wanted[kind.name] else Qt.CheckState.Unchecked
        if role == Role.DecorationRole and column == STATE and stage in GLYPHS:
            return icon(*GLYPHS[stage])
        if role == Role.ForegroundRole:
            known = column == SIZE and self._export.bytes(kind.name) is not None
            ink = {"exported": "ok", "failed": "error"}.get(stage, "muted") if column == STATE else "muted"
            return theme.colour("text" if column in {FORMAT, FILE} or known else ink)
        return _alignment(column) if role == Role.TextAlignmentRole else None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: N802 - Qt's name
        """Want a format, or want it no longer."""
        if role != Role.CheckStateRole or not self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        self._wanted[KINDS[index.row()].name] = Qt.CheckState(value) is Qt.CheckState.Checked
        self.dataChanged.emit(index, index)
        self.chosen_changed.emit()
        return True

    def _text(self, row: int, column: int) -> str:
        kind = KINDS[row]
        size = self.size(kind.name)
        done = sum(step.format == kind.name for step in self._export.steps)
        return {
            FORMAT: kind.name,
            FILE: f"{self._files.stem}.{kind.name}" if self._files.stem else "",
            SIZE: "" if size is None else f"{size / 1e6:,.2f}",
            PURPOSE: kind.purpose,
            STATE: words(self._export.stage(kind.name), done),
        }[column]


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == SIZE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
