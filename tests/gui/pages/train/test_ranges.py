import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.gui.pages.train.ranges import (
    accuracy_range,
    linear_ticks,
    log_ticks,
    loss_range,
    nice_step,
    number,
    zero_range,
)

NONE = np.empty(0)


@given(st.floats(1e-6, 1e9), st.floats(1, 50))
def test_steps_are_1_2_or_5_and_as_fine_as_there_is_room(span: float, most: float) -> None:
    step = nice_step(span, most)
    assert span / step <= most * (1 + 1e-6)
    assert f"{step:.0e}"[0] in "125"
    assert span / (step / 2.6) > most * (1 - 1e-6), "the next finer step would not have fitted"


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(2, 20))
def test_linear_ticks_are_multiples_inside_the_range(low: float, span: float, most: float) -> None:
    step, ticks = linear_ticks(low, low + span, most)
    assert all(low - 1e-5 * step <= tick <= low + span + 1e-5 * step for tick in ticks)
    assert len(ticks) <= most + 1


def test_log_ticks_are_1_2_5_then_decades_and_even_steps_in_a_narrow_range() -> None:
    shown = [round(10**place, 6) for place in log_ticks(math.log10(0.09), math.log10(2.4), 8)]
    assert shown == [0.1, 0.2, 0.5, 1, 2]
    assert [10**place for place in log_ticks(-3, 3, 7)] == [0.001, 0.01, 0.1, 1, 10, 100, 1000]
    narrow = [round(10**place, 6) for place in log_ticks(math.log10(0.30), math.log10(0.36), 4)]
    assert narrow == [0.3, 0.32, 0.34, 0.36]
    assert len(log_ticks(-30, 30, 7)) <= 8


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (8000, 2000, "8,000"),
        (0.05, 0.05, "0.05"),
        (0.1, 0.05, "0.10"),
        (0.0, 0.05, "0.00"),
        (-2.5, 0.5, "−2.5"),
        (1_200_000, 200_000, "1.2 M"),
        (5e-6, 5e-6, "5e−6"),
        (100, 20, "100"),
    ],
)
def test_numbers_have_the_decimals_of_their_step(value: float, step: float, text: str) -> None:
    assert number(value, step) == text


def test_losses_keep_all_of_the_smoothed_curve_and_validation_in_sight() -> None:
    raw, lines = np.array([2.0, 1.0, 0.5]), np.array([3.0, 0.4])
    low, high = loss_range(raw, lines, log=True)
    assert 10**low < 0.4
    assert 10**high > 3.0
    assert loss_range(raw, lines, log=False) == pytest.approx((0.0, 3.15))


def test_one_spike_does_not_flatten_a_curve() -> None:
    raw = np.append(np.full(1000, 0.5), 900.0)
    assert loss_range(raw, np.full(1001, 0.6), log=False)[1] < 1


@pytest.mark.parametrize("log", [True, False])
def test_losses_that_are_no_numbers_or_zero_give_a_range_too(log: bool) -> None:
    for raw in (NONE, np.array([np.nan]), np.array([0.0]), np.array([1.0])):
        low, high = loss_range(raw, NONE, log=log)
        assert math.isfinite(low)
        assert low < high


def test_accuracies_are_shown_from_a_whole_tick_to_a_little_above_another() -> None:
    assert accuracy_range(NONE, NONE) == (0.0, 100.0)
    assert accuracy_range(np.array([61.0, 99.9]), NONE) == (60.0, 102.0)
    low, high = accuracy_range(np.full(5, 100.0), NONE)
    assert 90 <= low < 100 < high < 101
    low, high = accuracy_range(np.zeros(5), NONE)
    assert (low, high > 0) == (0, True)


def test_zero_range() -> None:
    assert zero_range(NONE) == (0.0, 1.0)
    assert zero_range(np.array([0.0, 100.0, np.nan])) == pytest.approx((0.0, 108.0))
