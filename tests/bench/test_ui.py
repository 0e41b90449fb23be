"""The table of `bench ui`."""

import json

import pytest

from resnet_studio.bench import ui
from resnet_studio.bench.ui_arm import ARMS, PROBED, WITH, WITHOUT, Told


def test_the_window_is_weighed_without_the_probe_and_the_gaps_are_measured_with_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # other work slows down both arms of a round
    pace = iter(number for number in range(1, 1 + ui.ROUNDS) for _ in ARMS)

    def told(arm: str, folder: str) -> Told:
        speed = {WITHOUT: 100.0, WITH: 98.0, PROBED: 50.0}[arm] * next(pace)
        return Told(speed, 0.0 if arm == WITHOUT else 0.02, (0.001, 0.005) if arm == PROBED else ())

    monkeypatch.setattr(ui, "_tell", told)
    monkeypatch.setattr(ui, "write_images", lambda *_: None)
    ui.run(as_json=True)
    rows = {row["what"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    ratio = rows["throughput with against without the window"]
    assert ratio["value"] == pytest.approx(0.98)
    assert ratio["met"]
    assert rows["the same, longest"]["value"] == pytest.approx(5)
    assert rows["what the window's thread computes while training"]["value"] == pytest.approx(2)


def test_what_an_arm_tells_goes_through_its_process_whole() -> None:
    told = Told(1.5, 0.25, (0.001, 0.002))
    line = json.dumps({"images_per_second": 1.5, "share": 0.25, "gaps": [0.001, 0.002]})
    assert Told.read(line) == told
