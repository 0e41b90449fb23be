import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from resnet_studio.gui.pages.train.smoothing import one_per_column, smoothed

series = arrays(np.float64, st.integers(0, 300), elements=st.floats(-1e3, 1e3))
factors = st.floats(0, 0.999)


@given(series, factors)
def test_it_is_the_debiased_exponential_mean(values: np.ndarray, factor: float) -> None:
    mean, expected = 0.0, []
    for t, value in enumerate(values, 1):
        mean = factor * mean + (1 - factor) * value
        expected.append(mean / (1 - factor**t))
    np.testing.assert_allclose(smoothed(values, factor), expected, rtol=1e-6, atol=1e-6)


@given(series, factors)
def test_it_stays_between_the_lowest_and_the_highest(values: np.ndarray, factor: float) -> None:
    result = smoothed(values, factor)
    if len(values):
        assert result.min() >= values.min() - 1e-6
        assert result.max() <= values.max() + 1e-6


@given(st.floats(-1e3, 1e3), factors)
def test_a_constant_stays_itself_from_its_first_point_on(value: float, factor: float) -> None:
    np.testing.assert_allclose(smoothed(np.full(50, value), factor), value, rtol=1e-9, atol=1e-9)


def test_nothing_is_smoothed_with_zero() -> None:
    values = np.array([3.0, 1.0, 2.0])
    assert smoothed(values, 0.0).tolist() == values.tolist()


def test_a_loss_that_is_no_number_leaves_a_gap_and_no_trace() -> None:
    values = np.array([1.0, np.nan, 3.0, np.inf, 5.0])
    kept = smoothed(values[[0, 2, 4]], 0.0)
    result = smoothed(values, 0.5)
    assert np.isnan(result[[1, 3]]).all()
    # a gap ages what is before it: 1 weighs a quarter of 3's weight, not half
    assert result[2] == pytest.approx((0.25 * 1 + 3) / 1.25)
    assert kept.tolist() == [1.0, 3.0, 5.0]


@pytest.mark.parametrize("factor", [-0.1, 1.0, float("nan")])
def test_factors_out_of_range_are_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="factor"):
        smoothed(np.ones(3), factor)


@given(st.integers(0, 3000), st.integers(1, 400), st.floats(0, 500), st.floats(1, 3000))
def test_no_two_points_share_a_column(count: int, columns: int, low: float, span: float) -> None:
    x = np.arange(count, dtype=float)
    at, values = one_per_column(x, x * 2, low, low + span, columns)
    inside = at[(at >= low) & (at < low + span)]
    assert len(inside) <= columns + 1
    np.testing.assert_allclose(values, 2 * at, atol=1e-6)
    assert np.all(np.diff(at) > 0)


def test_few_points_are_left_alone_and_the_line_reaches_the_edges() -> None:
    x = np.array([0.0, 10.0, 20.0, 30.0])
    at, values = one_per_column(x, x, 12.0, 18.0, 100)
    assert at.tolist() == [10.0, 20.0]
    assert values.tolist() == [10.0, 20.0]
