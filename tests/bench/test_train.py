"""The table of `bench train`."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from resnet_studio.bench import train, train_arm
from resnet_studio.bench.arms import ArmFailedError
from resnet_studio.bench.report import Report, Row
from resnet_studio.bench.train_arm import MATRICES, STUDIO_COMPILED, UNWATCHED, WATCHED, arm_names
from resnet_studio.bench.train_case import Case, case
from resnet_studio.bench.train_loops import COMPILED, REDUCED, TUNED, rungs
from resnet_studio.bench.train_table import LOAD, MEMORY, SPREAD, TO_LAST, TO_PLAIN, fill
from resnet_studio.training.device import Device

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


def rows(wanted: Case, figures: dict[str, float], loads: dict[str, list[float]] | None = None) -> dict[str, Row]:
    report = Report("train")
    fill(report, wanted, {name: [figure] for name, figure in figures.items()}, loads or {})
    assert {row.table for row in report.rows} == {wanted.title}
    return {row.what: row for row in report.rows}


def test_the_studio_is_held_against_the_faster_plain_loop_and_the_fastest_other() -> None:
    told = rows(case("small"), SMALL)
    plain = told["studio against the faster plain loop (0 workers)"]
    assert (plain.value, plain.met) == (3, True)
    other = told[f"studio against the fastest other that doesn't compile ({TUNED})"]
    assert (other.value, other.met) == (1.2, True)
    assert told["studio"].beside[MEMORY] == 1024
    assert MEMORY not in told["timm"].beside
    slower = rows(case("small"), SMALL | {"studio": 400.0})
    assert [row.met for row in slower.values() if row.aim] == [False, False]


def test_the_limit_is_that_of_the_faster_matrix_products() -> None:
    told = rows(case("small"), SMALL)
    # ResNet-20 at 1x28x28: 30,821,248 multiply-adds
    limit = 200e9 / (6 * 30_821_248)
    assert told["limit by the faster matrix products"].value == pytest.approx(limit)
    assert told["studio of that limit"].value == pytest.approx(100 * 600 / limit)
    assert told[f"{MATRICES}, bf16"].value == pytest.approx(200)


@pytest.mark.parametrize("name", ["small", "gpu small"])
def test_each_rung_says_how_much_faster_it_is_than_the_last(name: str) -> None:
    ladder = ["plain, 0 workers", *rungs(case(name).device), "studio"]
    told = rows(case(name), PRODUCTS | {name: 100.0 * 2**number for number, name in enumerate(ladder)})
    assert [name for name in told if name in ladder] == ladder
    assert all(told[name].beside[TO_LAST] == 2 for name in ladder[1:])
    assert [told[name].beside[TO_PLAIN] for name in ladder] == [2**number for number in range(len(ladder))]
    # of a ladder with rungs left out, nothing is one change
    assert TO_LAST not in rows(case("large"), SMALL)["studio"].beside


def test_a_line_is_the_median_of_its_runs_and_says_how_far_they_lie_apart() -> None:
    report = Report("train")
    runs = {name: [90.0, 100.0, 120.0] for name in SMALL}
    fill(report, case("small"), runs, {"studio": [0.0, 0.2], "timm": []})
    told = {row.what: row for row in report.rows}
    assert (told["studio"].value, told["studio"].runs) == (100, (90, 100, 120))
    assert told["studio"].beside[SPREAD] == 30
    assert told["studio"].beside[LOAD] == 0.2
    assert LOAD not in told["timm"].beside
    assert not report.notes


def test_a_gpu_has_aims_of_its_own() -> None:
    wanted = case("gpu middle")
    told = rows(wanted, SMALL | {"studio": 61e3, COMPILED: 65e3, "plain, 0 workers": 1e3})
    assert told["studio"].aim == "at least 60,000"
    assert told["studio"].met
    assert told[f"studio against {COMPILED}"].met is False
    assert not told["studio against the faster plain loop (0 workers)"].aim


def test_the_better_way_of_either_side_is_held_against_the_other() -> None:
    figures = SMALL | {"studio": 61e3, STUDIO_COMPILED: 70e3, COMPILED: 65e3, REDUCED: 72e3}
    told = rows(case("gpu small"), figures)
    assert told[f"{STUDIO_COMPILED} against {REDUCED}"].met is True
    assert {STUDIO_COMPILED, COMPILED, REDUCED} < told.keys()


def test_watching_may_cost_two_per_cent() -> None:
    for watched, met in ((98.5, True), (97.0, False)):
        row = rows(case("watched"), {WATCHED: watched, UNWATCHED: 100.0})["everything kept against nothing kept"]
        assert (row.value, row.met) == (watched / 100, met)


def measured(module: str, arms: list[str], name: str, *_: str, rounds: int, watch: Any) -> dict[str, list[float]]:
    for arm in arms:
        for cores in (0.0, None, 1.5 if arm == "studio" else 0.1):
            watch(arm, cores)
    return {arm: [90.0, 100.0, 700.0] for arm in (*arms, *PRODUCTS) if arm != MATRICES}


@pytest.fixture
def on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let `bench train` find a GPU, or none, and measure two cases without doing so."""

    def there(*found: Device) -> None:
        monkeypatch.setattr(train, "measured", measured)
        monkeypatch.setattr(train, "write_images", lambda *_: None)
        monkeypatch.setattr(train, "CASES", (case("small"), case("gpu large")))
        monkeypatch.setattr(train, "devices", lambda: found)

    return there


