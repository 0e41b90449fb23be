"""A run that waits for its disk, as the window sees it."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from resnet_studio.gui.run_state import RunState, after
from resnet_studio.gui.trainer_thread import RunMade, new_run
from resnet_studio.runs.events import Paused, Resumed, RunEnded, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.control import Control

QUICK = {"training.epochs": 1, "training.batch_size": 256, "training.log_every": 1, "training.device": "cpu"}


class _Job:
    def post(self, item: Any) -> None:
        """Nobody looks at how far the loading is."""


@pytest.fixture
def items(tmp_path: Path) -> list[Any]:
    """What the window gets of a run whose folder is removed, and to which another is given."""
    control = Control()
    seen: list[Any] = []
    job: Any = _Job()
    for item in new_run(with_values(ExperimentSpec(), QUICK), tmp_path / "runs", None, control, job):
        seen.append(item)
        if isinstance(item, Step) and item.step == 2:
            shutil.rmtree(tmp_path / "runs")
        if isinstance(item, Paused):
            control.parent = tmp_path / "elsewhere"
            control.pause.clear()
    return seen


def test_it_says_why_it_waits_and_where_it_is_from_then_on(items: list[Any], tmp_path: Path) -> None:
    state, states = RunState("preparing", ExperimentSpec()), []
    for item in items:
        state = after(state, item)
        states.append((item, state))
    waiting = next(state for item, state in states if isinstance(item, Paused))
    assert waiting.phase == "paused"
    assert "is gone; bring it back or choose another folder, and continue" in waiting.message
    resumed = next(state for item, state in states if isinstance(item, Resumed))
    assert (resumed.phase, resumed.message) == ("training", "")
    made = [item for item in items if isinstance(item, RunMade)]
    assert [item.folder.parent for item in made] == [tmp_path / "runs", tmp_path / "elsewhere"]
    assert state.folder == made[1].folder
    assert state.phase == "finished"
    assert isinstance(RunFolder.open(made[1].folder).events()[-1], RunEnded)
