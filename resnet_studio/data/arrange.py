"""Which images train, which validate and which test."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.images import Split
from resnet_studio.data.memory import require_memory
from resnet_studio.data.source import TEST, TRAIN, VALIDATION
from resnet_studio.data.split import TEST_SHARE, VALIDATION_SHARE, hold_out
from resnet_studio.spec.data import DataSpec


def arranged(found: Mapping[str, Split], spec: DataSpec) -> tuple[Split, Split, Split, tuple[str, ...]]:
    """Return the images to train, to validate and to test, and a sentence on each choice that is not the source's own.

    A source's own split counts. Without test images its validation images test, without either a fifth of the images
    is held out to test. Without validation images, or where a fraction is wanted, a share of the training images is
    held out to validate. Every draw is seeded by `split_seed` and stratified by class.

    Args:
        found: the parts of the source, `train` among them.
        spec: says what validates, and seeds the draws.

    Raises:
        StudioError: there are too few images to hold some out, or too little memory to take them apart.
    """
    train, own, test = found[TRAIN], found.get(VALIDATION), found.get(TEST)
    notes = []
    if test is None and own is not None:
        test = own
        notes.append("The source has no test images of its own: its validation images are the test images.")
    elif test is None:
        train, test = _apart(train, TEST_SHARE, spec.split_seed, draw=0)
        notes.append(
            f"The source has no test images of its own: {len(test):,} images, a fifth of each class, were held out "
            f"with seed {spec.split_seed}."
        )
    if spec.validation == "test":
        validation = test
        notes.append("The test images validate too, so that the test accuracy is not that of images never looked at.")
    elif spec.validation == "auto" and own is not None:
        validation = own
    else:
        share = VALIDATION_SHARE if spec.validation == "auto" else float(spec.validation)
        train, validation = _apart(train, share, spec.split_seed, draw=1)
        notes.append(
            f"{len(validation):,} of the training images, {share:.4g} of each class, were held out to validate "
            f"with seed {spec.split_seed}."
        )
    if own is not None and own is not validation and own is not test:
        notes.append(f"The {len(own):,} validation images of the source are not used.")
    return train, validation, test, tuple(notes)


def _apart(split: Split, share: float, seed: int, draw: int) -> tuple[Split, Split]:
    """Return what stays and what is held out; both are copies in memory."""
    require_memory(split.images.nbytes, "The images")
    stay, out = hold_out(split.labels, share, seed, draw)
    return _taken(split, stay), _taken(split, out)


def _taken(split: Split, rows: NDArray[np.int64]) -> Split:
    names = tuple(split.names[row] for row in rows) if split.names else ()
    return Split(split.images[rows], split.labels[rows], names)
