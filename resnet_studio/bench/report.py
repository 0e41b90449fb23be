"""What all benchmarks share: the machine and its other load, medians, and the table they print."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of a benchmark's table; `aim` says in words what we want and `met` whether it was reached."""

    what: str
    value: float
    unit: str
    aim: str = ""
    met: bool | None = None


@dataclass
class Report:
    """One benchmark's result with the machine it was measured on."""

    name: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=dict)

    def add(self, what: str, value: float, unit: str, aim: str = "", *, met: bool | None = None) -> None:
        """Add a line."""
        self.rows.append(Row(what, value, unit, aim, met))

    def show(self, *, as_json: bool) -> None:
        """Print the report to standard output, as one JSON line or as a table."""
        if as_json:
            print(json.dumps(asdict(self)))
            return
        from rich.console import Console
        from rich.table import Table

        console = Console()
        table = Table(title=f"bench {self.name}", title_justify="left")
        for head, side in (("what", "left"), ("value", "right"), ("unit", "left"), ("aim", "left"), ("", "left")):
            table.add_column(head, justify="right" if side == "right" else "left")
        for row in self.rows:
            mark = "" if row.met is None else "met" if row.met else "missed"
            table.add_row(
                row.what, f"{row.value:,.3g}" if row.value < 1000 else f"{row.value:,.0f}", row.unit, row.aim, mark
            )
        console.print(table)
        for note in self.notes:
            console.print(note, highlight=False, markup=False)
        console.print(
            " · ".join(f"{key} {value}" for key, value in self.machine.items()), highlight=False, markup=False
        )


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
