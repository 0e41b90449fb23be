"""The layers as a table that computes only the rows on screen: ResNet-1202 has four thousand."""

from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.tables.columns import Column, Row, Setting, cost_columns, shape_column
from resnet_studio.gui.pages.design.tables.cost_model import CostModel
from resnet_studio.gui.pages.design.tables.layer_rows import LayerRows

WORDS = {"zero_pad": "zero padding", "drop_path": "drop path"}


def kind(layer: Layer) -> str:
    """Return what a layer does, in words, and that it does so on the shortcut."""
    word = WORDS.get(layer.kind, layer.kind)
    return f"{word}, shortcut" if layer.branch == "shortcut" and layer.kind != "zero_pad" else word


def _partner(row: Row, setting: Setting) -> Layer | None:
    return setting.baseline_layers.get(row.path) if isinstance(row, Layer) else None


RANKS = {
    "params_difference": 2,
    "activations": 3,
    "receptive_field": 4,
    "params_share": 5,
    "mult_adds_share": 7,
    "mult_adds_difference": 8,
    "activations_difference": 9,
}
"""Which columns a narrow window does without, the last ones first."""

COLUMNS = (
    Column("layer", "layer", "path of the module, as in the state dict", lambda row, _: row.path, left=True,
           fixed=True),
    Column("kind", "kind", "what the layer does", lambda row, _: kind(row), left=True),
    shape_column("input", "input", "shape of what flows in, C×H×W", lambda row, _: row.input_shape, rank=11),
    shape_column("output", "output", "shape of what flows out, C×H×W", lambda row, _: row.output_shape,
                 quantity="output_shape"),
    Column("kernel", "kernel", "side of the kernel or window", lambda row, _: row.kernel_size,
           lambda side: f"{side}×{side}", plain=lambda side: f"{side}x{side}", absent="", rank=1),
    Column("stride", "stride", "step of the kernel", lambda row, _: row.stride, absent="", rank=6),
    Column("groups", "groups", "groups of the convolution", lambda row, _: row.groups, numbers.count, absent="",
           rank=10),
    *cost_columns(_partner, RANKS),
)  # fmt: skip


class LayerModel(CostModel):
    """One row for each module, in the order in which the data flows, up to a fault."""

    rows: LayerRows

    def __init__(self) -> None:
        super().__init__(COLUMNS)

    def read(self, analysis: Analysis) -> LayerRows:
        """Return the layers of a design."""
        return LayerRows(analysis, kind)

    def place_of(self, place: int) -> tuple[int, int | None]:
        """Return the number of the stage (0: stem) and of the block in it (from 0; None outside of blocks)."""
        return self.rows.place_of(self.number(place))

    def first_row_of(self, stage: int, block: int | None) -> int | None:
        """Return the place of the first row of a stage or block, if it is shown."""
        first = self.rows.first_row_of(stage, block)
        return None if first is None else self.place(first)
