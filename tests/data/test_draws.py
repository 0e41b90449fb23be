"""Every draw belongs to its sample."""

import numpy as np
import pytest

from resnet_studio.data.draws import (
    Draws,
    Purpose,
    hashed,
    integers,
    numbered,
    samples_of,
    shuffled,
    symmetric_beta,
    uniform,
)

MANY = np.arange(100_000)


def test_the_hash_is_splitmix64() -> None:
    # the published generator's first outputs from the state 0
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert hashed(np.array([1, 2, 3])).tolist() == published


def test_a_draw_depends_on_key_and_sample_alone() -> None:
    alone = np.concatenate([uniform(MANY[[sample]], 3, 1, 4) for sample in (7, 99_999, 0)])
    assert alone.tolist() == uniform(MANY, 3, 1, 4)[[7, 99_999, 0]].tolist()


def test_each_part_of_the_key_counts() -> None:
    draws = [hashed(MANY[:8], *key) for key in ((0, 1, 2), (1, 0, 2), (0, 2, 1), (0, 1, 3), (0, 1), (0, 1, 2, 0))]
    assert len({tuple(draw.tolist()) for draw in draws}) == len(draws)


def test_draws_are_even_and_not_related() -> None:
    one, two = uniform(MANY, 0, 1, 0), uniform(MANY, 0, 1, 1)
    assert 0 <= one.min() < 1e-3
    assert 1 - 1e-3 < one.max() < 1
    assert abs(one.mean() - 0.5) < 0.005
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.015
    assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < 0.015
    counts = np.bincount(integers(9, MANY, 5), minlength=9)
    assert len(counts) == 9
    assert np.abs(counts * 9 / len(MANY) - 1).max() < 0.05


def test_a_shuffle_has_every_number_once() -> None:
    order = shuffled(1000, 0, 1, 0)
    assert sorted(order.tolist()) == list(range(1000))
    assert order.tolist() != shuffled(1000, 0, 1, 1).tolist()
    assert order.tolist() == shuffled(1000, 0, 1, 0).tolist()


def test_numbers_of_purposes_stay() -> None:
    """A resumed run draws what it drew before."""
    assert [purpose.value for purpose in Purpose] == list(range(1, 39))
    assert (Purpose.ORDER, Purpose.PAD_TOP, Purpose.PAD_LEFT, Purpose.FLIP) == (1, 2, 3, 4)


def test_draws_are_those_of_seed_purpose_and_epoch() -> None:
    draws = Draws(MANY[:50], 3, 4)
    assert draws.uniform(Purpose.ANGLE).tolist() == uniform(MANY[:50], 3, Purpose.ANGLE, 4).tolist()
    assert draws.uniform(Purpose.ANGLE, 1).tolist() != draws.uniform(Purpose.ANGLE).tolist()
    scaled = draws.uniform(Purpose.ANGLE, low=-2.0, high=4.0)
    assert scaled == pytest.approx(6 * draws.uniform(Purpose.ANGLE) - 2)
    own = draws.below(np.arange(1, 51), Purpose.HUE)
    assert own.tolist() == [int(integers(n + 1, MANY[[n]], 3, Purpose.HUE, 4)[0]) for n in range(50)]


@pytest.mark.parametrize(("share", "turns"), [(0.0, 0), (0.25, 3), (0.5, 6), (0.75, 9), (1.0, 12)])
def test_turns_are_evenly_spread_over_the_epochs_of_each_sample(share: float, turns: int) -> None:
    samples = np.arange(10_000)
    taken = np.stack([Draws(samples, 5, epoch).in_turn(share, Purpose.FLIP) for epoch in range(12)])
    assert (taken.sum(0) == turns).all()
    # in each epoch as many as if it were drawn, and others under another seed
    assert taken.mean(1) == pytest.approx(np.full(12, share), abs=0.02)
    others = Draws(samples, 6, 0).in_turn(share, Purpose.FLIP)
    assert (others == taken[0]).mean() == pytest.approx(share**2 + (1 - share) ** 2, abs=0.02)
    if share == 0.5:
        assert (taken[1:] != taken[:-1]).all(), "not every other epoch"


def test_a_sample_that_is_drawn_again_has_other_numbers_and_keeps_its_first() -> None:
    again = [Draws(numbered(MANY[:1000], np.full(1000, times)), 3, 4) for times in range(4)]
    assert again[0].samples.tolist() == MANY[:1000].tolist()
    assert all(samples_of(each.samples).tolist() == MANY[:1000].tolist() for each in again)
    drawn = np.array([each.uniform(Purpose.ANGLE) for each in again])
    assert len(np.unique(drawn)) == drawn.size
    apart = np.corrcoef(drawn) - np.eye(4)
    assert np.abs(apart).max() < 0.1


@pytest.mark.parametrize("alpha", [0.05, 0.2, 1.0, 3.0, 10.0])
def test_the_beta_distribution_has_its_moments(alpha: float) -> None:
    numbers = symmetric_beta((MANY + 0.5) / len(MANY), alpha)
    assert numbers.min() >= 0
    assert numbers.max() <= 1
    assert (np.diff(numbers) >= 0).all()
    assert numbers.mean() == pytest.approx(0.5, abs=1e-4)
    assert numbers.var() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=1e-3)
    fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3))
    assert ((numbers - 0.5) ** 4).mean() == pytest.approx(fourth, rel=1e-3)
    assert Draws(MANY, 0, 0).beta(alpha, Purpose.MIX_SHARE).var() == pytest.approx(numbers.var(), rel=0.02)
