"""The vertical axis of a bar chart: round ticks from zero, and the unit in which they stay short. No Qt."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from resnet_studio.analysis.cost import GIB, KIB, MIB

MOST_STEPS = 4

COUNTS = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))
BYTES = ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB"), (1.0, "bytes"))


@dataclass(frozen=True)
class Scale:
    """From 0 to `top`, a tick each `step`, in units of `factor` that are called `unit`."""

    top: float
    step: float
    factor: float
    unit: str

    def ticks(self) -> list[tuple[float, str]]:
        """Return the values of the ticks and their words."""
        count = round(self.top / self.step)
        places = max(0, -math.floor(math.log10(self.step / self.factor) + 1e-9))
        return [(n * self.step, f"{n * self.step / self.factor:,.{places}f}") for n in range(count + 1)]


def scale(largest: float, units: tuple[tuple[float, str], ...]) -> Scale:
    """Return the axis for values up to `largest`, with steps of 1, 2 or 5 times a power of ten of a unit."""
    largest = max(largest, 1.0)
    factor, unit = next((each for each in units if largest >= each[0]), units[-1])
    rough = largest / factor / MOST_STEPS
    decade = 10.0 ** math.floor(math.log10(rough))
    step = next(times * decade for times in (1, 2, 5, 10) if times * decade >= rough * (1 - 1e-9))
    return Scale(math.ceil(largest / factor / step - 1e-9) * step * factor, step * factor, factor, unit)


@dataclass(frozen=True)
class Bar:
    """What a stage has here and in the baseline; None is what can't be known, or what is not there."""

    name: str
    stage: int | None
    here: float | None
    there: float | None


@dataclass(frozen=True)
class Quantity:
    """What the bars of one chart tell: its name, colour and units, and how a value is written out."""

    word: str
    token: str
    units: tuple[tuple[float, str], ...]
    show: Callable[[int], str]
