"""Runs killed with `kill -9` and resumed, against one that was never touched: how many are the same to the last bit."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

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
        _tell(report, "at any moment", [shooting.uniformly() for _ in range(KILLS)])
        _tell(report, "while a checkpoint is written", [shooting.while_writing() for _ in range(KILLS)])
    report.notes.append(
        "Exact: points, epochs, checkpoints told of, and the sha256 of weights, average, optimiser and state in every "
        f"checkpoint kept. Each process was alive when it was killed; {shooting.missed} that had ended are not counted."
    )
    report.machine = machine(load)
    report.show(as_json=as_json)


def _tell(report: Report, when: str, kills: Sequence[Kill]) -> None:
    exact = sum(each.is_exact for each in kills)
    report.add(f"killed {when}, resumed: exact", exact, f"of {len(kills)}", "all", met=exact == len(kills))
    report.add("  before the first checkpoint or point", sum(each.at_step == 0 for each in kills), "of them")
    report.add("  with a checkpoint half written", sum(each.left_part for each in kills), "of them")
    report.add("  killed at", median([each.seconds for each in kills]), "s, median")
