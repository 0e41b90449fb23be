import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from resnet_studio.runs.events import Notice, Resumed, RunEnded, RunStarted, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.training.branch import branch

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]


def _content(run: RunFolder) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in run.path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("which", ["step-5", "5", "last", "best"])
def test_a_branch_goes_the_way_of_its_run_where_nothing_is_changed(lab: "Lab", left: Left, which: str) -> None:
    whole = lab.trained()
    before = _content(whole)
    step = whole.checkpoint(which).step
    new = branch(whole, which, lab.folder)
    assert new.path != whole.path
    assert new.environment()["parent"] == {"run": str(whole.path), "checkpoint": f"step-{step}", "step": step}
    events = list(lab.resume(new))
    assert isinstance(events[0], Resumed)
    assert events[0].from_step == step
    assert isinstance(events[1], RunStarted)
    assert events[2] == Notice(step=step, time=events[2].time, message=f"Goes on from step-{step} of {whole.path}.")
    assert isinstance(events[-1], RunEnded)
    history, theirs = fold(new.events()).without_clock(), fold(whole.events()).without_clock()
    assert history == [each for each in theirs if each["step"] > step]
    assert left(new)[1:] == left(whole)[1:]
    assert _content(whole) == before


def test_a_branch_with_another_rate_and_more_epochs(lab: "Lab") -> None:
    whole = lab.trained()
    new = branch(whole, "step-5", lab.folder / "branches", epochs=3, changes={"training.learning_rate": 0.01})
    assert new.path.parent.name == "branches"
    training = new.experiment().training
    assert (training.epochs, training.learning_rate) == (3, 0.01)
    assert whole.experiment().training.epochs == 2
    list(lab.resume(new))
    steps = [event for event in new.events() if isinstance(event, Step)]
    assert [event.epoch for event in steps] == [2] * 3 + [3] * 3
    assert max(event.lr for event in steps) <= 0.01


def test_the_best_so_far_comes_along(lab: "Lab") -> None:
    run = lab.trained(training__epochs=4)
    index = run.checkpoints()
    assert index.best is not None
    new = branch(run, "last", lab.folder)
    assert new.checkpoints().best == index.best
    assert {path.name for path in new.checkpoints_path.iterdir()} == {"index.json", index.best, str(index.last)}


@pytest.mark.parametrize("fault", ["no such", "damaged", "field", "folder"])
def test_what_can_not_be_leaves_nothing(lab: "Lab", monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    run = lab.trained()
    parent = lab.folder / "branches"
    changes: dict[str, Any] = {"network.dropout": 0.5} if fault == "field" else {}
    if fault == "damaged":
        (run.checkpoints_path / "step-5" / "model.safetensors").write_bytes(b"")
    if fault == "folder":

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("resnet_studio.training.branch.write_folder", full)
    which = "step-7" if fault == "no such" else "step-5"
    words = {
        "no such": "no checkpoint step-7; there are those of the steps 5, 10",
        "damaged": "model.safetensors is damaged",
        "field": "can't change in the middle of a run",
        "folder": "No space left",
    }
    with pytest.raises(FieldError if fault == "field" else StudioError, match=words[fault]):
        branch(run, which, parent, changes=changes)
    assert not parent.exists() or not list(parent.iterdir())


def test_a_damaged_index_is_made_anew_from_the_checkpoints(lab: "Lab", left: Left) -> None:
    run, whole = lab.trained(), lab.trained(training__epochs=3)
    path = run.checkpoints_path / "index.json"
    before = json.loads(path.read_bytes())
    path.write_bytes(path.read_bytes()[:40])
    events = list(lab.resume(run, epochs=3))
    notices = [event.message for event in events if isinstance(event, Notice)]
    assert notices == [f"{path} is no index of checkpoints. It was made anew from the checkpoints."]
    assert isinstance(events[0], Resumed)
    assert f"step-{events[0].from_step}" == before["last"]
    # the schedule is another one than that of a run that was to have three epochs from the beginning
    assert left(run)[2] == left(whole)[2] == "step-15"


def test_what_a_killed_process_left_is_cleared_away(lab: "Lab", left: Left) -> None:
    run = lab.new()
    events = lab.train(run)
    while next(events).step < 7:
        pass
    events.close()
    for name in (".step-99.part", ".step-5.old"):
        shutil.copytree(run.checkpoints_path / "step-5", run.checkpoints_path / name)
    (run.checkpoints_path / ".index.json.abc.part").write_text("{")
    with run.events_path.open("ab") as file:
        file.write(b'{"type": "st')
    list(lab.resume(run))
    assert left(run) == left(lab.trained())
    names = {path.name for path in run.checkpoints_path.iterdir()}
    assert names == {"index.json", *(each.name for each in run.checkpoints().checkpoints)}
    assert Path(run.path / "environment.json").exists()


def test_a_branch_of_a_branch_knows_all_its_ancestors(lab: "Lab") -> None:
    run = lab.trained()
    first = branch(run, "step-5", lab.folder)
    second = branch(first, "last", lab.folder)
    shutil.rmtree(first.path)
    parent = second.environment()["parent"]
    assert (parent["run"], parent["checkpoint"]) == (str(first.path), "step-5")
    assert parent["parent"] == {"run": str(run.path), "checkpoint": "step-5", "step": 5}
    # it stands by itself
    shutil.rmtree(run.path)
    assert isinstance(list(lab.resume(second))[-1], RunEnded)


def test_a_branch_is_taken_while_its_run_goes_on(lab: "Lab", left: Left) -> None:
    run = lab.new(training__epochs=3)
    events = lab.train(run)
    while next(events).step < 12:
        pass
    new = branch(run, "step-5", lab.folder)
    list(events)
    list(lab.resume(new))
    assert left(new)[1:] == left(run)[1:]
