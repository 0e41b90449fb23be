"""The stages as a table: one row each for stem, stages and head, those behind a fault unknown."""

from typing import Any

from PySide6.QtCore import Qt

from resnet_studio.analysis.network import Analysis, Stage
from resnet_studio.gui import numbers, theme
from resnet_studio.gui.icons import icon
from resnet_studio.gui.pages.design.tables.columns import Column, Row, Setting, Value, cost_columns, shape_column
from resnet_studio.gui.pages.design.tables.cost_model import LEFT, CostModel
from resnet_studio.spec.network import NetworkSpec


def _partner(row: Row, setting: Setting) -> Stage | None:
    return setting.baseline_stages.get(row.name) if isinstance(row, Stage) else None


def _stride(row: Stage, setting: Setting) -> Value:
    """Return by how much a stage lowers the resolution."""
    spec = setting.analysis.spec
    if row.number:
        return spec.strides[row.number - 1]
    return None if spec.stem is None or row.name != "stem" else spec.stem.stride * (2 if spec.stem.pool else 1)


RANKS = {
    "params_difference": 1,
    "params_share": 2,
    "mult_adds_share": 3,
    "activations": 4,
    "receptive_field": 5,
    "mult_adds_difference": 6,
    "activations_difference": 7,
}
"""Which columns a narrow window does without, the last ones first."""

COLUMNS = (
    Column("stage", "stage", "stem, stages and head, in the order in which the data flows",
           lambda row, _: title(row.name), left=True, fixed=True),
    shape_column("output", "output C×H×W", "channels, height and width of what leaves the stage",
                 lambda row, _: row.output_shape, plain_head="output CxHxW", quantity="output_shape", fixed=True),
    Column("blocks", "blocks", "residual blocks of the stage", lambda row, _: row.blocks or None, numbers.count,
           absent=""),
    shape_column("input", "input C×H×W", "channels, height and width of what enters the stage",
                 lambda row, _: row.input_shape, plain_head="input CxHxW", rank=None),
    Column("stride", "stride", "by how much the stage lowers the resolution", _stride, rank=None, absent=""),
    *cost_columns(_partner, RANKS),
)  # fmt: skip
NAME, OUTPUT, BLOCKS = (column.key for column in COLUMNS[:3])


def title(name: str) -> str:
    """Return `stage 3` for `stage3`."""
    return name.replace("stage", "stage ") if name.startswith("stage") else name


class StageRows:
    """Stem, stages and head of a design; those behind its fault are None."""

    def __init__(self, analysis: Analysis) -> None:
        self.names = _names(analysis.spec)
        self._known = {stage.name: stage for stage in analysis.stages}
        self.faulty = self._fault(analysis)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: int) -> Stage | None:
        return self._known.get(self.names[number])

    def words(self, number: int) -> str:
        """Return what a row is found by."""
        row = self[number]
        shape = "" if row is None else f" {'x'.join(map(str, row.output_shape))}"
        return title(self.names[number]) + shape

    def _fault(self, analysis: Analysis) -> int | None:
        """Return the row at which the design breaks, if it does so in a row."""
        fault = analysis.fault
        if fault is None or (fault.stage is None and "head" in self._known):
            return None
        name = {None: "head", 0: "stem"}.get(fault.stage, f"stage{fault.stage}")
        return self.names.index(name) if name in self.names else None


class StageModel(CostModel):
    """Rows are `stem`, `stage 1` and so on, `head`; unknown values are `?`."""

    rows: StageRows

    def __init__(self) -> None:
        super().__init__(COLUMNS)

    def read(self, analysis: Analysis) -> StageRows:
        """Return the stages of a design."""
        return StageRows(analysis)

    def faulty_row(self) -> int | None:
        """Return the place at which the design breaks, if it does so in a row that is shown."""
        return None if self.rows.faulty is None else self.place(self.rows.faulty)

    def stage_number(self, place: int) -> int:
        """Return 0 for the stem, the number of a stage, and one more than the last for the head."""
        name = self.rows.names[self.number(place)]
        stages = len(self.setting.analysis.spec.block_sizes)
        return 0 if name == "stem" else stages + 1 if name == "head" else int(name.removeprefix("stage"))

    def row_of(self, stage_number: int | None) -> int | None:
        """Return the place of a stage by its number."""
        places = [place for place in range(self.rowCount()) if self.stage_number(place) == stage_number]
        return places[0] if places else None

    def text(self, place: int, column: Column) -> str:
        """Return what a cell shows; the row that breaks tells how, those behind it what is wanted of them."""
        number, fault = self.number(place), self.setting.analysis.fault
        if column.key == OUTPUT and number == self.rows.faulty and fault:
            return numbers.prose(fault.message.partition(", ")[2] or fault.message)
        if self.rows[number] is None and not (column.difference and self.setting.baseline is None):
            return self._wanted(self.rows.names[number], column)
        return super().text(place, column)

    def alignment(self, place: int, column: Column) -> Qt.AlignmentFlag:
        """Return the side of a text; the sentence of a fault is read from the left."""
        if column.key == OUTPUT and self.number(place) == self.rows.faulty:
            return LEFT
        return super().alignment(place, column)

    def ink(self, place: int, column: Column) -> Any:
        """Return the colour of a text: of the row that breaks, that of errors."""
        if self.number(place) == self.rows.faulty:
            return theme.colour("error")
        return super().ink(place, column)

    def ground(self, place: int, column: Column) -> Any:
        """Return the ground of errors for the row that breaks."""
        if self.number(place) == self.rows.faulty:
            return theme.colour("error_ground")
        return super().ground(place, column)

    def mark(self, place: int, column: Column) -> Any:
        """Return the icon before the name of the row that breaks."""
        return icon("error", "error") if column.key == NAME and self.number(place) == self.rows.faulty else None

    def plain(self, place: int, column: Column) -> str:
        """Return a cell for other programs; of a row that is not known, its name and blocks."""
        if self.row(place) is None:
            wanted = self._wanted(self.rows.names[self.number(place)], column)
            return "" if wanted == numbers.UNKNOWN else wanted.replace(",", "")
        return super().plain(place, column)

    def _wanted(self, name: str, column: Column) -> str:
        """Return what is known of a stage behind the fault: its name and its blocks."""
        if column.key == NAME:
            return title(name)
        if column.key != BLOCKS:
            return column.absent or ""
        sizes = self.setting.analysis.spec.block_sizes
        return numbers.count(sizes[int(name.removeprefix("stage")) - 1]) if name.startswith("stage") else ""


def _names(spec: NetworkSpec) -> list[str]:
    stages = [f"stage{number}" for number in range(1, len(spec.block_sizes) + 1)]
    return ["stem"] * bool(spec.stem) + stages + ["head"] * (spec.num_classes is not None)
