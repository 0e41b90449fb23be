"""What the literature published of a preset, beside what the design has now."""

from dataclasses import dataclass

from resnet_studio.analysis.network import Analysis
from resnet_studio.spec.presets import Preset
from resnet_studio.spec.published import EXACT, Published, Quantity

_QUANTITIES: dict[Quantity, str] = {
    "parameters": "parameters",
    "mult_adds": "multiply-adds",
    "top1_error": "top-1 error",
    "top5_error": "top-5 error",
    "top1_accuracy": "top-1 accuracy",
}
_SLACK = 1e-6
"""Of the precision: what binary fractions lose of decimal figures."""


@dataclass(frozen=True)
class LedgerRow:
    """One published figure and the design's own.

    Attributes:
        quantity: parameters, multiply-adds, top-1 error, top-5 error or top-1 accuracy.
        published: the figure, in parameters, multiply-adds an image or per cent.
        here: what the design has now, exactly; None for what only training tells, and for a broken design.
        unit: "" for counts, "%" for errors and accuracies.
        source: the paper, book or program, with its table where it has one.
        note: what it was measured on, or how the published design differs from the preset.
        precision: the worth of the published figure's last digit.
        above: the source says no more than that it is higher than this.
    """

    quantity: str
    published: float
    here: float | None
    unit: str
    source: str
    note: str
    precision: float = EXACT
    above: bool = False

    @property
    def agrees(self) -> bool | None:
        """Whether the design has the published figure at its precision; None where there is nothing to compare.

        The papers cut off as often as they round (He et al. 2015 call 3.86 billion 3.8): both count as agreement.
        """
        if self.here is None:
            return None
        slack = _SLACK * self.precision
        if self.precision == EXACT:
            return self.here == self.published
        return self.published - self.precision / 2 - slack <= self.here < self.published + self.precision - slack

    @property
    def published_text(self) -> str:
        """The published figure as it was printed: 0.27 M, 11,689,512, 8.75 %, > 60 %."""
        return ("> " if self.above else "") + self._text(self.published)

    @property
    def here_text(self) -> str:
        """The design's own figure at the published precision, empty where only training tells."""
        return "" if self.here is None else self._text(self.here)

    def _text(self, value: float) -> str:
        if self.unit == "%":
            return f"{value:.{_digits(self.precision)}f} %"
        if self.precision == EXACT:
            return f"{value:,.0f}"
        scale, letter = (1e9, "G") if self.quantity == "multiply-adds" else (1e6, "M")
        return f"{value / scale:,.{_digits(self.precision / scale)}f} {letter}"


def ledger(analysis: Analysis, preset: Preset) -> tuple[LedgerRow, ...]:
    """Return every published figure of a preset beside what the design has now, its source's order kept."""
    return tuple(_row(figure, analysis) for figure in preset.published)


def _row(figure: Published, analysis: Analysis) -> LedgerRow:
    here: dict[Quantity, int] = {"parameters": analysis.params, "mult_adds": analysis.mult_adds}
    counted = figure.quantity in here
    return LedgerRow(
        _QUANTITIES[figure.quantity],
        figure.value,
        here[figure.quantity] if counted and not analysis.errors else None,
        "" if counted else "%",
        f"{figure.source}, {figure.where}" if figure.where else figure.source,
        figure.note,
        figure.precision,
        figure.above,
    )


def _digits(precision: float) -> int:
    """Return the digits after the point of a figure of this precision: 0.01 has two."""
    digits = 0
    while precision < 1 - _SLACK:
        precision, digits = precision * 10, digits + 1
    return digits
