"""A run ends by itself when its time is up, and can be resumed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from resnet_studio.runs.events import CheckpointSaved, Event, Notice, Paused, Resumed, RunEnded, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.training import limit as limit_module
from resnet_studio.training.control import Control
from resnet_studio.training.limit import TimeLimit, trained_seconds

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]


class Clock:
    """Stands still until it is told how late it is, or how much later at each look."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.each = 0.0

    def __call__(self) -> float:
        self.now += self.each
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(limit_module, "monotonic", made)
    return made


def _at(*times: float, kind: Callable[..., Event] = Notice) -> list[Event]:
    return [kind(step=0, time=each, message="") for each in times]


def test_no_limit_is_never_reached(clock: Clock) -> None:
    limit = TimeLimit(None)
    clock.now += 1e9
    assert not limit.is_reached


def test_what_earlier_sittings_took_counts_and_a_rest_does_not(clock: Clock) -> None:
    limit = TimeLimit(2.0, _at(500.0, 550.0))
    clock.now += 60
    with limit.resting():
        clock.now += 1000
    assert not limit.is_reached
    clock.now += 10
    assert limit.is_reached
    assert "limit of 2 min " in limit.sentence


def test_time_is_counted_from_sitting_to_sitting() -> None:
    stop = RunEnded(step=3, time=130.0, reason="stopped")
    first = [*_at(100.0, 110.0), stop]
    assert trained_seconds([]) == trained_seconds(first[:1]) == 0
    assert trained_seconds(first) == 30
    # two hours later; killed after five seconds, then a pause of a minute, at the end of which it was stopped
    second = [Resumed(step=3, from_step=3, time=7200.0), *_at(7205.0), Resumed(step=3, from_step=3, time=9000.0)]
    assert trained_seconds([*first, *second]) == 35
    third = [*_at(9010.0), Paused(step=4, time=9010.0), RunEnded(step=4, time=9070.0, reason="stopped")]
    assert trained_seconds([*first, *second, *third]) == 45
    # a clock that was put back
    assert trained_seconds(_at(100.0, 120.0, 90.0, 95.0)) == 25


def test_whoever_resumes_a_run_that_its_limit_has_ended_gives_it_the_time_again() -> None:
    ended = [*_at(100.0), RunEnded(step=3, time=160.0, reason="stopped", message="The limit is reached.")]
    assert trained_seconds(ended) == 0
    assert trained_seconds([*ended, Resumed(step=3, from_step=3, time=500.0), *_at(507.0)]) == 7


def test_a_run_ends_by_itself_saved_and_resumed_as_if_nothing_had_happened(
    lab: "Lab", left: Left, clock: Clock
) -> None:
    run = lab.new(training__max_minutes=1.0)
    clock.each = 9.0
    events, sittings = list(lab.train(run)), 1
    while isinstance(events[-1], RunEnded) and events[-1].reason == "stopped":
        assert events[-1].message.startswith("The time limit of 1 min is reached (training.max_minutes)")
        assert run.checkpoints().last == f"step-{events[-1].step}"
        assert any(isinstance(each, CheckpointSaved | Resumed) for each in events)
        events, sittings = list(lab.resume(run)), sittings + 1
    assert sittings == 3
    clock.each = 0.0
    assert left(run) == left(lab.trained())


def test_a_pause_takes_nothing_of_the_time(lab: "Lab", clock: Clock) -> None:
    class Away(Control):
        """Comes back days later."""

        def wait(self, *_: object) -> None:
            clock.now += 1e6
            self.pause.clear()

    run, control = lab.new(training__max_minutes=1.0), Away()
    for event in lab.train(run, control):
        if isinstance(event, Step) and event.step == 2:
            control.pause.set()
    end = run.events()[-1]
    assert any(isinstance(each, Paused) for each in run.events())
    assert isinstance(end, RunEnded)
    assert end.reason == "finished"
