import dataclasses
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.gui.pages.train.curves import Curves
from resnet_studio.runs.events import EpochDone, Event, Notice, Paused, Resumed, RunEnded, RunStarted, Step
from resnet_studio.runs.history import fold


def started(at: float = 1000.0) -> RunStarted:
    return RunStarted(step=0, time=at, parameters=1, device="cpu", precision="fp32", steps_per_epoch=4)


def point(step: int, at: float) -> Step:
    return Step(
        step=step, time=at, epoch=-(-step // 4), loss=1 / step, accuracy=0.5, lr=0.1, images_per_second=float(step)
    )


def done(step: int, at: float, accuracy: float = 0.5) -> EpochDone:
    return EpochDone(
        step=step,
        time=at,
        epoch=step // 4,
        train_loss=1.0,
        train_accuracy=0.6,
        val_loss=1.0,
        val_accuracy=accuracy,
        seconds=6.0,
    )


def history(chance: random.Random, legs: int) -> list[Event]:
    """Return events of a run that was killed and resumed so many times, each time from some earlier step."""
    events: list[Event] = [started()]
    clock, step = 1000.0, 0
    for leg in range(legs):
        if leg:
            step = chance.randint(0, step)
            events.append(Resumed(step=step, time=clock + 500, from_step=step))
            clock += 500
        for _ in range(chance.randint(0, 12)):
            step += 1
            clock += 1
            if step % 2 == 0:
                events.append(point(step, clock))
            if step % 4 == 0:
                events.append(done(step, clock + 1, chance.random()))
                clock += 1
    return events


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 7))
def test_curves_hold_what_the_folded_history_holds(seed: int, legs: int, batch: int) -> None:
    events = history(random.Random(seed), legs)  # noqa: S311 - no secret
    curves = Curves()
    for at in range(0, len(events), batch):
        curves.add(events[at : at + batch])
    truth = fold(events)
    assert curves.column("step").tolist() == [each.step for each in truth.steps]
    assert curves.column("loss").tolist() == [each.loss for each in truth.steps]
    assert curves.column("images_per_second").tolist() == [each.images_per_second for each in truth.steps]
    assert curves.epochs == list(truth.epochs)
    assert curves.best == truth.best
    assert np.all(np.diff(curves.column("minutes")) >= 0)
    assert [curves.x_of(each, "time") for each in curves.epochs] == sorted(
        curves.x_of(each, "time") for each in curves.epochs
    )


def test_minutes_leave_out_a_pause() -> None:
    curves = Curves()
    curves.add([started(), point(1, 1060.0), Paused(step=1, time=1060.0)])
    curves.add([Resumed(step=1, time=5000.0, from_step=1), point(2, 5060.0)])
    assert curves.column("minutes").tolist() == [1.0, 2.0]


def test_minutes_go_back_with_a_resumption_from_an_earlier_step() -> None:
    curves = Curves()
    curves.add([started(), point(2, 1060.0), point(4, 1120.0), point(6, 1180.0)])
    curves.add([Resumed(step=4, time=9000.0, from_step=4), point(6, 9030.0)])
    assert curves.column("minutes").tolist() == [1.0, 2.0, 2.5]
    assert curves.minutes == 2.5


def test_the_clock_begins_with_the_first_event_whatever_it_is() -> None:
    curves = Curves()
    curves.add([Notice(step=0, time=1000.0, message="so"), started(1030.0), point(1, 1060.0)])
    assert curves.minutes == 1.0


def test_a_clock_that_was_put_back_never_lets_a_curve_run_backwards() -> None:
    curves = Curves()
    curves.add([started(), point(1, 1060.0), point(2, 1030.0)])
    assert curves.column("minutes").tolist() == [1.0, 1.0]


def test_places_along_x_in_every_unit() -> None:
    curves = Curves()
    curves.add([started(), point(2, 1060.0), point(4, 1120.0), done(4, 1180.0), point(6, 1240.0)])
    assert curves.x("step").tolist() == [2, 4, 6]
    assert curves.x("epoch").tolist() == [0.5, 1.0, 1.5]
    assert curves.x("time").tolist() == [1, 2, 4]
    (epoch,) = curves.epochs
    assert [curves.x_of(epoch, unit) for unit in ("step", "epoch", "time")] == [4, 1, 3]
    assert curves.borders("step").tolist() == [0, 4, 8]
    assert curves.borders("epoch").tolist() == [0, 1, 2]
    assert curves.borders("time").tolist() == [0, 3, 4]


