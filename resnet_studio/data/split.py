"""Holding images out of the training set: seeded, and the same share of every class."""

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.draws import hashed
from resnet_studio.data.images import Labels
from resnet_studio.spec.errors import StudioError

TEST_SHARE = 0.2
"""Share of the images that becomes the test set of a source without one."""
VALIDATION_SHARE = 0.1
"""Share of the training images that validates where the source has no validation images of its own."""

_PURPOSE = 0x5911
"""Keeps the draws of the split apart from those of the augmentation under the same seed."""


def hold_out(labels: Labels, share: float, seed: int, draw: int = 0) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw a share of the images, stratified by class.

    Each class gives its share, rounded so that the total is the share of all images to the nearest image
    (largest remainders first), but keeps one image at least.

    Args:
        labels: class of each image, (N,).
        share: what to hold out, between 0 and 1.
        seed: of the draw.
        draw: tells two draws with the same seed apart.

    Returns:
        The numbers of the images that stay and of those held out, each in ascending order; none is in both.

    Raises:
        StudioError: no class can spare an image.
    """
    counts = np.bincount(labels)
    quota = _quota(counts, share)
    if not quota.any():
        raise StudioError(
            f"{len(labels)} images in {np.count_nonzero(counts)} classes are too few to hold {share:.0%} of them out; "
            "give more images of a class, or a split of your own."
        )
    samples = np.arange(len(labels), dtype=np.int64)
    # the images of one class side by side, each class in random order
    order = np.lexsort((hashed(samples, _PURPOSE, seed, draw), labels))
    rank = np.empty(len(labels), dtype=np.int64)
    rank[order] = samples - np.repeat(np.cumsum(counts) - counts, counts)
    out = rank < quota[labels]
    return np.flatnonzero(~out), np.flatnonzero(out)


def _quota(counts: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    """Return how many images of each class to hold out, (classes,)."""
    most = np.maximum(counts - 1, 0)
    exact = counts * share
    quota: NDArray[np.int64] = np.minimum(np.floor(exact).astype(np.int64), most)
    missing = max(1, round(float(share * counts.sum()))) - int(quota.sum())
    by_remainder = np.argsort(quota - exact, kind="stable")
    takers = by_remainder[quota[by_remainder] < most[by_remainder]][: max(0, missing)]
    quota[takers] += 1
    return quota
