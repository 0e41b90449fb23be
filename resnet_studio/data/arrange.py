"""Which images train, which validate and which test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.images import Images, Labels, Split
from resnet_studio.data.memory import available_memory, require_memory
from resnet_studio.data.sources.source import TEST, TRAIN, VALIDATION
from resnet_studio.data.split import TEST_SHARE, VALIDATION_SHARE, hold_out
from resnet_studio.spec.data import DataSpec

COPIED_BYTES = 1 << 30
"""Images that are mapped from a file and taken apart are copied into memory up to this size, which takes a moment."""

Rows = NDArray[np.int64]
Keep = Callable[[Images, Mapping[str, Rows]], Mapping[str, Images]]
"""Takes some of the images for each purpose and gives them back mapped from files of their own."""


@dataclass(frozen=True)
class _Choice:
    """The images of one purpose before they are taken."""

    split: Split
    rows: Rows | None = None
    """Which images of the split; None: all of them, as they are."""

    @property
    def labels(self) -> Labels:
        return self.split.labels if self.rows is None else self.split.labels[self.rows]

    def apart(self, share: float, seed: int, draw: int) -> "tuple[_Choice, _Choice]":
        """Return what stays and what is held out."""
        rows = np.arange(len(self.split)) if self.rows is None else self.rows
        stay, out = hold_out(self.labels, share, seed, draw)
        return _Choice(self.split, rows[stay]), _Choice(self.split, rows[out])


def arranged(
    found: Mapping[str, Split], spec: DataSpec, keep: Keep | None = None
) -> tuple[Split, Split, Split, tuple[str, ...]]:
    """Return the images to train, to validate and to test, and a sentence on each choice that is not the source's own.

    A source's own split counts. Without test images its validation images test, without either a fifth of the images
    is held out to test. Without validation images, or where a fraction is wanted, a share of the training images is
    held out to validate. Every draw is seeded by `split_seed` and stratified by class.

    Args:
        found: the parts of the source, `train` among them.
        spec: says what validates, and seeds the draws.
        keep: takes images apart that are too large to be copied into memory; None: these are refused.

    Raises:
        StudioError: there are too few images to hold some out, or too little memory to take them apart.
    """
    parts = {name: _Choice(split) for name, split in found.items()}
    train, own, test = parts[TRAIN], parts.get(VALIDATION), parts.get(TEST)
    notes = []
    if test is None and own is not None:
        test = own
        notes.append("The source has no test images of its own: its validation images are the test images.")
    elif test is None:
        train, test = train.apart(TEST_SHARE, spec.split_seed, draw=0)
        notes.append(
            f"The source has no test images of its own: {len(test.labels):,} images, a fifth of each class, were held "
            f"out with seed {spec.split_seed}."
        )
    if spec.validation == "test":
        validation = test
        notes.append("The test images validate too, so that the test accuracy is not that of images never looked at.")
    elif spec.validation == "auto" and own is not None:
        validation = own
    else:
        share = VALIDATION_SHARE if spec.validation == "auto" else float(spec.validation)
        train, validation = train.apart(share, spec.split_seed, draw=1)
        notes.append(
            f"{len(validation.labels):,} of the training images, {share:.4g} of each class, were held out to validate "
            f"with seed {spec.split_seed}."
        )
    if own is not None and own is not validation and own is not test:
        notes.append(f"The {len(own.labels):,} validation images of the source are not used.")
    return *_taken(train, validation, test, keep), tuple(notes)


def _taken(train: _Choice, validation: _Choice, test: _Choice, keep: Keep | None) -> tuple[Split, Split, Split]:
    """Return the images of each purpose; what is one choice stays one split."""
    choices = {TRAIN: train, VALIDATION: validation, TEST: test}
    rows = {name: choice.rows for name, choice in choices.items() if choice.rows is not None}
    if not rows:
        return train.split, validation.split, test.split
    if validation is test:
        rows.pop(VALIDATION, None)
    # whatever is taken apart is so from the training images
    images = train.split.images
    if keep is not None and not _can_be_copied(images):
        taken = keep(images, rows)
    else:
        require_memory(images.nbytes, "The images")
        taken = {name: images[ones] for name, ones in rows.items()}
    splits = {
        name: _apart(choice.split, rows[name], taken[name]) if name in rows else choice.split
        for name, choice in choices.items()
    }
    return splits[TRAIN], splits[TEST] if validation is test else splits[VALIDATION], splits[TEST]


def _can_be_copied(images: Images) -> bool:
    available = available_memory()
    return images.nbytes <= COPIED_BYTES and (available is None or images.nbytes <= available // 2)


def _apart(split: Split, rows: Rows, images: Images) -> Split:
    """Return some images of a split, given these."""
    names = tuple(split.names[row] for row in rows) if split.names else ()
    return Split(images, split.labels[rows], names, split.part, rows)
