"""The stages as a table: one row each for stem, stages and head, those behind a fault unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from resnet_studio.analysis.cost import activation_bytes
from resnet_studio.analysis.network import Analysis, Stage, analyse
from resnet_studio.gui import numbers, theme
from resnet_studio.gui.widgets.share_bar import SHARE_ROLE
from resnet_studio.spec.network import NetworkSpec

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


@dataclass(frozen=True)
class Column:
    """One column: its head, the explanation in its tooltip, and what it shows of a stage."""

    head: str
    tip: str
    show: Callable[[Stage, "StageModel"], str]
    share: Callable[[Stage, "StageModel"], float] | None = None


def _activations(stage: Stage, model: "StageModel") -> str:
    return numbers.mib(activation_bytes(stage.activations, model.batch_size, model.precision))


def _field(stage: Stage, _: "StageModel") -> str:
    return "all" if stage.receptive_field is None else numbers.count(stage.receptive_field)


def _params_share(stage: Stage, model: "StageModel") -> float:
    return stage.params / max(1, model.analysis.params)


def _mult_adds_share(stage: Stage, model: "StageModel") -> float:
    return stage.mult_adds / max(1, model.analysis.mult_adds)


COLUMNS = (
    Column("stage", "stem, stages and head, in the order in which the data flows", lambda s, _: title(s.name)),
    Column(
        "output C×H×W",
        "channels, height and width of what leaves the stage",
        lambda s, _: numbers.shape(s.output_shape),
    ),
    Column("blocks", "residual blocks of the stage", lambda s, _: numbers.count(s.blocks) if s.blocks else ""),
    Column("parameters", "trainable weights, scales, shifts and biases", lambda s, _: numbers.count(s.params)),
    Column("share %", "share of all parameters", lambda s, m: f"{100 * _params_share(s, m):.1f}", _params_share),
    Column(
        "mult-adds M",
        "million multiply-adds of convolutions and dense layers for one image",
        lambda s, _: numbers.mega(s.mult_adds),
    ),
    Column(
        "share %", "share of all multiply-adds", lambda s, m: f"{100 * _mult_adds_share(s, m):.1f}", _mult_adds_share
    ),
    Column("rec. field px", "side of the square of input pixels that one output position sees", _field),
    Column("activations MiB", "outputs kept for the backward pass at the batch size above", _activations),
)


def title(name: str) -> str:
    """Return `stage 3` for `stage3`."""
    return name.replace("stage", "stage ") if name.startswith("stage") else name


class StageModel(QAbstractTableModel):
    """Rows are `stem`, `stage 1` and so on, `head`; unknown values are `?`."""

    def __init__(self) -> None:
        super().__init__()
        self.analysis: Analysis = analyse(NetworkSpec())
        self.batch_size, self.precision = 1, "fp32"
        self._names: list[str] = []
        self._known: dict[str, Stage] = {}

    def show(self, analysis: Analysis, batch_size: int, precision: str) -> None:
        """Show another design; rows are reset only where their number changes."""
        names = _names(analysis.spec)
        reset = len(names) != len(self._names)
        if reset:
            self.beginResetModel()
        self.analysis, self.batch_size, self.precision = analysis, batch_size, precision
        self._names, self._known = names, {stage.name: stage for stage in analysis.stages}
        if reset:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0, 0), self.index(len(names) - 1, len(COLUMNS) - 1))

    def faulty_row(self) -> int | None:
        """Return the row at which the design breaks, if it does so in a row."""
        fault = self.analysis.fault
        if fault is None or (fault.stage is None and "head" in self._known):
            return None
        name = {None: "head", 0: "stem"}.get(fault.stage, f"stage{fault.stage}")
        return self._names.index(name) if name in self._names else None

    def stage_number(self, row: int) -> int:
        """Return 0 for the stem, the number of a stage, and one more than the last for the head."""
        name = self._names[row]
        stages = len(self.analysis.spec.block_sizes)
        return 0 if name == "stem" else stages + 1 if name == "head" else int(name.removeprefix("stage"))

    def row_of(self, stage_number: int | None) -> int | None:
        """Return the row of a stage's number."""
        rows = [row for row in range(len(self._names)) if self.stage_number(row) == stage_number]
        return rows[0] if rows else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of stages, stem and head included."""
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """Return the head of a column and its explanation."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return COLUMNS[section].head
        if role == Role.ToolTipRole:
            return COLUMNS[section].tip
        return _alignment(section) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows."""
        name, column = self._names[index.row()], COLUMNS[index.column()]
        stage = self._known.get(name)
        if role == Role.DisplayRole:
            if index.row() == self.faulty_row() and index.column() == 1 and self.analysis.fault:
                return numbers.prose(self.analysis.fault.message.partition(", ")[2] or self.analysis.fault.message)
            if stage is None:
                return title(name) if index.column() == 0 else self._unknown(name, index.column())
            return column.show(stage, self)
        if role == Role.TextAlignmentRole:
            faulty = index.row() == self.faulty_row() and index.column() == 1
            return _alignment(0 if faulty else index.column())
        if role == SHARE_ROLE and column.share:
            return column.share(stage, self) if stage and not self.analysis.fault else None
        if role == Role.ForegroundRole and stage is None:
            return theme.colour("error" if index.row() == self.faulty_row() else "muted")
        if role == Role.BackgroundRole and index.row() == self.faulty_row():
            return theme.colour("error_ground")
        return None

    def _unknown(self, name: str, column: int) -> str:
        if column == 2 and name.startswith("stage"):
            return numbers.count(self.analysis.spec.block_sizes[int(name.removeprefix("stage")) - 1])
        return "" if column == 2 else numbers.UNKNOWN


def _names(spec: NetworkSpec) -> list[str]:
    stages = [f"stage{number}" for number in range(1, len(spec.block_sizes) + 1)]
    return ["stem"] * bool(spec.stem) + stages + ["head"] * (spec.num_classes is not None)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
