import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.spec.recipes import RECIPES
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


def test_one_cycle_peaks_after_fifteen_per_cent() -> None:
    rates = _rates(_training(schedule="one_cycle"))
    assert rates[0] == pytest.approx(0.5 * ONE_CYCLE_START)
    assert max(rates) == rates[15] == 0.5
    assert 0 < rates[-1] < 0.01


def test_one_cycle_peaks_where_the_warm_up_ends() -> None:
    rates = _rates(_training(schedule="one_cycle", warmup_epochs=2.0))
    assert rates.index(max(rates)) == 20


@pytest.mark.parametrize("schedule", ["constant", "step", "multi_step", "cosine"])
def test_a_warm_up_rises_in_a_line_to_the_rate(schedule: str) -> None:
    rates = _rates(_training(schedule=schedule, warmup_epochs=0.5, milestones=(4.0,)))
    assert rates[:5] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert rates[5] == pytest.approx(0.5)


CIFAR_STEPS = 45_000 // 128


@pytest.mark.parametrize(("deep", "warmup"), [(False, 0), (True, 400)])
def test_he_et_al_divide_after_32_and_48_thousand_of_64_thousand_steps(deep: bool, warmup: int) -> None:
    """Section 4.2, on their 45,000 training images; 110 layers were warmed up for about 400 steps."""
    fields = {"recipe": "he_cifar"} | (RECIPES["he_cifar"].deep if deep else {})
    training = TrainingSpec.model_validate(fields)
    rates = [rate_at(training, step, CIFAR_STEPS) for step in range(training.epochs * CIFAR_STEPS)]
    assert len(rates) == pytest.approx(64_000, rel=0.005)
    assert rates.index(0.1) == max(0, warmup - 1)
    falls = [step for step in range(1, len(rates)) if rates[step] < rates[step - 1]]
    assert falls == pytest.approx([32_000, 48_000], rel=0.005)
    assert [rates[step] for step in falls] == pytest.approx([0.01, 0.001])


def test_torchvisions_first_weights_fall_every_thirty_epochs() -> None:
    training = TrainingSpec(recipe="torchvision")
    rates = [rate_at(training, epoch * STEPS, STEPS) for epoch in range(training.epochs)]
    assert rates == pytest.approx([0.1] * 30 + [0.01] * 30 + [0.001] * 30)


def test_torchvisions_second_weights_rise_for_five_epochs_and_fall_as_half_a_cosine() -> None:
    training = TrainingSpec(recipe="torchvision_2021")
    rates = [rate_at(training, epoch * STEPS, STEPS) for epoch in range(training.epochs)]
    assert rates.index(max(rates)) == 5
    assert rates[5] == 0.5
    assert rates[5 + 595 // 2] == pytest.approx(0.25, rel=0.01)


def test_torchvisions_average_looks_back_as_far_as_its_own() -> None:
    """32 of our steps leave of the old average what one update of its train.py does."""
    adjust = 1024 * 32 / 600
    decay = TrainingSpec(recipe="torchvision_2021").ema_decay
    assert decay is not None
    assert decay**32 == pytest.approx(1 - adjust * (1 - 0.99998), abs=1e-6)


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
