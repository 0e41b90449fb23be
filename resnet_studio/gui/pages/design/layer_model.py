"""The layers as a table that computes only the rows on screen: ResNet-1202 has four thousand."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from resnet_studio.analysis.cost import activation_bytes
from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis, BlockGroup, analyse
from resnet_studio.gui import numbers
from resnet_studio.spec.network import NetworkSpec

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

WORDS = {"zero_pad": "zero padding", "drop_path": "drop path"}


def _optional(value: int | None) -> str:
    return "" if value is None else numbers.count(value)


def _kernel(layer: Layer) -> str:
    return "" if layer.kernel_size is None else f"{layer.kernel_size}×{layer.kernel_size}"


def _kind(layer: Layer) -> str:
    word = WORDS.get(layer.kind, layer.kind)
    return f"{word}, shortcut" if layer.branch == "shortcut" and layer.kind != "zero_pad" else word


COLUMNS: tuple[tuple[str, str, Callable[[Layer, "LayerModel"], str]], ...] = (
    ("layer", "path of the module, as in the state dict", lambda row, _: row.path),
    ("kind", "what the layer does", lambda row, _: _kind(row)),
    ("input", "shape of what flows in, C×H×W", lambda row, _: numbers.shape(row.input_shape)),
    ("output", "shape of what flows out, C×H×W", lambda row, _: numbers.shape(row.output_shape)),
    ("kernel", "side of the kernel or window", lambda row, _: _kernel(row)),
    ("stride", "step of the kernel", lambda row, _: _optional(row.stride)),
    ("groups", "groups of the convolution", lambda row, _: _optional(row.groups)),
    ("parameters", "trainable weights, scales, shifts and biases", lambda row, _: numbers.count(row.params)),
    ("mult-adds M", "million multiply-adds for one image", lambda row, _: numbers.mega(row.mult_adds)),
    ("rec. field px", "side of the square of input pixels that one output position sees",
     lambda row, _: "all" if row.receptive_field is None else numbers.count(row.receptive_field)),
    ("activations MiB", "output kept for the backward pass at the batch size above",
     lambda row, model: numbers.mib(activation_bytes(row.activations, model.batch_size, model.precision))),
)  # fmt: skip
LEFT_COLUMNS = frozenset({0, 1})


@dataclass(frozen=True)
class _Segment:
    """Rows that follow one another: layers outside of blocks, or the equal blocks of a group."""

    stage: int
    layers: tuple[Layer, ...] = ()
    group: BlockGroup | None = None

    def __len__(self) -> int:
        return self.group.count * len(self.group.block.layers) if self.group else len(self.layers)


class LayerModel(QAbstractTableModel):
    """One row for each module, in the order in which the data flows, up to a fault."""

    batch_size: int
    precision: str

    def __init__(self) -> None:
        super().__init__()
        self.analysis: Analysis = analyse(NetworkSpec())
        self.batch_size, self.precision = 1, "fp32"
        self._segments: list[_Segment] = []
        self._starts: list[int] = []
        self._rows = 0
        self._block: tuple[tuple[int, int], list[Layer]] | None = None

    def show(self, analysis: Analysis, batch_size: int, precision: str) -> None:
        """Show another design, or the same one at another batch size."""
        segments = _segments(analysis)
        rows = sum(map(len, segments))
        reset = rows != self._rows
        if reset:
            self.beginResetModel()
        self.analysis, self.batch_size, self.precision = analysis, batch_size, precision
        self._segments, self._rows, self._block = segments, rows, None
        self._starts, start = [], 0
        for segment in segments:
            self._starts.append(start)
            start += len(segment)
        if reset:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(COLUMNS) - 1))

    def layer(self, row: int) -> Layer:
        """Return the layer of a row."""
        segment, inside = self._find(row)
        if segment.group is None:
            return segment.layers[inside]
        number, place = divmod(inside, len(segment.group.block.layers))
        key = (segment.stage, segment.group.first + number)
        if self._block is None or self._block[0] != key:
            self._block = key, list(segment.group.layers(key[1]))
        return self._block[1][place]

    def place_of(self, row: int) -> tuple[int, int | None]:
        """Return the number of the stage (0: stem) and of the block in it (from 0; None outside of blocks)."""
        segment, inside = self._find(row)
        if segment.group is None:
            return segment.stage, None
        return segment.stage, segment.group.first + inside // len(segment.group.block.layers)

    def first_row_of(self, stage: int, block: int | None) -> int | None:
        """Return the first row of a stage or block."""
        for segment, start in zip(self._segments, self._starts, strict=True):
            if segment.stage != stage:
                continue
            group = segment.group
            if block is None or group is None:
                return start
            if group.first <= block < group.first + group.count:
                return start + (block - group.first) * len(group.block.layers)
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of layers."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:  # noqa: N802
        """Return the head of a column and its explanation."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in {Role.DisplayRole, Role.ToolTipRole}:
            return COLUMNS[section][0 if role == Role.DisplayRole else 1]
        return _alignment(section) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows."""
        if role == Role.DisplayRole:
            return COLUMNS[index.column()][2](self.layer(index.row()), self)
        return _alignment(index.column()) if role == Role.TextAlignmentRole else None

    def _find(self, row: int) -> tuple[_Segment, int]:
        place = bisect_right(self._starts, row) - 1
        return self._segments[place], row - self._starts[place]


def _segments(analysis: Analysis) -> list[_Segment]:
    stages = len(analysis.spec.block_sizes)
    segments = []
    for stage in analysis.stages:
        number = stage.number if stage.number is not None else 0 if stage.name == "stem" else stages + 1
        if stage.own_layers:
            segments.append(_Segment(number, stage.own_layers))
        segments += [_Segment(number, group=group) for group in stage.groups]
    if analysis.fault and analysis.fault.layers:
        segments.append(_Segment(analysis.fault.stage or 0, analysis.fault.layers))
    return segments


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in LEFT_COLUMNS else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
