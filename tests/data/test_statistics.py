"""Mean and standard deviation are exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.data import statistics
from resnet_studio.data.statistics import mean_and_std


@given(seed=st.integers(0, 1000), count=st.integers(1, 20), side=st.integers(1, 9), channels=st.sampled_from([1, 3]))
def test_the_figures_are_those_of_the_definition(seed: int, count: int, side: int, channels: int) -> None:
    images = np.random.default_rng(seed).integers(0, 256, (count, side, side, channels), dtype=np.uint8)
    mean, std = mean_and_std(images)
    scaled = images.reshape(-1, channels) / 255
    assert mean == pytest.approx(scaled.mean(0), abs=1e-6)
    assert std == pytest.approx(np.where(scaled.std(0) > 0, scaled.std(0), 1.0), abs=1e-6)


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.random.default_rng(0).integers(0, 256, (50, 7, 7, 3), dtype=np.uint8)
    whole = mean_and_std(images)
    monkeypatch.setattr(statistics, "_PIXELS", 13)
    monkeypatch.setattr(statistics, "_ROWS", 16)
    assert mean_and_std(images) == whole


def test_the_largest_sums_are_exact() -> None:
    # one sum off by one among 65,280, or one square among 16,646,400, would be seen
    images = np.full((1, 256, 128, 1), 255, dtype=np.uint8)
    images[0, ::7, ::3] = 254
    values = images.astype(np.int64)
    count, total, squares = values.size, int(values.sum()), int((values**2).sum())
    mean, std = mean_and_std(images)
    assert mean[0] == round(total / (255 * count), 6)
    assert std[0] == round(((count * squares - total**2) / (255 * count) ** 2) ** 0.5, 6)


def test_a_channel_without_contrast_can_be_divided_by() -> None:
    images = np.full((3, 4, 4, 3), 255, dtype=np.uint8)
    images[0, 0, 0, 1] = 0
    mean, std = mean_and_std(images)
    assert (mean[0], std[0]) == (1.0, 1.0)
    assert 0 < std[1] < 1
