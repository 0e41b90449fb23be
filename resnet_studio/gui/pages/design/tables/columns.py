"""The columns that stages and layers share: what each shows, sorts by and writes into files."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from resnet_studio.analysis.cost import activation_bytes
from resnet_studio.analysis.layers import Layer, Shape
from resnet_studio.analysis.network import Analysis, Stage
from resnet_studio.gui import numbers

Value = int | float | str | Shape | None
"""What a cell means: a count, bytes, a share, words, a shape; None where there is nothing or it can't be known."""

Row = Stage | Layer

EVERYTHING = math.inf
"""The receptive field of what sees the whole image."""


@dataclass(frozen=True)
class Setting:
    """What the numbers of a row depend on besides the row itself."""

    analysis: Analysis
    batch_size: int = 1
    precision: str = "fp32"
    baseline: Analysis | None = None

    def activation_bytes(self, activations: int) -> int:
        """Return the bytes of so many activations of one image, at the batch size and precision."""
        return activation_bytes(activations, self.batch_size, self.precision)

    @cached_property
    def baseline_stages(self) -> dict[str, Stage]:
        """The stages of the baseline by name."""
        return {stage.name: stage for stage in self.baseline.stages} if self.baseline else {}

    @cached_property
    def baseline_layers(self) -> dict[str, Layer]:
        """The layers of the baseline by path; thousands of them, so looked at only where a difference is seen."""
        return {layer.path: layer for layer in self.baseline.layers()} if self.baseline else {}


@dataclass(frozen=True)
class Column:
    """One column of a table of stages or layers.

    Attributes:
        key: its name in the settings.
        head: on the screen, with the unit.
        tip: what it is, in a sentence.
        value: what a row means in it; what is sorted by.
        show: a value as text on the screen.
        plain_head: in TSV and CSV, where the unit is that of the bare number.
        plain: a value as text for other programs.
        quantity: of which "Why this number?" tells the formula.
        share: colour of the bar of a share; empty: none.
        left: words, not numbers.
        fixed: it can't be hidden.
        rank: before anyone has chosen, 0 is shown always, others where there is room, the lowest first, None never.
        difference: it compares with the baseline, and is there only beside one.
        absent: the text where the value is None.
    """

    key: str
    head: str
    tip: str
    value: Callable[[Any, Setting], Value]
    show: Callable[[Any], str] = str
    plain_head: str = ""
    plain: Callable[[Any], str] = str
    quantity: str = ""
    share: str = ""
    left: bool = False
    fixed: bool = False
    rank: int | None = 0
    difference: bool = False
    absent: str = numbers.UNKNOWN

    @property
    def label(self) -> str:
        """Its name among all others: two columns have the head `share %`."""
        return self.plain_head if self.share else self.head

    def text(self, value: Value) -> str:
        """Return what stands on the screen."""
        return self.absent if value is None else self.show(value)

    def plain_text(self, value: Value) -> str:
        """Return what stands in a file: the bare number; nothing where it is not known."""
        return "" if value is None else self.plain(value)


def sort_key(value: Value) -> tuple[Any, ...]:
    """Return what a value is ordered by: its size, a shape's elements, and in words the numbers as numbers."""
    if isinstance(value, tuple):
        return (math.prod(value), value)
    if isinstance(value, str):
        pieces = re.findall(r"\d+|\D+", value)
        return tuple((1, int(piece), "") if piece.isdecimal() else (0, 0, piece) for piece in pieces)
    return (value,)


def shape_column(key: str, head: str, tip: str, value: Callable[[Any, Setting], Value], **more: Any) -> Column:
    """Return a column of shapes, C×H×W on the screen and CxHxW in files."""
    return Column(key, head, tip, value, numbers.shape, plain=lambda shape: "x".join(map(str, shape)), **more)


def cost_columns(partner: Callable[[Row, Setting], Row | None], ranks: dict[str, int]) -> tuple[Column, ...]:
    """Return parameters, multiply-adds, their shares, receptive field, activations and the differences.

    Args:
        partner: the row of the baseline that a row is compared with; None where there is none.
        ranks: of the columns that stand back, by their keys.
    """

    def difference(of: Callable[[Row, Setting], int]) -> Callable[[Row, Setting], Value]:
        def value(row: Row, setting: Setting) -> Value:
            if setting.baseline is None:
                return None
            other = partner(row, setting)
            if other is None and setting.baseline.fault:
                return None  # the baseline may have had it, were it not broken
            return of(row, setting) - (of(other, setting) if other else 0)

        return value

    def params(row: Row, _: Setting) -> int:
        return row.params

    def mult_adds(row: Row, _: Setting) -> int:
        return row.mult_adds

    def kept(row: Row, setting: Setting) -> int:
        return setting.activation_bytes(row.activations)

    columns = (
        Column(
            "params",
            "parameters",
            "trainable weights, scales, shifts and biases",
            params,
            numbers.count,
            "parameters",
            quantity="params",
        ),
        Column(
            "params_share",
            "share %",
            "share of all parameters",
            lambda row, setting: _share(row.params, setting.analysis.params, setting),
            lambda share: f"{100 * share:.1f}",
            "share of parameters %",
            lambda share: f"{100 * share:.4f}",
            share="blue",
        ),
        Column(
            "mult_adds",
            "mult-adds M",
            "million multiply-adds of convolutions and dense layers for one image",
            mult_adds,
            numbers.mega,
            "mult-adds",
            quantity="mult_adds",
        ),
        Column(
            "mult_adds_share",
            "share %",
            "share of all multiply-adds",
            lambda row, setting: _share(row.mult_adds, setting.analysis.mult_adds, setting),
            lambda share: f"{100 * share:.1f}",
            "share of mult-adds %",
            lambda share: f"{100 * share:.4f}",
            share="green",
        ),
        Column(
            "receptive_field",
            "rec. field px",
            "receptive field: side of the square of input pixels that one output position sees",
            lambda row, _: EVERYTHING if row.receptive_field is None else row.receptive_field,
            lambda side: "all" if side == EVERYTHING else numbers.count(side),
            "receptive field px",
            lambda side: "all" if side == EVERYTHING else str(side),
            quantity="receptive_field",
        ),
        Column(
            "activations",
            "activations MiB",
            "outputs kept for the backward pass at the batch size above",
            kept,
            numbers.mib,
            "activations bytes",
            quantity="activations",
        ),
        Column(
            "params_difference",
            "Δ parameters",
            "parameters, less those of the baseline",
            difference(params),
            lambda value: numbers.difference(value, numbers.count),
            "difference of parameters",
            difference=True,
        ),
        Column(
            "mult_adds_difference",
            "Δ mult-adds M",
            "million multiply-adds, less those of the baseline",
            difference(mult_adds),
            lambda value: numbers.difference(value, numbers.mega),
            "difference of mult-adds",
            difference=True,
        ),
        Column(
            "activations_difference",
            "Δ activations MiB",
            "kept outputs, less those of the baseline at the same batch size and precision",
            difference(kept),
            lambda value: numbers.difference(value, numbers.mib),
            "difference of activations bytes",
            difference=True,
        ),
    )
    return tuple(replace(column, rank=ranks.get(column.key, 0)) for column in columns)


def _share(part: int, whole: int, setting: Setting) -> float | None:
    """Return a share of a whole; unknown where the design breaks, and with it the whole."""
    return None if setting.analysis.fault else part / max(1, whole)
