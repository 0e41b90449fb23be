"""Draws are even, and tell nothing of each other: neither neighbours, nor epochs, nor seeds, nor purposes.

Every seed is fixed, so that nothing here fails by chance; the limits are passed once in ten thousand at random.
"""

from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.stats import chi2

from resnet_studio.data import draws as module
from resnet_studio.data.draws import Draws, Purpose, numbered, shuffled, uniform
from resnet_studio.data.feed.sampling import Kind, sampling_of
from resnet_studio.data.feed.treatment import Treatment
from resnet_studio.spec.data import AugmentSpec

COUNT = 50_000
SAMPLES = np.arange(COUNT)
BINS = 16
CHANCE = 1e-4


def is_even(counts: NDArray[Any], freedom: int | None = None) -> bool:
    """Pearson's chi-square test of equal shares."""
    expected = counts.sum() / counts.size
    distance = ((counts - expected) ** 2 / expected).sum()
    return bool(distance < chi2.isf(CHANCE, counts.size - 1 if freedom is None else freedom))


def are_apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether pairs of draws fill the square evenly."""
    return is_even(np.histogram2d(one, other, BINS, ((0, 1), (0, 1)))[0])


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_draws_evenly(purpose: Purpose) -> None:
    drawn = Draws(SAMPLES, 0, 0).uniform(purpose)
    assert is_even(np.histogram(drawn, 256, (0, 1))[0])
    # the lowest digits as well
    assert is_even(np.histogram(drawn * 2**20 % 1, 256, (0, 1))[0])


@pytest.mark.parametrize("purpose", [Purpose.ORDER, Purpose.FLIP, Purpose.HUE, Purpose.MIX_SHARE])
def test_draws_tell_nothing_of_their_neighbours(purpose: Purpose) -> None:
    base = uniform(SAMPLES, 7, purpose, 3)
    for distance in (1, 2, 32, 128):
        assert are_apart(base[:-distance], base[distance:]), f"samples {distance} apart"
    others = {
        "another epoch": uniform(SAMPLES, 7, purpose, 4),
        "another seed": uniform(SAMPLES, 8, purpose, 3),
        "another purpose": uniform(SAMPLES, 7, purpose + 1, 3),
        "another attempt": uniform(SAMPLES, 7, purpose, 3, 1),
        "seed and epoch the other way round": uniform(SAMPLES, 3, purpose, 7),
        "drawn again": uniform(numbered(SAMPLES, np.ones(COUNT, np.int64)), 7, purpose, 3),
    }
    for what, other in others.items():
        assert are_apart(base, other), what
        assert are_apart(base[1:], other[:-1]), what
        assert not np.intersect1d(base, other).size, what


def test_epochs_of_one_sample_are_even_and_apart() -> None:
    sample = np.array([5])
    drawn = np.array([uniform(sample, 0, Purpose.FLIP, epoch)[0] for epoch in range(20_000)])
    assert is_even(np.histogram(drawn, 100, (0, 1))[0])
    assert are_apart(drawn[:-1], drawn[1:])


def test_every_image_stands_everywhere_in_an_epoch_equally_often() -> None:
    count, epochs = 8, 12_000
    orders = np.array([shuffled(count, 0, Purpose.ORDER, epoch) for epoch in range(epochs)])
    places = np.zeros((count, count), np.int64)
    for place in range(count):
        places[place] = np.bincount(orders[:, place], minlength=count)
    assert is_even(places, (count - 1) ** 2)
    # and after every other
    after = np.bincount((orders[:, :-1] * count + orders[:, 1:]).ravel(), minlength=count**2).reshape(count, count)
    assert is_even(after[~np.eye(count, dtype=bool)])


@pytest.mark.parametrize("sampling", ["shuffle", "balanced"])
def test_no_change_uses_the_draw_of_another(
    sampling: Kind, everything: AugmentSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = np.arange(40) % 3
    made = sampling_of(sampling, labels, 1)
    treatment = Treatment(
        everything, source=(16, 16), size=(12, 12), partners=made.partners, filling=torch.zeros(3), seed=1
    )
    keys: Counter[tuple[int, ...]] = Counter()
    hashed = module.hashed

    def noted(samples: NDArray[np.int64], *key: int) -> NDArray[np.uint64]:
        keys[key] += 1
        return hashed(samples, *key)

    monkeypatch.setattr(module, "hashed", noted)
    drawn = treatment.drawn(treatment.with_partners(made.order(2), 2), 2)
    # which classes get one more is the same draw for the end of an epoch and the beginning of the next
    assert {key for key, times in keys.items() if times > 1} <= {(1, Purpose.ODD_CLASS)}
    unused = set(Purpose) - {purpose for _, purpose, *_ in keys}
    assert unused == ({Purpose.MIX_CLASS, Purpose.ODD_CLASS, Purpose.TURN} if sampling == "shuffle" else set())
    assert drawn.shape[0] == 80