GPU = Device("cuda:0", "NVIDIA H200", bf16=True, memory=2**37)


def test_a_case_that_fails_takes_nothing_from_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, on_a_gpu: Callable[..., None]
) -> None:
    def failing(module: str, arms: list[str], name: str, *more: str, **options: Any) -> dict[str, list[float]]:
        if name == "gpu large":
            raise ArmFailedError("plain, 0 workers", "Traceback\nOutOfMemoryError: CUDA out of memory")
        return measured(module, arms, name, *more, **options)

    on_a_gpu(GPU)
    monkeypatch.setattr(train, "measured", failing)
    for module in (train, train_arm):
        monkeypatch.setattr(module, "no_compiler", lambda _: None)
    with pytest.raises(ArmFailedError, match="plain, 0 workers"):
        train.run(as_json=True)
    told = json.loads(capsys.readouterr().out)
    reason = "the arm 'plain, 0 workers' failed: OutOfMemoryError: CUDA out of memory"
    assert told["left_out"][case("gpu large").title] == reason
    assert {row["table"] for row in told["rows"]} == {case("small").title}


def test_a_gpu_is_named_and_so_is_what_keeps_it_from_compiling(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, on_a_gpu: Callable[..., None]
) -> None:
    on_a_gpu(GPU)
    for module in (train, train_arm):
        monkeypatch.setattr(module, "no_compiler", lambda _: "there is no C compiler")
    train.run(as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["machine"]["GPU"] == "NVIDIA H200"
    assert told["left_out"][f"{case('gpu large').title}, compiled"] == "there is no C compiler"
    assert not any("compiled" in row["what"] for row in told["rows"])
    assert {row["table"] for row in told["rows"]} == {case("small").title, case("gpu large").title}


def test_runs_beside_other_load_are_flagged(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, on_a_gpu: Callable[..., None]
) -> None:
    on_a_gpu()
    monkeypatch.setattr(train, "no_gpu_reason", lambda: "the driver sleeps")
    monkeypatch.setattr(train, "missing", lambda library: "no snakes" if library == "timm" else None)
    train.run(as_json=True)
    told = json.loads(capsys.readouterr().out)
    arms = arm_names(case("small"))
    assert f"under other load in 1 of {2 * len(arms)} runs, which kept up to 1.5 cores busy" in told["notes"][0]
    assert {row["what"]: row["beside"].get(LOAD) for row in told["rows"]}["studio"] == 1.5
    assert {row["value"] for row in told["rows"] if row["runs"]} == {100.0}
    assert told["left_out"] == {case("gpu large").title: "the driver sleeps", "timm": "no snakes"}
    assert told["machine"]["threads"] >= 1
    assert "GPU" not in told["machine"]
    assert len(arms) > 8
    train.run(as_json=False)
    text = capsys.readouterr().out
    # a line of a table holds together in a pipe
    line = next(line for line in text.splitlines() if "studio against the faster plain loop" in line)
    assert "times" in line
    assert "missed" in line
    assert f"{case('gpu large').title}: left out, the driver sleeps." in text
