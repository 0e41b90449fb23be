"""Runs killed with `kill -9` and resumed, against one that was never touched: how many are the same to the last bit."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from resnet_studio.bench.kills import Kill, Shooting
from resnet_studio.bench.report import OtherLoad, Report, machine, median

KILLS = 50
"""Of either kind."""


def run(*, as_json: bool) -> None:
    """Kill and resume, and print the table."""
    load, report = OtherLoad(), Report("resume")
    with tempfile.TemporaryDirectory(prefix="resnet-studio-") as folder:
        shooting = Shooting(Path(folder))
        report.add("a run that nobody touches", shooting.lasts, "s")
        for when, shot in (
            ("at any moment", shooting.uniformly),
            ("while a checkpoint is written", shooting.while_writing),
        ):
            _tell(report, when, _shots(shot, when))
    report.notes.append(
        "Exact: points, epochs, checkpoints told of, and the sha256 of weights, average, optimiser and state in every "
        f"checkpoint kept. Each process was alive when it was killed; {shooting.missed} that had ended are not counted."
    )
    report.machine = machine(load)
    report.show(as_json=as_json)


def _shots(shot: Callable[[], Kill], when: str) -> list[Kill]:
    """Kill as many runs as wanted, and say on standard error how far it is and how long it will take."""
    description = f"killed {when}, resumed"
    return [shot() for _ in track(range(KILLS), description, console=Console(stderr=True), transient=True)]


def _tell(report: Report, when: str, kills: Sequence[Kill]) -> None:
    exact = sum(each.is_exact for each in kills)
    report.add(f"killed {when}, resumed: exact", exact, f"of {len(kills)}", "all", met=exact == len(kills))
    report.add("  before the first checkpoint or point", sum(each.at_step == 0 for each in kills), "of them")
    report.add("  with a checkpoint half written", sum(each.left_part for each in kills), "of them")
    report.add("  killed at", median([each.seconds for each in kills]), "s, median")
