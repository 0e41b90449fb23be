"""Random numbers that belong to a sample: a hash of (seed, purpose, epoch, sample), not the state of a generator.

So an image gets the same treatment whatever the size of the batch, the number of devices or the step at which a run
is resumed, and whatever the version of numpy. The hash is splitmix64 (Steele, Lea and Flood 2014).
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Reals: TypeAlias = NDArray[np.float64]

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = 2**64 - 1
_BETA_POINTS = 8193
_SAMPLE_BITS = 32


class Purpose(IntEnum):
    """Tells the draws apart that are made of the same seed, epoch and sample.

    A number once given stays: it decides what a run of before draws when it is resumed.
    """

    ORDER = 1
    PAD_TOP = 2
    PAD_LEFT = 3
    FLIP = 4
    CROP_AREA = 5
    CROP_RATIO = 6
    CROP_TOP = 7
    CROP_LEFT = 8
    ANGLE = 9
    SHIFT_X = 10
    SHIFT_Y = 11
    ZOOM = 12
    SHEAR = 13
    BRIGHTNESS = 14
    CONTRAST = 15
    SATURATION = 16
    HUE = 17
    TRIVIAL_KIND = 18
    TRIVIAL_AMOUNT = 19
    TRIVIAL_SIGN = 20
    RAND_KIND = 21
    RAND_SIGN = 22
    ERASE = 23
    ERASE_AREA = 24
    ERASE_RATIO = 25
    ERASE_TOP = 26
    ERASE_LEFT = 27
    MIX_PARTNER = 28
    MIX_KIND = 29
    MIX_SHARE = 30
    CUT_SHARE = 31
    CUT_TOP = 32
    CUT_LEFT = 33
    CUTOUT_ROW = 34
    CUTOUT_COLUMN = 35
    MIX_CLASS = 36
    ODD_CLASS = 37
    TURN = 38


@dataclass(frozen=True)
class Draws:
    """The random numbers of some samples in an epoch; each is (N,) and belongs to its sample alone."""

    samples: NDArray[np.int64]
    """Numbers of the samples, or of their draws, see `numbered`, (N,)."""
    seed: int
    epoch: int

    def uniform(self, purpose: Purpose, *more: int, low: float = 0.0, high: float = 1.0) -> Reals:
        """Return a number from [low, high) for each sample; `more` tells several draws of a purpose apart."""
        return low + (high - low) * uniform(self.samples, self.seed, purpose, self.epoch, *more)

    def below(self, limit: int | NDArray[np.int64], purpose: Purpose, *more: int) -> NDArray[np.int64]:
        """Return a whole number from 0 to `limit` - 1 for each sample; the limit may be each one's own, (N,)."""
        return integers(limit, self.samples, self.seed, purpose, self.epoch, *more)

    def in_turn(self, share: float, purpose: Purpose) -> NDArray[np.bool_]:
        """Return whether it is each sample's turn, (N,): in a share of its epochs, evenly spread from its own start.

        In any one epoch it is as likely as if it were drawn anew, but no sample has its turn many times in a row.
        """
        start = uniform(self.samples, self.seed, purpose)
        return (start + share * self.epoch) % 1.0 < share

    def beta(self, alpha: float, purpose: Purpose) -> Reals:
        """Return a number of the distribution Beta(alpha, alpha) for each sample."""
        return symmetric_beta(self.uniform(purpose), alpha)


def numbered(samples: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of draws: a sample that is drawn again in an epoch has other random numbers than before.

    Args:
        samples: their numbers, (N,), less than 2**32.
        times: how often each has been drawn before in the epoch, (N,), less than 2**31.

    Returns:
        (N,): of a first draw, the number of its sample.
    """
    return samples | (times << _SAMPLE_BITS)


def samples_of(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the sample of each draw, see `numbered`."""
    return numbers & ((1 << _SAMPLE_BITS) - 1)


def hashed(samples: NDArray[np.int64], *key: int) -> NDArray[np.uint64]:
    """Return 64 random bits for each sample number.

    Args:
        samples: numbers of the samples, (N,), not negative.
        *key: whole numbers that name the draw, such as a seed, a purpose and an epoch.

    Returns:
        (N,): a function of the key and each sample's own number alone.
    """
    start = 0
    for part in key:
        start = _mixed((start ^ part) + _GOLDEN)
    state = samples.astype(np.uint64) * np.uint64(_GOLDEN) + np.uint64(start)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
    return state ^ (state >> np.uint64(31))


def uniform(samples: NDArray[np.int64], *key: int) -> Reals:
    """Return a number from [0, 1) for each sample, see `hashed`."""
    return (hashed(samples, *key) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def integers(limit: int | NDArray[np.int64], samples: NDArray[np.int64], *key: int) -> NDArray[np.int64]:
    """Return a whole number from 0 to `limit` - 1 for each sample, see `hashed`; the limit may be each one's own."""
    return (uniform(samples, *key) * limit).astype(np.int64)


def shuffled(count: int, *key: int) -> NDArray[np.int64]:
    """Return the numbers from 0 to `count` - 1 in the random order that belongs to the key."""
    return np.argsort(hashed(np.arange(count, dtype=np.int64), *key), kind="stable")


def symmetric_beta(quantiles: Reals, alpha: float) -> Reals:
    """Return where the distribution Beta(alpha, alpha) reaches each of some quantiles.

    Args:
        quantiles: from 0 to 1; uniform ones give numbers of that distribution.
        alpha: more than 0; both parameters.
    """
    reached, powers = _half_beta(alpha)
    # the distribution is its own mirror image about one half
    lower: Reals = np.interp(np.minimum(quantiles, 1 - quantiles) * 2, reached, powers) ** (1 / alpha)
    return np.where(quantiles < 0.5, lower, 1 - lower)


@lru_cache
def _half_beta(alpha: float) -> tuple[Reals, Reals]:
    """Return the share of Beta(alpha, alpha)'s lower half up to each of some points x, and x ** alpha.

    The density has a pole at 0 where alpha is less than 1; over x ** alpha it is finite everywhere.
    """
    # points at even distances of x, so that a large alpha has as many near the middle as near 0
    powers = (0.5 * np.linspace(0, 1, _BETA_POINTS)) ** alpha
    density = (1 - powers ** (1 / alpha)) ** (alpha - 1)
    area = np.concatenate([[0.0], np.cumsum(np.diff(powers) * (density[1:] + density[:-1]) / 2)])
    return area / area[-1], powers


def _mixed(state: int) -> int:
    state &= _MASK
    state = ((state ^ (state >> 30)) * _FIRST) & _MASK
    state = ((state ^ (state >> 27)) * _SECOND) & _MASK
    return state ^ (state >> 31)