def test_before_the_first_step_there_is_one_epoch_to_look_forward_to() -> None:
    curves = Curves()
    assert len(curves.borders("time")) == 2
    curves.add([started()])
    assert curves.borders("step").tolist() == [0, 4]
    assert curves.minutes_left(40) is None


def test_time_left_goes_by_the_newest_epoch_validation_and_all() -> None:
    curves = Curves()
    curves.add([started(), point(2, 1060.0)])
    assert curves.minutes_left(10) == pytest.approx(4.0)
    curves.add([point(4, 1062.0), done(4, 1066.0)])
    assert curves.minutes_left(10) == pytest.approx(6 * 6.0 / 4 / 60)
    assert curves.minutes_left(2) == 0


def test_a_resumption_takes_the_end_back() -> None:
    curves = Curves()
    curves.add([started(), point(4, 1010.0), RunEnded(step=4, time=1011.0, reason="stopped")])
    assert curves.ended is not None
    curves.add([Resumed(step=4, time=1020.0, from_step=4)])
    assert curves.ended is None
    assert len(curves) == 1


def test_notices_count_once_there_is_something_to_notice() -> None:
    curves = Curves()
    curves.add([started(), Notice(step=0, time=1000.0, message="about the images")])
    assert curves.notice == ""
    curves.add([point(1, 1010.0), Notice(step=1, time=1011.0, message="about the training")])
    assert curves.notice == "about the training"
    curves.add([Resumed(step=0, time=1020.0, from_step=0)])
    assert curves.notice == ""
    curves.add([Notice(step=0, time=1021.0, message="why from the beginning")])
    assert curves.notice == "why from the beginning"


def test_a_run_that_goes_on_from_anothers_checkpoint_is_timed_by_its_own_steps() -> None:
    curves = Curves()
    curves.add([Resumed(step=100, time=1000.0, from_step=100), started(1000.0), point(102, 1012.0)])
    assert curves.minutes_left(112) == pytest.approx(1.0), "six seconds a step"


def test_the_best_average_is_found_by_the_rank_of_the_trainer() -> None:
    curves = Curves()
    curves.add([started(), done(4, 1010.0)])
    assert curves.best_average is None
    assert not curves.keeps_average
    figures = [(8, 0.9, 0.3), (12, 0.9, 0.2), (16, 0.8, 0.1)]
    curves.add(
        dataclasses.replace(done(step, 1000.0 + step), ema_val_accuracy=accuracy, ema_val_loss=loss)
        for step, accuracy, loss in figures
    )
    best = curves.best_average
    assert best is not None
    assert (best[0].epoch, best[1]) == (3, 0.9)
    losses, shares = curves.averages
    assert np.isnan(losses[0])
    assert shares[1:].tolist() == [0.9, 0.9, 0.8]


def test_along_x_a_run_stands_behind_what_it_goes_on_from() -> None:
    parent, curves = Curves(), Curves()
    parent.add([started(), point(4, 1060.0), done(4, 1120.0), point(6, 1180.0), point(8, 1240.0)])
    parent.add([Resumed(step=6, time=1300.0, from_step=6)])
    curves.add([Resumed(step=6, time=9000.0, from_step=6), started(9000.0), point(8, 9060.0), done(8, 9120.0)])
    alone = [curves.borders(unit).tolist() for unit in ("step", "time")]
    assert alone == [[0, 4, 8], [0, 0, 2]], "nobody knows how long the first epoch took"
    assert [curves.first("step"), curves.first("time")] == [6, 0]
    curves.parent = parent
    assert parent.x("time").tolist() == [1, 3]
    assert curves.x("time").tolist() == [4]
    assert curves.x_of(curves.epochs[0], "time") == 5
    assert curves.borders("time").tolist() == [0, 2, 5]
    assert [curves.first("step"), curves.first("time")] == [0, 0]
    assert curves.minutes == 2, "its own"
