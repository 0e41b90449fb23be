from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.runs.events import EpochDone, Evaluated, Event, Notice, Resumed, RunEnded, RunStarted, Step, Unknown
from resnet_studio.runs.history import fold


def _step(step: int, loss: float = 1.0, time: float = 0.0) -> Step:
    return Step(step=step, time=time, epoch=1, loss=loss, accuracy=0.5, lr=0.1, images_per_second=time * 10)


def _epoch(step: int, epoch: int, accuracy: float = 0.5, loss: float = 1.0) -> EpochDone:
    return EpochDone(
        step=step, epoch=epoch, train_loss=1, train_accuracy=0.5, val_loss=loss, val_accuracy=accuracy, seconds=step
    )


START = RunStarted(step=0, parameters=1, device="cpu", precision="fp32", steps_per_epoch=10)


def test_nothing_happened() -> None:
    history = fold([])
    assert history.started is None
    assert history.best is None
    assert history.without_clock() == []


def test_what_came_after_the_step_resumed_from_is_superseded() -> None:
    events: list[Event] = [
        START,
        _step(5),
        _step(10),
        _epoch(10, 1),
        _step(15, loss=9.0),
        Notice(step=15, message="superseded"),
        RunEnded(step=15, reason="stopped"),
        Resumed(step=10, from_step=10),
        _step(15, loss=2.0),
        _epoch(20, 2),
    ]
    history = fold(events)
    assert [(each.step, each.loss) for each in history.steps] == [(5, 1.0), (10, 1.0), (15, 2.0)]
    assert [each.epoch for each in history.epochs] == [1, 2]
    assert history.notices == ()
    assert history.ended is None
    assert history.started == START


def test_an_end_at_the_step_resumed_from_is_taken_back_too() -> None:
    events: list[Event] = [_step(5), RunEnded(step=5, reason="stopped"), Resumed(step=5, from_step=5)]
    assert fold(events).ended is None
    assert len(fold(events).steps) == 1


def test_a_test_that_is_done_again_counts_once() -> None:
    """A run that was killed between its test and its end."""
    tested = Evaluated(
        step=10, split="test", checkpoint="step-5", accuracy=0.5, top5_accuracy=1, loss=1, samples=9, time=1
    )
    average = replace(tested, checkpoint="step-5/ema")
    later = replace(tested, step=20)
    events: list[Event] = [tested, average, Resumed(step=10, from_step=10), tested, average, later]
    assert fold(events).evaluations == (tested, average, later)


def test_what_is_done_again_at_the_step_resumed_from_counts_once() -> None:
    events: list[Event] = [_epoch(10, 1, 0.4), Resumed(step=10, from_step=10), _epoch(10, 1, 0.5)]
    assert [each.val_accuracy for each in fold(events).epochs] == [0.5]


@pytest.mark.parametrize(
    ("epochs", "best"),
    [
        ([(0.5, 1.0), (0.9, 1.0), (0.8, 0.1)], 2),
        ([(0.5, 1.0), (0.9, 1.0), (0.9, 1.0)], 2),
        ([(0.9, 1.0), (0.9, 0.5), (0.9, 0.7)], 2),
    ],
    ids=["more accurate", "the first of equals", "a lower loss of equally accurate ones"],
)
def test_the_best_epoch(epochs: list[tuple[float, float]], best: int) -> None:
    history = fold(_epoch(10 * i, i, accuracy, loss) for i, (accuracy, loss) in enumerate(epochs, 1))
    assert history.best is not None
    assert history.best.epoch == best


def test_events_of_a_newer_studio_are_passed_over() -> None:
    unknown = Unknown(step=6, content={"type": "gradient_scope", "step": 6, "time": 0})
    assert fold([_step(5), unknown]).without_clock() == fold([_step(5)]).without_clock()


def test_the_clock_does_not_count() -> None:
    assert fold([_step(5, time=1.0)]).without_clock() == fold([_step(5, time=2.0)]).without_clock()
    assert fold([_step(5, loss=1.0)]).without_clock() != fold([_step(5, loss=1.0 + 2**-52)]).without_clock()


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 29)), max_size=6))
def test_any_number_of_crashes_leaves_the_history_of_none(crashes: list[tuple[int, int]]) -> None:
    """Each crash loses everything after a checkpoint that lies somewhere before it."""
    events: list[Event] = []
    at = 0
    for crash, back in crashes:
        events += [_step(step, loss=float(step)) for step in range(at + 1, max(at, crash) + 1)]
        at = max(0, max(at, crash) - back)
        events.append(Resumed(step=at, from_step=at))
    events += [_step(step, loss=float(step)) for step in range(at + 1, 31)]
    untouched = [_step(step, loss=float(step)) for step in range(1, 31)]
    assert fold(events).without_clock() == fold(untouched).without_clock()
