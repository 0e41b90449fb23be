"""What is due where a run stands."""

import pytest

from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.accumulation import Accumulation, accumulation
from resnet_studio.training.course import Course


def _course(epoch: int, step: int, **values: object) -> Course:
    """Return a course of ten steps an epoch that stands after some of them."""
    course = Course(TrainingSpec.model_validate(values), 10)
    course.epoch, course.step, course.step_in_epoch = epoch, step, step - 10 * epoch
    return course


@pytest.mark.parametrize(
    ("every", "step", "due", "kept"),
    [(None, 4, False, True), (None, 10, False, True), (4, 4, True, True), (4, 6, False, False), (5, 10, False, True)],
)
def test_checkpoints_come_at_the_end_of_an_epoch_or_every_so_many_steps(
    every: int | None, step: int, due: bool, kept: bool
) -> None:
    course = _course(0, step, checkpoint_every=every)
    assert (course.checkpoint_is_due, course.epoch_is_kept) == (due, kept)
    course.saved_at = (step, 0)
    assert course.is_saved
    assert not course.checkpoint_is_due


def test_the_last_epoch_is_kept_whatever_the_steps_say() -> None:
    assert not _course(1, 10, epochs=2, checkpoint_every=4).epoch_is_kept
    last = _course(2, 20, epochs=2, checkpoint_every=7)
    assert last.is_done
    assert last.epoch_is_kept


def test_steps_make_epochs() -> None:
    course = _course(0, 9)
    rate = course.rate
    course.take_step()
    assert course.epoch_is_trained
    assert course.last_rate == rate
    assert (course.step, course.step_in_epoch, course.epoch) == (10, 10, 0)


@pytest.mark.parametrize(
    ("wanted", "batches", "found"),
    [(1, 12, (1, 12)), (4, 12, (4, 3)), (5, 12, (5, 2)), (20, 12, (12, 1)), (12, 12, (12, 1))],
)
def test_batches_make_steps(wanted: int, batches: int, found: tuple[int, int]) -> None:
    training = TrainingSpec(accumulate=wanted)
    made = accumulation(training, batches)
    assert made == Accumulation(*found, made.remarks)
    assert bool(made.remarks) == (wanted in {5, 20})
