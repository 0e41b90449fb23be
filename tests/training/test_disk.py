"""A disk that takes nothing, for a while, at any moment: training waits and goes on as if nothing had happened."""

import errno
import os
import shutil
import tempfile
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from safetensors.torch import save

from resnet_studio.runs.events import Event, Paused, Resumed, RunEnded, Step, to_json
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import NotWrittenError
from resnet_studio.training.control import Control

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Usage = namedtuple("Usage", "total used free")
Left = Callable[[RunFolder], tuple[Any, ...]]

TINY = {"training__epochs": 2, "training__batch_size": 700, "training__log_every": 1}
CALLS = {"write": 16, "fsync": 22, "mkstemp": 9, "rename": 2}
"""How often a tiny run asks the system to write: lines and curves; files and folders; new files; whole checkpoints."""
CODES = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)


class Refusing:
    """The system's calls that write, of which the n-th and some after it fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, what: str, at: int, times: int = 1) -> None:
        module: Any = tempfile if what == "mkstemp" else os
        self._call, self._at, self._times = getattr(module, what), at, times
        self.calls = 0
        monkeypatch.setattr(module, what, self)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls += 1
        if self._at <= self.calls < self._at + self._times:
            code = CODES[self.calls % len(CODES)]
            raise OSError(code, os.strerror(code))
        return self._call(*arguments, **named)


def _patient(run: RunFolder, lab: "Lab") -> list[Event]:
    """Train, and continue whenever the run waits; where it couldn't begin, begin again."""
    control, events = Control(), []
    try:
        for event in lab.train(run, control):
            events.append(event)
            if isinstance(event, Paused):
                control.pause.clear()
    except NotWrittenError:
        assert not events
        return _patient(run, lab)
    return events


def _story(events: list[Event]) -> list[dict[str, Any]]:
    """What happened, without clocks and without the waiting."""
    clocks = {"time", "seconds", "images_per_second"}
    told = [to_json(event) for event in events if not isinstance(event, (Paused, Resumed))]
    # the checkpoint's place is that of the last attempt
    return sorted(
        ({key: value for key, value in each.items() if key not in clocks} for each in told),
        key=lambda each: (each["type"], each["step"]),
    )


@pytest.fixture(scope="module")
def untouched() -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(("what", "at"), [(what, at) for what, count in CALLS.items() for at in range(1, count + 1)])
def test_each_write_in_turn_may_fail(
    lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch, untouched: dict[str, Any], what: str, at: int
) -> None:
    if not untouched:
        whole = lab.trained(**TINY)
        untouched.update(left=left(whole), story=_story(whole.events()))
    run = lab.new(**TINY)
    refusing = Refusing(monkeypatch, what, at)
    events = _patient(run, lab)
    assert refusing.calls >= CALLS[what]
    monkeypatch.undo()
    waited = [event for event in events if isinstance(event, Paused)]
    assert len(waited) <= 1
    assert all("and continue: until then training waits" in event.message for event in waited)
    assert left(run) == untouched["left"]
    assert _story(run.events()) == _story(events) == untouched["story"]
    assert not list(run.path.rglob("*.part"))


