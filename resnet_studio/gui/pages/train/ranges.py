"""What a plot shows of its values, and where its ticks stand. Pure arithmetic."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HEADROOM = 0.05
"""Share of a range that is left free above it."""


def nice_step(span: float, most: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that cuts a span into at most so many parts."""
    least = span / max(1.0, most)
    decade = 10.0 ** math.floor(math.log10(least))
    return next(factor * decade for factor in (1, 2, 5, 10) if factor * decade >= least * (1 - 1e-9))


def linear_ticks(low: float, high: float, most: float) -> tuple[float, list[float]]:
    """Return the step, and the multiples of it from low to high."""
    step = nice_step(high - low, most)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return step, [number * step for number in range(first, last + 1)]


def log_ticks(low: float, high: float, most: float) -> list[float]:
    """Return ticks between two exponents of ten, as exponents: decades, 1-2-5, or even steps in a narrow range."""
    if high - low > most:
        return [float(place) for place in linear_ticks(low, high, most)[1] if place == int(place)]
    decades = range(math.floor(low), math.ceil(high) + 1)
    inside = [decade + math.log10(factor) for decade in decades for factor in (1, 2, 5)]
    inside = [place for place in inside if low <= place <= high]
    if len(inside) > most:
        return [place for place in inside if place == int(place)]
    if len(inside) >= 3:
        return inside
    return [math.log10(value) for value in linear_ticks(10**low, 10**high, most)[1] if value > 0]


def loss_range(raw: Floats, lines: Floats, *, log: bool) -> tuple[float, float]:
    """Return what to show of losses: all of the curves, the highest half per cent of the raw points aside.

    Args:
        raw: losses of the logged points in sight, shape (n,).
        lines: smoothed and validation losses in sight, all of them to be seen.
        log: whether the axis is logarithmic; the range is one of exponents of ten then.
    """
    raw, lines = _usable(raw, log=log), _usable(lines, log=log)
    if not len(raw) and not len(lines):
        return (-1.0, 1.0) if log else (0.0, 1.0)
    tops = [*([np.percentile(raw, 99.5)] if len(raw) else []), *([lines.max()] if len(lines) else [])]
    top, bottom = float(max(tops)), float(np.min(np.concatenate([raw, lines])))
    if not log:
        return 0.0, top * 1.05 or 1.0
    top, bottom = math.log10(top), math.log10(bottom)
    room = max(0.04 * (top - bottom), 0.02)
    # below it the checkpoints have their place
    return bottom - 3 * room, top + room


def accuracy_range(raw: Floats, lines: Floats) -> tuple[float, float]:
    """Return what to show of accuracies in per cent: the curves between whole ticks, a steep beginning cut off.

    Args:
        raw: training accuracies of the logged points in sight, 0 to 100.
        lines: smoothed and validation accuracies in sight.
    """
    values = np.concatenate([raw, lines])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 100.0
    low, high = float(np.percentile(values, 2)), float(values.max())
    step = nice_step(max(high - low, 5.0), 4)
    top = min(100.0, math.ceil(high / step + 0.05) * step)
    bottom = max(0.0, min(math.floor(low / step) * step, top - step))
    # a ring around 100 % is to be seen whole
    return bottom, top + HEADROOM * (top - bottom)


def zero_range(values: Floats) -> tuple[float, float]:
    """Return a range from 0 to a little above the highest value."""
    values = values[np.isfinite(values)]
    top = float(values.max()) if len(values) else 0.0
    return 0.0, top * 1.08 if top > 0 else 1.0


def number(value: float, step: float) -> str:
    """Return a tick's value with the decimals that its step needs: 8,000, 0.05, 1.2 M, 5e−6."""
    if value and abs(step) < 1e-4:
        text = f"{value:.0e}" if abs(value) < 1e-3 else f"{value:g}"
        return text.replace("e-0", "e−").replace("e-", "e−").replace("-", "−")
    unit = 1e6 if abs(value) >= 1e6 else 1.0
    decimals = max(0, -math.floor(math.log10(step / unit) + 1e-9))
    return f"{value / unit:,.{decimals}f}{' M' if unit > 1 else ''}".replace("-", "−")


def _usable(values: Floats, *, log: bool) -> Floats:
    return values[np.isfinite(values) & (values > 0 if log else True)]
