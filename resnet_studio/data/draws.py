"""Random numbers that belong to a sample: a hash of (seed, purpose, epoch, sample), not the state of a generator.

So an image gets the same treatment whatever the size of the batch, the number of devices or the step at which a run
is resumed, and whatever the version of numpy. The hash is splitmix64 (Steele, Lea and Flood 2014).
"""

import numpy as np
from numpy.typing import NDArray

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = 2**64 - 1


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


def uniform(samples: NDArray[np.int64], *key: int) -> NDArray[np.float64]:
    """Return a number from [0, 1) for each sample, see `hashed`."""
    return (hashed(samples, *key) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def integers(limit: int, samples: NDArray[np.int64], *key: int) -> NDArray[np.int64]:
    """Return a whole number from 0 to `limit` - 1 for each sample, see `hashed`."""
    return (uniform(samples, *key) * limit).astype(np.int64)


def shuffled(count: int, *key: int) -> NDArray[np.int64]:
    """Return the numbers from 0 to `count` - 1 in the random order that belongs to the key."""
    return np.argsort(hashed(np.arange(count, dtype=np.int64), *key), kind="stable")


def _mixed(state: int) -> int:
    state &= _MASK
    state = ((state ^ (state >> 30)) * _FIRST) & _MASK
    state = ((state ^ (state >> 27)) * _SECOND) & _MASK
    return state ^ (state >> 31)
