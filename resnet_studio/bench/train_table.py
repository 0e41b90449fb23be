"""The tables of `bench train`: each arm, the ladder, the ratios, and how much of the machine's limit is reached."""

from collections.abc import Mapping, Sequence
from typing import Any

from resnet_studio.bench.report import Report, median
from resnet_studio.bench.train_arm import LIBRARIES, MATRICES, STUDIO, STUDIO_COMPILED, UNWATCHED, WATCHED
from resnet_studio.bench.train_case import Case
from resnet_studio.bench.train_ceiling import limit
from resnet_studio.bench.train_loops import COMPILED, REDUCED, TUNED, rungs

BUSY = 0.25
"""Cores that others keep busy from which on a run is flagged."""
TO_PLAIN, TO_LAST = "x plain", "x line above"
MEMORY, SPREAD, LOAD = "peak MiB", "spread %", "others"
_COMPILED = (COMPILED, REDUCED)
_MIB = 2**20


def fill(
    report: Report, wanted: Case, runs: Mapping[str, Sequence[float]], loads: Mapping[str, Sequence[float]]
) -> None:
    """Add the table of a case.

    Args:
        report: to be filled.
        wanted: the case.
        runs: each figure that its arms tell, one of each run.
        loads: of each arm, the cores that others kept busy during its runs; none where nobody tells.
    """
    table = _Table(report, wanted, runs, loads)
    if WATCHED in runs:
        table.watching()
    else:
        table.rates()
        table.ratios()
        table.limits()
    table.flag()


class _Table:
    def __init__(
        self,
        report: Report,
        wanted: Case,
        runs: Mapping[str, Sequence[float]],
        loads: Mapping[str, Sequence[float]],
    ) -> None:
        self._report, self._wanted, self._runs, self._loads = report, wanted, runs, loads
        self._figures = {name: median(values) for name, values in runs.items()}
        self._plain = [name for name in runs if name.startswith("plain") and not name.endswith("memory")]

    def rates(self) -> None:
        """Add images per second of all arms: the ladder from the plain loop to the studio, then the others."""
        whole = rungs(self._wanted.device)
        ladder = [*self._plain[:1], *(name for name in whole if name in self._runs), STUDIO]
        for name, before in zip(ladder, ["", *ladder], strict=False):
            # a ladder of which rungs are left out has more than one change in a line
            self._rate(name, before if set(whole) < set(ladder) else "")
        for name in (STUDIO_COMPILED, *self._plain[1:], *_COMPILED, *LIBRARIES):
            if name in self._runs:
                self._rate(name)

    def ratios(self) -> None:
        """Add what the studio reaches of the others."""
        on_gpu = self._wanted.device == "cuda"
        plain = max(self._plain, key=self._figures.__getitem__)
        self._ratio(f"the faster plain loop ({plain.removeprefix('plain, ')})", plain, None if on_gpu else 2.5)
        others = [name for name in (*self._plain, TUNED, *LIBRARIES) if name in self._figures]
        best = max(others, key=self._figures.__getitem__)
        self._ratio(f"the fastest other that doesn't compile ({best})", best, 1.0)
        compiled = [name for name in _COMPILED if name in self._figures]
        if compiled:
            best = max(compiled, key=self._figures.__getitem__)
            ours = max(STUDIO, STUDIO_COMPILED, key=lambda name: self._figures.get(name, 0))
            self._ratio(best, best, 0.95, ours)

    def limits(self) -> None:
        """Add the rates of matrix products, the images per second that follow, and the part that is reached."""
        rates = {name: self._figures[f"{MATRICES}, {name}"] for name in ("bf16", "fp32")}
        for name, rate in rates.items():
            self._add(f"{MATRICES}, {name}", rate / 1e9, "GFLOP/s")
        bound = limit(self._wanted, max(rates.values()))
        self._add("limit by the faster matrix products", bound, "images/s")
        self._add("studio of that limit", 100 * self._figures[STUDIO] / bound, "%")

    def watching(self) -> None:
        """Add what events, curves and checkpoints cost."""
        for name in (UNWATCHED, WATCHED):
            self._rate(name)
        pairs = zip(self._runs[WATCHED], self._runs[UNWATCHED], strict=True)
        ratio = median([kept / bare for kept, bare in pairs])
        self._add("everything kept against nothing kept", ratio, "times", "at least 0.98", met=ratio >= 0.98)

    def flag(self) -> None:
        """Say where others were busy beside the case."""
        busy = [cores for runs in self._loads.values() for cores in runs if cores > BUSY]
        count = sum(map(len, self._loads.values()))
        if busy:
            self._report.notes.append(
                f"{self._wanted.title}: under other load in {len(busy)} of {count} runs, which kept up to "
                f"{max(busy):.1f} cores busy. Measure again on a machine that is at rest."
            )

    def _rate(self, name: str, before: str = "") -> None:
        value, runs, aim = self._figures[name], tuple(self._runs[name]), self._wanted.aim
        beside: dict[str, float] = {}
        if self._plain:
            beside[TO_PLAIN] = value / self._figures[self._plain[0]]
        if before:
            beside[TO_LAST] = value / self._figures[before]
        beside[SPREAD] = 100 * (max(runs) - min(runs)) / value
        memory = self._figures.get(f"{name}, memory")
        if memory is not None:
            beside[MEMORY] = memory / _MIB
        cores = self._loads.get(name)
        if cores:
            beside[LOAD] = max(cores)
        if name == STUDIO and aim is not None:
            self._add(name, value, "images/s", f"at least {aim:,.0f}", met=value >= aim, beside=beside, runs=runs)
        else:
            self._add(name, value, "images/s", beside=beside, runs=runs)

    def _ratio(self, what: str, name: str, least: float | None, ours: str = STUDIO) -> None:
        ratio = self._figures[ours] / self._figures[name]
        aim = "" if least is None else "above 1" if least == 1 else f"at least {least:g}"
        self._add(f"{ours} against {what}", ratio, "times", aim, met=None if least is None else ratio >= least)

    def _add(self, what: str, value: float, unit: str, aim: str = "", **more: Any) -> None:
        self._report.add(what, value, unit, aim, table=self._wanted.title, **more)
