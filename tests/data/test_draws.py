"""Every draw belongs to its sample."""

import numpy as np

from resnet_studio.data.draws import hashed, integers, shuffled, uniform

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
