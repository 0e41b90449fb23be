"""Processes of a benchmark, one after the other."""

from pathlib import Path

import pytest

from resnet_studio.bench.arms import ArmFailedError, measured

MODULE = """
import json, os, sys
with open(os.environ["ORDER"], "a") as order:
    order.write(sys.argv[1])
if sys.argv[1] == "x":
    sys.exit("it went wrong")
print("something else")
print(json.dumps({f"figure {sys.argv[1]}": float(sys.argv[2])}))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "an_arm.py").write_text(MODULE)
    return {"PYTHONPATH": str(tmp_path), "ORDER": str(tmp_path / "order")}


def test_every_arm_tells_its_figures_once_a_round_in_turn(tmp_path: Path, environment: dict[str, str]) -> None:
    told = measured("an_arm", ("a", "b", "c"), "7", rounds=2, environment=environment)
    assert told == {f"figure {arm}": [7.0, 7.0] for arm in "abc"}
    assert (tmp_path / "order").read_text() == "abcbca"


def test_the_load_beside_every_run_is_told(environment: dict[str, str]) -> None:
    told: list[tuple[str, float | None]] = []
    measured("an_arm", ("a", "b"), "7", rounds=2, environment=environment, watch=lambda *one: told.append(one))
    assert [arm for arm, _ in told] == ["a", "b", "b", "a"]
    assert all(cores is None or cores >= 0 for _, cores in told)


def test_an_arm_that_fails_says_why(environment: dict[str, str]) -> None:
    with pytest.raises(ArmFailedError, match=r"'x'.*\n.*it went wrong") as caught:
        measured("an_arm", ("x",), rounds=1, environment=environment)
    assert caught.value.reason == "the arm 'x' failed: it went wrong"
    assert ArmFailedError("y", "").reason == "the arm 'y' failed: it said nothing"
