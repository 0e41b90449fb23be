"""Mixup and cutmix: pixels and labels are mixed alike."""

import numpy as np
import pytest
import torch

from resnet_studio.data.draws import Draws
from resnet_studio.data.feed.mix import mix_draw, mixed, soft_labels

COUNT = 20_000
DRAWS = Draws(np.arange(COUNT), 0, 0)
SIZE = (16, 24)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 4.0])
def test_mixup_draws_its_share_from_beta(alpha: float) -> None:
    drawn = mix_draw(DRAWS, alpha, 0.0, SIZE)
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert not drawn[:, 2:].any()
    expected = np.random.default_rng(0).beta(alpha, alpha, COUNT)
    spread = (0.1, 0.25, 0.5, 0.75, 0.9)
    assert np.quantile(drawn[:, 0], spread) == pytest.approx(np.quantile(expected, spread), abs=0.03)


@pytest.mark.parametrize("alpha", [0.2, 1.0])
def test_cutmix_pastes_a_rectangle_of_the_area_that_beta_gives(alpha: float) -> None:
    """As `rand_bbox` of the paper's own code."""
    drawn = mix_draw(DRAWS, 0.0, alpha, SIZE)
    top, left, bottom, right = drawn[:, 2:].T
    height, width = SIZE
    assert (drawn[:, 0] == 1).all()
    assert drawn[:, 1] == pytest.approx(1 - (bottom - top) * (right - left) / (height * width))
    random = np.random.default_rng(0)
    half = np.sqrt(1 - random.beta(alpha, alpha, COUNT)) / 2
    areas = np.ones(COUNT)
    for length in SIZE:
        middle, reach = random.integers(0, length, COUNT), (half * length).astype(int)
        areas *= np.clip(middle + reach, 0, length) - np.clip(middle - reach, 0, length)
    spread = (0.25, 0.5, 0.75, 0.9)
    expected = np.quantile(1 - areas / (height * width), spread)
    assert np.quantile(drawn[:, 1], spread) == pytest.approx(expected, abs=0.03)


def test_with_both_each_image_gets_one_of_them() -> None:
    drawn = mix_draw(DRAWS, 0.5, 1.0, SIZE)
    is_cut = drawn[:, 2:].any(1)
    # a rectangle may be empty
    assert 0.4 < is_cut.mean() < 0.52
    assert (drawn[is_cut, 0] == 1).all()
    assert np.array_equal(drawn[~is_cut][:, 0], drawn[~is_cut][:, 1])


def test_pixels_and_labels() -> None:
    random = torch.Generator().manual_seed(0)
    images, others = torch.randint(0, 256, (2, 3, 3, 6, 5), generator=random).float()
    drawn = torch.tensor([[0.3, 0.3, 0, 0, 0, 0], [1, 0.8, 1, 2, 4, 4], [1, 1, 0, 0, 0, 0]])
    outcome = mixed(images, others, drawn)
    assert (outcome[0] - (0.3 * images[0] + 0.7 * others[0])).abs().max() <= 0.51
    assert torch.equal(outcome, outcome.round())
    pasted = images[1].clone()
    pasted[:, 1:4, 2:4] = others[1, :, 1:4, 2:4]
    assert torch.equal(outcome[1], pasted)
    assert torch.equal(outcome[2], images[2])
    shares = soft_labels(torch.tensor([0, 1, 2]), torch.tensor([3, 1, 0]), drawn, 4)
    expected = torch.tensor([[0.3, 0, 0, 0.7], [0, 1, 0, 0], [0, 0, 1, 0]])
    torch.testing.assert_close(shares, expected)
