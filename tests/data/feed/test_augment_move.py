"""Pixels that only move: one image after the other on a CPU, all by one gather elsewhere, both alike."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.data.feed import augment_move
from resnet_studio.data.feed.augment_move import as_planes, copied, gathered, index_type

RANDOM = np.random.default_rng(0)
STORE = torch.from_numpy(RANDOM.integers(1, 256, (20, 6, 5, 3), dtype=np.uint8))


@given(
    channels=st.sampled_from([1, 3]),
    drawn=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.booleans()), min_size=1, max_size=8),
)
def test_both_ways_move_the_same_pixels(channels: int, drawn: list[tuple[int, int, bool]]) -> None:
    store = STORE[..., :channels].contiguous()
    places = torch.from_numpy(RANDOM.integers(0, 20, len(drawn)))
    numbers = np.array(drawn, dtype=np.int64)
    one, other = copied(store, places, numbers), gathered(store, places, torch.from_numpy(numbers).float())
    assert torch.equal(one, other)
    for image, place, (top, left, flip) in zip(one.numpy(), places.tolist(), drawn, strict=True):
        padded = np.pad(store[place].numpy(), ((9, 9), (9, 9), (0, 0)))
        crop = padded[9 + top : 15 + top, 9 + left : 14 + left]
        assert np.array_equal(image, crop[:, ::-1] if flip else crop)


def test_any_type_of_index_gathers_the_same() -> None:
    drawn = torch.from_numpy(RANDOM.integers(0, 2, (20, 3))).float()
    narrow, wide = (gathered(STORE, torch.arange(20, dtype=kind), drawn) for kind in (torch.int32, torch.int64))
    assert torch.equal(narrow, wide)


def test_more_pixels_than_int32_counts_are_counted_by_int64(monkeypatch: pytest.MonkeyPatch) -> None:
    assert index_type(STORE) == torch.int32
    monkeypatch.setattr(augment_move, "_MOST_INT32", 20 * 6 * 5 - 1)
    assert index_type(STORE) == torch.int64


def test_planes_are_the_channels() -> None:
    planes = as_planes(STORE)
    assert planes.dtype == torch.float32
    assert planes.is_contiguous()
    assert torch.equal(planes[:, 1], STORE[..., 1].float())
