"""How numbers stand on the screen: separators, true minus signs, shapes with ×, binary and decimal units."""

import re
import time
from collections.abc import Callable

from resnet_studio.analysis.cost import GIB, MIB

UNKNOWN = "?"
MINUTE, HOUR, DAY = 60, 3600, 86400
"""Seconds."""


def count(value: int) -> str:
    """Return 25,557,032."""
    return f"{value:,}".replace("-", "−")


def mega(value: int) -> str:
    """Return millions with one decimal: 1,027.6; three decimals where one would say next to nothing."""
    return f"{value / 1e6:,.1f}" if value >= 10e6 or not value else f"{value / 1e6:,.3f}"


def giga(value: int) -> str:
    """Return billions with three decimals and G: 4.089 G; smaller ones with M."""
    return f"{value / 1e9:,.3f} G" if value >= 1e9 else f"{value / 1e6:,.2f} M"


def mib(value: float) -> str:
    """Return bytes as MiB with one decimal, without the unit; two decimals where one would say 0.0."""
    return f"{value / MIB:,.1f}" if value >= 0.05 * MIB or not value else f"{value / MIB:,.2f}"


def memory(value: float) -> str:
    """Return bytes with their binary unit: 97.5 MiB, 1.34 GiB."""
    return f"{value / GIB:,.2f} GiB" if value >= GIB else f"{mib(value)} MiB"


def file_size(value: float) -> str:
    """Return the bytes of files with their decimal unit, as sites state them: 5 kB, 170 MB, 2.6 GB."""
    if value >= 1e9:
        return f"{value / 1e9:,.1f} GB"
    return f"{value / 1e6:,.0f} MB" if value >= 1e6 else f"{value / 1e3:,.0f} kB"


def shape(value: tuple[int, ...]) -> str:
    """Return a shape: 512×28×28."""
    return "×".join(map(str, value))


def difference(value: float, show: Callable[[int], str]) -> str:
    """Return a difference with its sign, as `show` sets such numbers: +2,048, −18,992,128, and 0 without one."""
    return f"{'+' if value > 0 else '−'}{show(abs(round(value)))}" if value else "0"


def prose(text: str) -> str:
    """Return a sentence with its shapes set in ×: 64x56x56 becomes 64×56×56."""
    return re.sub(r"(?<=\d)x(?=\d)", "×", text)


def percent(share: float) -> str:
    """Return a fraction as per cent with two decimals, without the unit."""
    return f"{100 * share:.2f}"


def duration(seconds: float) -> str:
    """Return minutes and seconds, 1:01, or hours too, 2:05:00."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def ago(moment: float) -> str:
    """Return how long ago a moment was, in the largest unit: 12 s ago, 3 min ago, 2 h ago, 5 days ago."""
    seconds = max(0, int(time.time() - moment))
    if seconds < MINUTE:
        return f"{seconds} s ago"
    if seconds < DAY:
        return f"{seconds // MINUTE} min ago" if seconds < HOUR else f"{seconds // HOUR} h ago"
    return "1 day ago" if seconds < 2 * DAY else f"{seconds // DAY} days ago"
