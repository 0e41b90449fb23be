"""The table of `bench train`."""

import json
from typing import Any

import pytest

from resnet_studio.bench import train
from resnet_studio.bench.report import Report, Row
from resnet_studio.bench.train_arm import MATRICES, UNWATCHED, WATCHED, arm_names
from resnet_studio.bench.train_case import Case, case
from resnet_studio.bench.train_loops import COMPILED, RUNGS, TUNED
from resnet_studio.bench.train_table import fill

PRODUCTS = {f"{MATRICES}, bf16": 200e9, f"{MATRICES}, fp32": 100e9}
SMALL = {
    "studio": 600.0,
    "studio, memory": 2.0**30,
    "plain, 0 workers": 200.0,
    "plain, 2 workers": 100.0,
    TUNED: 500.0,
    "timm": 400.0,
    **PRODUCTS,
}


def rows(wanted: Case, figures: dict[str, float], flags: dict[str, str] | None = None) -> dict[str, Row]:
    report = Report("train")
    fill(report, wanted, figures, flags or {})
    assert all(row.what.startswith(f"{wanted.title}: ") for row in report.rows)
    return {row.what.removeprefix(f"{wanted.title}: "): row for row in report.rows}


def test_the_studio_is_held_against_the_faster_plain_loop_and_the_fastest_other() -> None:
    told = rows(case("small"), SMALL)
    plain = told["studio against the faster plain loop"]
    assert (plain.value, plain.met) == (3, True)
    other = told[f"studio against the fastest of the others that compile nothing ({TUNED})"]
    assert (other.value, other.met) == (1.2, True)
    assert "1,024 MiB" in told["studio"].unit
    slower = rows(case("small"), SMALL | {"studio": 400.0})
    assert [row.met for row in slower.values() if row.aim] == [False, False]


def test_the_limit_is_that_of_the_faster_matrix_products() -> None:
    told = rows(case("small"), SMALL)
    # ResNet-20 at 1x28x28: 30,821,248 multiply-adds
    limit = 200e9 / (6 * 30_821_248)
    assert told["limit by the faster matrix products"].value == pytest.approx(limit)
    assert told["studio of that limit"].value == pytest.approx(100 * 600 / limit)
    assert told[f"{MATRICES}, bf16"].value == pytest.approx(200)


def test_each_rung_says_how_much_faster_it_is_than_the_last() -> None:
    ladder = ["plain, 0 workers", *RUNGS, "studio"]
    told = rows(case("small"), PRODUCTS | {name: 100.0 * 2**number for number, name in enumerate(ladder)})
    assert [name for name in told if name in ladder] == ladder
    assert all("2.00 times the last" in told[name].unit for name in ladder[1:])
    assert "times" not in rows(case("large"), SMALL)["studio"].unit


def test_a_gpu_has_aims_of_its_own() -> None:
    wanted = case("gpu middle")
    told = rows(wanted, SMALL | {"studio": 61e3, COMPILED: 65e3, "plain, 0 workers": 1e3})
    assert told["studio"].aim == "at least 60,000"
    assert told["studio"].met
    assert told[f"studio against {COMPILED}"].met is False
    assert not told["studio against the faster plain loop"].aim


def test_watching_may_cost_two_per_cent() -> None:
    for watched, met in ((98.5, True), (97.0, False)):
        row = rows(case("watched"), {WATCHED: watched, UNWATCHED: 100.0})["everything kept against nothing kept"]
        assert (row.value, row.met) == (watched / 100, met)


def test_runs_beside_other_load_are_flagged(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def measured(module: str, arms: list[str], name: str, *_: str, rounds: int, watch: Any) -> dict[str, list[float]]:
        for arm in arms:
            for cores in (0.0, None, 1.5 if arm == "studio" else 0.1):
                watch(arm, cores)
        return {arm: [90.0, 100.0, 700.0] for arm in (*arms, *PRODUCTS) if arm != MATRICES}

    monkeypatch.setattr(train, "measured", measured)
    monkeypatch.setattr(train, "write_images", lambda *_: None)
    monkeypatch.setattr(train, "CASES", (case("small"), case("gpu large")))
    monkeypatch.setattr(train, "devices", lambda: ())
    monkeypatch.setattr(train, "no_gpu_reason", lambda: "the driver sleeps")
    train.run(as_json=True)
    told = json.loads(capsys.readouterr().out)
    flagged = [row["what"] for row in told["rows"] if "other load in 1 of 3 runs, up to 1.5 cores" in row["unit"]]
    assert [what.rpartition(": ")[2] for what in flagged] == ["studio"]
    assert {row["value"] for row in told["rows"] if "median" in row["unit"]} == {100.0}
    assert "resnet50 at 3x224x224, GPU: left out, the driver sleeps." in told["notes"]
    assert told["machine"]["threads"] >= 1
    assert len(arm_names(case("small"))) > 8
