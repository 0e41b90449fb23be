"""What all benchmarks share: the machine and its other load, medians, and the table they print."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table


WIDTH = 110
"""Characters of a line where the output is no terminal: no cell of a table is broken in a file or a pipe."""


@dataclass(frozen=True)
class Row:
    """One line of a benchmark's table.

    Attributes:
        what: was measured.
        value: in `unit`.
        unit: of the value.
        aim: what we want, in words.
        met: whether that was reached; None where nothing is wanted.
        table: title of the table that the line is in; empty: the benchmark's only one.
        beside: further figures of the line, each under the head of its column.
        runs: the figures whose median `value` is.
    """

    what: str
    value: float
    unit: str
    aim: str = ""
    met: bool | None = None
    table: str = ""
    beside: Mapping[str, float] = field(default_factory=dict)
    runs: tuple[float, ...] = ()


@dataclass
class Report:
    """One benchmark's result with the machine it was measured on; `left_out` says why something was not measured."""

    name: str
    rows: list[Row] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=dict)

    def add(self, what: str, value: float, unit: str, aim: str = "", *, met: bool | None = None, **more: Any) -> None:
        """Add a line, see `Row`."""
        self.rows.append(Row(what, value, unit, aim, met, **more))

    def show(self, *, as_json: bool) -> None:
        """Print the report to standard output, as one JSON line or as tables."""
        if as_json:
            print(json.dumps(asdict(self)))
            return
        from rich.console import Console

        console = Console(width=None if sys.stdout.isatty() else WIDTH)
        for table in dict.fromkeys(row.table for row in self.rows):
            rows, title = [row for row in self.rows if row.table == table], table or f"bench {self.name}"
            # figures beside some of the lines would be empty columns of the others
            parts = [row for row in rows if row.beside], [row for row in rows if not row.beside]
            for part, head in zip(parts, (title, "" if parts[0] else title), strict=True):
                if part:
                    console.print(_drawn(part, head))
        lines = [f"{what}: left out, {reason}." for what, reason in self.left_out.items()]
        for line in (*lines, *self.notes, " · ".join(f"{key} {value}" for key, value in self.machine.items())):
            console.print(line, highlight=False, markup=False)


def _drawn(rows: Sequence[Row], title: str) -> "Table":
    """Return lines as a table, without the columns that would be empty; a unit that all have is the value's head."""
    from rich.table import Table

    widest = max(rows, key=lambda row: len(row.beside)).beside
    heads = list(dict.fromkeys((*widest, *(head for row in rows for head in row.beside))))
    units, has_aims = {row.unit for row in rows}, any(row.aim for row in rows)
    differ = len(units) > 1
    drawn = Table(title=title or None, title_justify="left")
    drawn.add_column("what")
    drawn.add_column("value" if differ else units.pop(), justify="right", no_wrap=True)
    if differ:
        drawn.add_column("unit", no_wrap=True)
    for head in heads:
        drawn.add_column(head, justify="right", no_wrap=True)
    if has_aims:
        drawn.add_column("aim")
        drawn.add_column("")
    for row in rows:
        value = f"{row.value:,.3g}" if row.value < 1000 else f"{row.value:,.0f}"
        beside = [_told(row.beside[head]) if head in row.beside else "" for head in heads]
        mark = "" if row.met is None else "met" if row.met else "missed"
        cells = (row.what, value, *((row.unit,) if differ else ()), *beside, *((row.aim, mark) if has_aims else ()))
        drawn.add_row(*cells)
    return drawn


def _told(value: float) -> str:
    """Return a figure in so many digits that a column of them can be compared at a glance."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


class OtherLoad:
    """How busy the machine was beside us, in cores, from its creation to `cores()`; Linux only."""

    def __init__(self) -> None:
        self._begin = (_machine_seconds(), _own_seconds(), time.monotonic())

    def cores(self) -> float | None:
        """Return the mean number of cores that others kept busy; None where the system does not tell."""
        machine, own, now = _machine_seconds(), _own_seconds(), time.monotonic()
        if machine is None or self._begin[0] is None or now == self._begin[2]:
            return None
        return max(0.0, (machine - self._begin[0] - (own - self._begin[1])) / (now - self._begin[2]))


def machine(load: OtherLoad) -> dict[str, Any]:
    """Return what is worth knowing of this machine, with the other load since `load` was made."""
    cores = load.cores()
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "other load": "unknown" if cores is None else f"{cores:.2f} cores",
    }


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value below which so many per cent of the sorted values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(percent / 100 * len(ordered)) - 1))]


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _machine_seconds() -> float | None:
    """Return the processor seconds that all processes took since the start of the machine (Linux)."""
    if sys.platform != "linux":
        return None
    user, nice, system, _, _, *rest = (int(word) for word in Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + sum(rest[:2])) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
