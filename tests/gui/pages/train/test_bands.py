from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.gui.pages.train.bands import ONE_WIDTH, bands


def test_every_epoch_has_a_band_of_its_own_while_there_is_room() -> None:
    found = bands(np.arange(0.0, 5 * 234.0, 234.0), 0, 936, 836)
    assert [band.label for band in found] == ["epoch 1", "epoch 2", "epoch 3", "epoch 4"]
    assert [band.shaded for band in found] == [True, False, True, False]
    assert (found[1].start, found[1].end) == (234, 468)


def test_many_epochs_share_bands() -> None:
    found = bands(np.arange(183.0), 0, 182, 836)
    assert found[0].label == "epochs 1–50"
    assert found[-1].label == "epochs 151–182"


def test_only_what_is_in_sight_comes_and_shading_does_not_depend_on_it() -> None:
    found = bands(np.arange(11.0), 4.5, 6.5, 400)
    assert [(band.label, band.shaded) for band in found] == [("epoch 5", True), ("epoch 6", False), ("epoch 7", True)]


def test_nothing_to_see() -> None:
    assert bands(np.array([0.0, 1.0]), 0, 0, 100) == []
    assert bands(np.array([0.0, 1.0]), 0, 1, 0) == []
    assert len(bands(np.array([0.0, 0.0]), 0, 1, 100)) <= 1


@given(st.integers(1, 700), st.floats(100, 2000))
def test_bands_join_and_are_wide_enough_for_their_names(epochs: int, pixels: float) -> None:
    found = bands(np.arange(epochs + 1.0), 0, epochs, pixels)
    assert found[0].start == 0
    assert found[-1].end == epochs
    for one, other in pairwise(found):
        assert one.end == other.start
        assert one.shaded != other.shaded
        assert (one.end - one.start) * pixels / epochs >= ONE_WIDTH - 1e-6


def test_epochs_of_which_nothing_is_known_take_no_room() -> None:
    found = bands(np.array([0.0, 0.0, 0.0, 2.0, 4.0]), 0, 4, 2 * ONE_WIDTH)
    assert [band.label for band in found] == ["epoch 3", "epoch 4"]
