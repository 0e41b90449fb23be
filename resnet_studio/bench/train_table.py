"""The rows of `bench train`: each arm, the ladder, the ratios, and how much of the machine's limit is reached."""

from collections.abc import Mapping

from resnet_studio.bench.report import Report
from resnet_studio.bench.train_arm import LIBRARIES, MATRICES, STUDIO, UNWATCHED, WATCHED
from resnet_studio.bench.train_case import Case
from resnet_studio.bench.train_ceiling import limit
from resnet_studio.bench.train_loops import COMPILED, RUNGS, TUNED

_MIB = 2**20


def fill(report: Report, wanted: Case, figures: Mapping[str, float], flags: Mapping[str, str]) -> None:
    """Add the rows of a case.

    Args:
        report: to be filled.
        wanted: the case.
        figures: the median of each figure that its arms tell.
        flags: what is to be said beside the figures of an arm.
    """
    table = _Table(report, wanted, figures, flags)
    if WATCHED in figures:
        table.watching()
        return
    table.rates()
    table.ratios()
    table.limits()


class _Table:
    def __init__(self, report: Report, wanted: Case, figures: Mapping[str, float], flags: Mapping[str, str]) -> None:
        self._report, self._wanted, self._figures, self._flags = report, wanted, figures, flags
        self._plain = [name for name in figures if name.startswith("plain") and not name.endswith("memory")]

    def rates(self) -> None:
        """Add images per second of all arms, the rungs in their order, the studio last."""
        rungs = [name for name in RUNGS if name in self._figures]
        others = [name for name in (COMPILED, *LIBRARIES) if name in self._figures]
        for name in (*self._plain, *others, *rungs):
            self._rate(name)
        if self._wanted.aim is None:
            self._rate(STUDIO)
        else:
            met = self._figures[STUDIO] >= self._wanted.aim
            self._rate(STUDIO, f"at least {self._wanted.aim:,.0f}", met=met)

    def ratios(self) -> None:
        """Add what the studio reaches of the others."""
        on_gpu = self._wanted.device == "cuda"
        plain = max(self._plain, key=self._figures.__getitem__)
        self._ratio("the faster plain loop", plain, *((None, "") if on_gpu else (2.5, "at least 2.5")))
        others = [name for name in (*self._plain, TUNED, *LIBRARIES) if name in self._figures]
        best = max(others, key=self._figures.__getitem__)
        self._ratio(f"the fastest of the others that compile nothing ({best})", best, 1.0, "above 1")
        if COMPILED in self._figures:
            self._ratio(COMPILED, COMPILED, 0.95, "at least 0.95")

    def limits(self) -> None:
        """Add the rates of matrix products, the images per second that follow, and the part that is reached."""
        rates = {name: self._figures[f"{MATRICES}, {name}"] for name in ("bf16", "fp32")}
        for name, rate in rates.items():
            self._add(f"{MATRICES}, {name}", rate / 1e9, f"GFLOP/s{self._flag(MATRICES)}")
        bound = limit(self._wanted, max(rates.values()))
        self._add("limit by the faster matrix products", bound, "images/s")
        self._add("studio of that limit", 100 * self._figures[STUDIO] / bound, "%")

    def watching(self) -> None:
        """Add what events, curves and checkpoints cost."""
        for name in (WATCHED, UNWATCHED):
            self._rate(name)
        ratio = self._figures[WATCHED] / self._figures[UNWATCHED]
        self._add("everything kept against nothing kept", ratio, "times", "at least 0.98", met=ratio >= 0.98)

    def _rate(self, name: str, aim: str = "", *, met: bool | None = None) -> None:
        memory = self._figures.get(f"{name}, memory")
        beside = "" if memory is None else f", {memory / _MIB:,.0f} MiB"
        step = self._step(name)
        self._add(name, self._figures[name], f"images/s, median{beside}{step}{self._flag(name)}", aim, met=met)

    def _step(self, name: str) -> str:
        """Return how much faster a rung of the ladder is than the one before."""
        ladder = [self._plain[0], *RUNGS, STUDIO] if self._plain else []
        before = ladder[ladder.index(name) - 1] if name in ladder[1:] else ""
        return f", {self._figures[name] / self._figures[before]:.2f} times the last" if before in self._figures else ""

    def _ratio(self, what: str, name: str, least: float | None, aim: str) -> None:
        ratio = self._figures[STUDIO] / self._figures[name]
        self._add(f"studio against {what}", ratio, "times", aim, met=None if least is None else ratio >= least)

    def _flag(self, name: str) -> str:
        return f" ({self._flags[name]})" if name in self._flags else ""

    def _add(self, what: str, value: float, unit: str, aim: str = "", *, met: bool | None = None) -> None:
        self._report.add(f"{self._wanted.title}: {what}", value, unit, aim, met=met)
