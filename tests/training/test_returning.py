"""What may lie in the folder of a run that is resumed, and what may have changed since."""

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from resnet_studio.runs.events import EpochDone, Event, Notice, Resumed, RunEnded, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import with_values
from resnet_studio.training import loop as loop_module
from resnet_studio.training.returning import going_on
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]
TINY = {"training__epochs": 2, "training__batch_size": 700, "training__log_every": 1}
"""One step an epoch, and its validation."""


def _killed(lab: "Lab", after: type[Event] = EpochDone, count: int = 2) -> RunFolder:
    """Return a run that was killed after so many events of a kind."""
    run = lab.new(**TINY)
    events = lab.train(run)
    for _ in range(count):
        while not isinstance(next(events), after):
            pass
    events.close()
    return run


def _messages(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Notice)]


def _damage(path: "Path") -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_an_index_that_is_gone_is_made_anew_to_the_last_byte(lab: "Lab", left: Left) -> None:
    run = _killed(lab)
    path = run.checkpoints_path / "index.json"
    before = path.read_bytes()
    path.unlink()
    events = lab.resume(run)
    assert next(events).step == 1
    assert path.read_bytes() == before
    messages = _messages(list(events))
    assert messages == [f"{path} is not there. It was made anew from the checkpoints."]
    assert left(run) == left(lab.trained(**TINY))


def test_a_checkpoint_that_stood_aside_when_the_process_was_killed_is_put_back(lab: "Lab", left: Left) -> None:
    run = _killed(lab)
    folder = run.checkpoints_path / "step-1"
    folder.rename(run.checkpoints_path / ".step-1.old")
    shutil.copytree(run.checkpoints_path / ".step-1.old", run.checkpoints_path / ".step-1.part")
    events = list(lab.resume(run))
    assert isinstance(events[0], Resumed)
    assert events[0].from_step == 1
    assert _messages(events) == []
    assert left(run) == left(lab.trained(**TINY))
    assert not list(run.checkpoints_path.glob(".step*"))


def test_a_damaged_best_checkpoint_is_named_and_the_last_one_tested(lab: "Lab") -> None:
    run = lab.trained(**TINY)
    index = run.checkpoints()
    assert (index.best, index.last) == ("step-2", "step-2")
    with_best = index.model_copy(update={"best": "step-1"})
    (run.checkpoints_path / "index.json").write_text(with_best.model_dump_json())
    _damage(run.checkpoints_path / "step-1" / "model.safetensors")
    # nothing is left to train: killed before its test
    lines = run.events_path.read_bytes().splitlines(keepends=True)
    run.events_path.write_bytes(b"".join(lines[:-2]))
    events = list(lab.resume(run))
    assert _messages(events)[0].endswith("step-1/model.safetensors is damaged: its bytes are not those that were "
                                         "written. It was not tested.")  # fmt: skip
    end = events[-1]
    assert isinstance(end, RunEnded)
    assert (end.reason, end.checkpoint) == ("finished", "step-2")


def test_a_damaged_line_of_events_costs_nothing_else(lab: "Lab", left: Left) -> None:
    run = _killed(lab)
    lines = run.events_path.read_bytes().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if b'"notice"' in line)
    lines[place] = b"\x00\x00\n"
    run.events_path.write_bytes(b"".join(lines))
    list(lab.resume(run))
    history = fold(run.events())
    assert [each.message for each in history.notices if "is damaged and left out" in each.message]
    assert left(run) == left(lab.trained(**TINY))


def test_it_goes_on_once_even_where_two_ask_at_once(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process has taken it, and let it go, between our look at the folder and its lock."""
    run = _killed(lab)

    def slowly(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(loop_module, "going_on", going_on)
        list(lab.resume(run))
        return going_on(*given, **named)

    monkeypatch.setattr(loop_module, "going_on", slowly)
    with pytest.raises(StudioError, match="has gone on in another process meanwhile; resume it again"):
        list(lab.resume(run))
    ended = [event for event in run.events() if isinstance(event, RunEnded)]
    assert [event.reason for event in ended] == ["finished"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"data.split_seed": 1}, r"data\.split_seed is 1 in .*experiment\.json, and was 0 when the run began; set"),
        ({"data.validation": 0.2}, r'data\.validation is 0\.2 in .*experiment\.json, and was "auto" when'),
    ],
)  # fmt: skip
def test_images_taken_otherwise_are_refused_before_anything_resumes(
    lab: "Lab", change: dict[str, Any], words: str
) -> None:
    """Someone has changed experiment.json: the images are the same, but others of them would be trained on."""
    run = _killed(lab)
    run.write_experiment(with_values(run.experiment(), change))
    before = run.events_path.read_bytes()
    from resnet_studio.training.control import Control
    from resnet_studio.training.loop import resume

    with pytest.raises(StudioError, match=words):
        list(resume(run, Control()))
    assert run.events_path.read_bytes() == before


@pytest.fixture
def impatient(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run that nothing is learned in, which its patience has ended after two epochs."""
    monkeypatch.setattr(Trainer, "rate", property(lambda _: 0.0))
    run = lab.new(**TINY | {"training__epochs": 9, "training__early_stop_patience": 1})
    list(lab.train(run))
    assert 1 < len(fold(run.events()).epochs) < 9
    return run


def test_a_run_that_its_patience_has_ended_goes_on_with_more_of_it(lab: "Lab", impatient: RunFolder) -> None:
    before = impatient.events_path.read_bytes()
    for epochs in (None, 20):
        with pytest.raises(StudioError, match=r"has ended after \d epochs, the last 1 of them without a better"):
            list(lab.resume(impatient, epochs=epochs))
    assert impatient.events_path.read_bytes() == before
    events = list(lab.resume(impatient, changes={"training.early_stop_patience": None}))
    assert isinstance(events[-1], RunEnded)
    assert events[-1].step == 9
    assert [event.step for event in events if isinstance(event, Step)][-1] == 9
