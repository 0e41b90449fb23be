"""The table of `bench data`."""

import json
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.bench import data
from resnet_studio.bench.report import Report
from resnet_studio.spec.errors import StudioError

FIGURES = {
    "second start": 0.1,
    "second start and imports": 0.3,
    "studio, small": 500.0,
    "loader, small, 0": 100.0,
    "loader, small, 2": 80.0,
    "studio, large": 290.0,
    "loader, large, 0": 90.0,
    "loader, large, 2": 100.0,
    "loader, cached, 0": 1.0,
    "loader, cached, 2": 1.0,
    "studio, decode": 2.0,
    "loader, decode": 2.0,
}


def test_ratios_are_against_the_better_loader_and_say_whether_the_aim_is_met() -> None:
    report = Report("data")
    data.fill(report, FIGURES)
    aims = [(row.value, row.met) for row in report.rows if row.aim]
    assert aims == [(0.1, True), (5.0, True), (2.9, False), (1.0, True)]


@pytest.mark.parametrize("own", [True, False])
def test_the_table_is_of_medians_and_says_what_was_measured(
    own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def measured(module: str, arms: Any, folder: str, *, rounds: int, environment: Any) -> dict[str, list[float]]:
        asked.append((folder, Path(folder).is_dir(), Path(environment["RESNET_STUDIO_HOME"]).is_dir()))
        return {name: [value - 0.01, value, 9 * value] for name, value in FIGURES.items()}

    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jpg").touch()
    monkeypatch.setattr(data, "measured", measured)
    monkeypatch.setattr(data, "PHOTOGRAPHS", 10)
    data.run(as_json=True, data=tmp_path if own else None)
    told = json.loads(capsys.readouterr().out)
    assert next(row["value"] for row in told["rows"] if row["aim"] == "at least 5") == 5
    assert (str(tmp_path) in told["notes"][0]) == own
    assert ("made-up" in told["notes"][0]) != own
    assert [there for one in asked for there in one[1:]] == [True] * 4
    assert (asked[0][0] == str(tmp_path)) == own


def test_a_folder_that_is_not_there_is_said_to_be_before_anything_is_measured() -> None:
    with pytest.raises(StudioError, match="nowhere"):
        data.run(as_json=True, data=Path("nowhere"))
