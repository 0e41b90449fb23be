"""Which images make an epoch, and which image is mixed with another: each once, or every class as often.

Both are functions of (seed, epoch), so a run that is resumed goes on with the images that it would have had.
"""

from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.draws import Draws, Purpose, numbered, shuffled
from resnet_studio.data.images import Labels

Kind = Literal["shuffle", "balanced"]
"""See `TrainingSpec.sampling`."""


class Sampling(Protocol):
    """The draws that make an epoch, as many as there are images."""

    def order(self, epoch: int) -> NDArray[np.int64]:
        """Return the draws of an epoch in their order, see `draws.numbered`, (N,)."""

    def partners(self, draws: Draws) -> NDArray[np.int64]:
        """Return the number of each image's partner in a mixture, (n,), drawn from the whole set."""


def sampling_of(kind: Kind, labels: Labels, seed: int) -> Sampling:
    """Return the sampling of a set of images.

    Args:
        kind: of sampling.
        labels: class of each image, (N,).
        seed: of all draws.
    """
    return Balanced(labels, seed) if kind == "balanced" else Shuffled(len(labels), seed)


class Shuffled:
    """Each image once an epoch, in random order."""

    def __init__(self, count: int, seed: int) -> None:
        self._count, self._seed = count, seed

    def order(self, epoch: int) -> NDArray[np.int64]:
        """Return the numbers of all images in the order of an epoch, (N,)."""
        return shuffled(self._count, self._seed, Purpose.ORDER, epoch)

    def partners(self, draws: Draws) -> NDArray[np.int64]:
        """Return the number of each image's partner, (n,), even among all images."""
        return draws.below(self._count, Purpose.MIX_PARTNER)


class Balanced:
    """As many images of each class, in random order.

    Of N draws among K classes, each class gets N / K, rounded down or up so that they are N: which classes get one
    more goes round from epoch to epoch. The images of a class take turns, in an order that belongs to the seed, and the
    next epoch goes on where the last one ended. So no image is ever two draws ahead of another of its class, neither in
    an epoch nor in all of them: a class that has too many images for an epoch shows all of them in the course of
    several, which independent draws would not.
    """

    def __init__(self, labels: Labels, seed: int) -> None:
        self._labels, self._seed = labels, seed

    def order(self, epoch: int) -> NDArray[np.int64]:
        """Return the draws of an epoch in their order, (N,): an image that comes again is another draw of it."""
        size = self._counts[self._labels]
        first, end = (self._drawn_before(each)[self._labels] for each in (epoch, epoch + 1))
        # of the turns from first to end, those that leave the image's place over when divided by the class's size
        times = (end - 1 - self._place) // size - (first - 1 - self._place) // size
        samples = np.repeat(np.arange(len(times), dtype=np.int64), times)
        before = np.cumsum(times) - times
        numbers = numbered(samples, np.arange(len(samples), dtype=np.int64) - before[samples])
        return numbers[shuffled(len(numbers), self._seed, Purpose.ORDER, epoch)]

    def partners(self, draws: Draws) -> NDArray[np.int64]:
        """Return the number of each image's partner, (n,): of any class as often, and even among its images.

        Half of the labels come from the partners: drawn from all images alike, they would bring the imbalance back.
        """
        there = np.flatnonzero(self._counts)
        classes = there[draws.below(len(there), Purpose.MIX_CLASS)]
        places = draws.below(self._counts[classes], Purpose.MIX_PARTNER)
        partners: NDArray[np.int64] = self._grouped[self._starts[classes] + places]
        return partners

    def _drawn_before(self, epoch: int) -> NDArray[np.int64]:
        """Return how often each class is drawn in all epochs before one, (classes,)."""
        there = np.flatnonzero(self._counts)
        drawn = np.zeros(len(self._counts), np.int64)
        # adding 0 to K - 1 before the division is what makes the sum over the classes exact (Hermite's identity)
        drawn[there] = (epoch * len(self._labels) + shuffled(len(there), self._seed, Purpose.ODD_CLASS)) // len(there)
        return drawn

    @cached_property
    def _counts(self) -> NDArray[np.int64]:
        """Images of each class, (classes,)."""
        return np.bincount(self._labels)

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Where each class begins when the images stand by class, (classes,)."""
        return np.cumsum(self._counts) - self._counts

    @cached_property
    def _grouped(self) -> NDArray[np.int64]:
        """The numbers of all images by class, each class in the order in which its images take turns, (N,)."""
        random = shuffled(len(self._labels), self._seed, Purpose.TURN)
        return random[np.argsort(self._labels[random], kind="stable")]

    @cached_property
    def _place(self) -> NDArray[np.int64]:
        """The place of each image among those of its class, (N,)."""
        place = np.empty(len(self._labels), np.int64)
        place[self._grouped] = np.arange(len(place)) - np.repeat(self._starts, self._counts)
        return place