@pytest.mark.parametrize("what", list(CALLS))
def test_a_tiny_run_writes_as_often_as_the_test_above_believes(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    run = lab.new(**TINY)
    refusing = Refusing(monkeypatch, what, at=0, times=0)
    list(lab.train(run))
    assert refusing.calls == CALLS[what]


def test_a_disk_that_stays_full_is_asked_again_and_again(
    lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lab.new(**TINY)
    Refusing(monkeypatch, "fsync", at=9, times=5)
    events = _patient(run, lab)
    monkeypatch.undo()
    # what fails while training goes on is tried once more before anything is said
    assert len([event for event in events if isinstance(event, Paused)]) in {4, 5}
    assert left(run) == left(lab.trained(**TINY))


def test_torchs_own_error_for_a_full_disk_counts_too(lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    run, calls = lab.new(**TINY), [0]

    def full(*arguments: Any) -> bytes:
        calls[0] += 1
        if calls[0] in {3, 4}:
            raise RuntimeError("[enforce fail at inline_container.cc:858] . PytorchStreamWriter failed writing file")
        return save(*arguments)

    monkeypatch.setattr("resnet_studio.training.checkpoint.save", full)
    waited = [event for event in _patient(run, lab) if isinstance(event, Paused)]
    # what fails while training goes on is tried once more before anything is said
    assert len(waited) in {1, 2}
    assert "inline_container" in waited[0].message
    assert left(run) == left(lab.trained(**TINY))


def test_another_error_of_torch_is_not_taken_for_the_disks(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> bytes:
        raise RuntimeError("oh dear")

    monkeypatch.setattr("resnet_studio.training.checkpoint.save", broken)
    with pytest.raises(RuntimeError, match="oh dear"):
        list(lab.train(lab.new(**TINY)))


def test_it_says_how_much_is_to_be_freed_and_a_stop_ends_the_waiting(
    lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, control = lab.new(**TINY), Control()
    events: list[Event] = []

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def follow() -> None:
        for event in lab.train(run, control):
            events.append(event)
            if isinstance(event, Step) and event.step == 2:
                full.setattr(tempfile, "mkstemp", refuse)
            if isinstance(event, Paused):
                control.stop.set()

    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 5000, 5000))
        with pytest.raises(NotWrittenError, match="No space left"):
            follow()
    paused = next(event for event in events if isinstance(event, Paused))
    # parameters and momentum of 77,754 numbers each, twice, and a megabyte
    assert f"Free 3 MB in {run.path} and continue" in paused.message
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    assert end.reason == "failed"
    list(lab.resume(run))
    assert left(run) == left(lab.trained(**TINY))


def test_it_goes_on_by_itself_once_there_is_room(lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    run = lab.new(**TINY)
    looks = iter([0] * 4)
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, next(looks, 10**11)))
        make = tempfile.mkstemp

        def while_full(*arguments: Any, **named: Any) -> Any:
            if next(looks, None) is not None:
                raise OSError(errno.ENOSPC, "No space left on device")
            return make(*arguments, **named)

        full.setattr(tempfile, "mkstemp", while_full)
        events = list(lab.train(run))
    assert any(isinstance(event, Paused) for event in events)
    assert left(run) == left(lab.trained(**TINY))


# ---- a folder that vanishes


def _vanishing(run: RunFolder, lab: "Lab", at: int, answer: Callable[[Control], None]) -> list[Event]:
    """Train, remove the folder after a step, and answer whenever the run waits."""
    control, events = Control(), []
    for event in lab.train(run, control):
        events.append(event)
        if isinstance(event, Step) and event.step == at:
            shutil.rmtree(run.path)
        if isinstance(event, Paused):
            answer(control)
            control.pause.clear()
    return events


@pytest.mark.parametrize("at", [1, 2])
def test_a_folder_that_was_removed_is_made_anew(lab: "Lab", left: Left, at: int) -> None:
    run, whole = lab.new(**TINY), lab.trained(**TINY)
    path, experiment = run.path, run.experiment()
    events = _vanishing(run, lab, at, lambda _: None)
    waited = [event for event in events if isinstance(event, Paused)]
    assert len(waited) == 1
    assert f"{path} is gone; bring it back or choose another folder, and continue" in waited[0].message
    assert run.path == path
    assert run.experiment() == experiment
    assert run.environment().keys() == whole.environment().keys()
    assert _lasting(left(run)) == _lasting(left(whole))
    assert _story(run.events())[-1] == _story(events)[-1]
    # nothing is lacking for another epoch
    list(lab.resume(run, epochs=3))
    list(lab.resume(whole, epochs=3))
    assert _lasting(left(run)) == _lasting(left(whole))


def _lasting(what: tuple[Any, ...]) -> tuple[Any, ...]:
    """The history and the newest checkpoint: an older one that was best went with the folder."""
    history, _best, last, hashes = what
    return history, last, {name: value for name, value in hashes.items() if name.startswith(f"{last}/")}


def test_another_folder_takes_the_run(lab: "Lab", left: Left, tmp_path: Path) -> None:
    run, before = lab.new(**TINY), lab.folder
    elsewhere = tmp_path / "elsewhere"

    def choose(control: Control) -> None:
        control.parent = elsewhere

    name = run.name
    _vanishing(run, lab, 2, choose)
    assert run.path == elsewhere / name
    assert not (before / name).exists()
    assert _lasting(left(run)) == _lasting(left(lab.trained(**TINY)))
    assert not run.is_recording()


def test_a_folder_that_turned_read_only_keeps_what_it_has(
    lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run, elsewhere, control = lab.new(**TINY), tmp_path / "elsewhere", Control()
    before, make = run.path, tempfile.mkstemp

    def read_only(*arguments: Any, **named: Any) -> Any:
        if Path(named["dir"]).is_relative_to(before) and (before / "checkpoints" / "step-2").exists():
            raise OSError(errno.EROFS, "Read-only file system")
        return make(*arguments, **named)

    monkeypatch.setattr(tempfile, "mkstemp", read_only)
    for event in lab.train(run, control):
        if isinstance(event, Paused):
            assert "Read-only file system. Mend that, or choose another folder, and continue" in event.message
            control.parent = elsewhere
            control.pause.clear()
    monkeypatch.undo()
    assert run.path.parent == elsewhere
    assert left(run) == left(lab.trained(**TINY))
    assert (before / "checkpoints" / "step-2").exists()


def test_a_folder_that_cannot_be_either_is_asked_for_again(lab: "Lab", left: Left, tmp_path: Path) -> None:
    run, answers = lab.new(**TINY), iter([tmp_path / "file", tmp_path / "good"])
    (tmp_path / "file").write_text("mine")

    def choose(control: Control) -> None:
        control.parent = next(answers)

    events = _vanishing(run, lab, 2, choose)
    assert len([event for event in events if isinstance(event, Paused)]) == 2
    assert run.path.parent == tmp_path / "good"
    assert _lasting(left(run)) == _lasting(left(lab.trained(**TINY)))
