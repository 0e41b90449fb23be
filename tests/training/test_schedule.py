import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.schedule import ONE_CYCLE_START, rate_at

STEPS = 10


def _training(**fields: object) -> TrainingSpec:
    return TrainingSpec.model_validate({"learning_rate": 0.5, "epochs": 10, "warmup_epochs": 0.0, **fields})


def _rates(training: TrainingSpec) -> list[float]:
    return [rate_at(training, step, STEPS) for step in range(training.epochs * STEPS)]


def test_constant() -> None:
    assert set(_rates(_training(schedule="constant"))) == {0.5}


def test_step_falls_every_so_many_epochs() -> None:
    rates = _rates(_training(schedule="step", milestones=(3.0,), gamma=0.1))
    assert [rates[i] for i in (0, 29, 30, 59, 60, 90)] == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005, 0.0005])


def test_multi_step_falls_at_each_milestone() -> None:
    rates = _rates(_training(schedule="multi_step", milestones=(2.5, 9.0), gamma=0.5))
    assert [rates[i] for i in (24, 25, 89, 90)] == pytest.approx([0.5, 0.25, 0.25, 0.125])


def test_cosine_falls_by_half_in_the_middle_and_nearly_to_zero() -> None:
    rates = _rates(_training(schedule="cosine"))
    assert rates[0] == 0.5
    assert rates[50] == pytest.approx(0.25)
    assert 0 < rates[-1] < 0.001


def test_one_cycle_peaks_after_thirty_per_cent() -> None:
    rates = _rates(_training(schedule="one_cycle"))
    assert rates[0] == pytest.approx(0.5 * ONE_CYCLE_START)
    assert max(rates) == rates[30] == 0.5
    assert 0 < rates[-1] < 0.01


def test_one_cycle_peaks_where_the_warm_up_ends() -> None:
    rates = _rates(_training(schedule="one_cycle", warmup_epochs=2.0))
    assert rates.index(max(rates)) == 20


@pytest.mark.parametrize("schedule", ["constant", "step", "multi_step", "cosine"])
def test_a_warm_up_rises_in_a_line_to_the_rate(schedule: str) -> None:
    rates = _rates(_training(schedule=schedule, warmup_epochs=0.5, milestones=(4.0,)))
    assert rates[:5] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert rates[5] == pytest.approx(0.5)


@given(
    st.sampled_from(["constant", "step", "multi_step", "cosine", "one_cycle"]),
    st.integers(1, 50),
    st.integers(1, 40),
    st.floats(0, 60),
    st.lists(st.floats(0.01, 60), max_size=4),
    st.floats(0.01, 1),
)
def test_every_rate_is_a_positive_number_up_to_the_wanted_one(
    schedule: str, epochs: int, steps: int, warmup: float, milestones: list[float], gamma: float
) -> None:
    fields = {"schedule": schedule, "warmup_epochs": warmup, "milestones": tuple(milestones), "gamma": gamma}
    training = _training(epochs=epochs, **fields)
    rates = [rate_at(training, step, steps) for step in range(epochs * steps)]
    assert all(0 < rate <= 0.5 * (1 + 1e-9) for rate in rates)
    assert all(math.isfinite(rate) for rate in rates)


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0, 40))
def test_one_cycle_rises_once_and_falls_once(epochs: int, steps: int, warmup: float) -> None:
    training = _training(schedule="one_cycle", epochs=epochs, warmup_epochs=warmup)
    rates = [rate_at(training, step, steps) for step in range(epochs * steps)]
    peak = rates.index(max(rates))
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
