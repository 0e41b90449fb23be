"""What the numbers of images say: whether they are enough to be split, and whether the classes have as many."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.arrange import arranged
from resnet_studio.data.checks.finding import DataFinding, Remedy, first_few
from resnet_studio.data.images import Split, counted
from resnet_studio.data.sources.source import TRAIN
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

IMBALANCE, STRONG_IMBALANCE = 3, 10
"""How many times as many images the largest class has as the smallest, for an info and for a warning."""
BALANCING = (
    Remedy("Balance the class weights", (("training.class_weights", "balanced"), ("training.sampling", "shuffle"))),
    Remedy("Balance the sampling", (("training.sampling", "balanced"), ("training.class_weights", "none"))),
)
"""What makes classes with few images count: a weight in the loss, or more frequent draws. Both at once is too much, and
training refuses it: each takes the other back."""


def split_findings(counts: Mapping[str, NDArray[np.int64]], spec: DataSpec) -> Iterator[DataFinding]:
    """Yield why no images can be held out to validate or to test, in the words of the refusal.

    Args:
        counts: images of each class in each part, (classes,).
        spec: says what validates.
    """
    # which images are held out depends on their classes alone, so they need no pixels
    nothing = {
        part: Split(np.empty((ones.sum(), 0, 0, 1), np.uint8), np.repeat(np.arange(len(ones)), ones))
        for part, ones in counts.items()
    }
    try:
        arranged(nothing, spec)
    except StudioError as error:
        yield DataFinding("error", "too_few", str(error), "stop")


def balance_findings(class_names: Sequence[str], counts: Mapping[str, NDArray[np.int64]]) -> Iterator[DataFinding]:
    """Yield what the numbers of images say.

    Args:
        class_names: of all classes that train.
        counts: images of each class in each part, (classes,).
    """
    for part, ones in counts.items():
        lacking = [name for name, count in zip(class_names, ones, strict=True) if not count]
        if part != TRAIN and lacking:
            names = first_few(lacking)
            yield DataFinding(
                "info",
                f"no_{part}_images",
                counted(
                    len(lacking),
                    f"1 class has no {part} images, so that nothing is known of it there: {names}.",
                    f"{{}} classes have no {part} images, so that nothing is known of them there: {names}.",
                ),
                "nothing",
            )
    train = counts[TRAIN]
    if len(without := [name for name, count in zip(class_names, train, strict=True) if not count]):
        message = counted(
            len(without),
            f"1 class has no training images and can't be learned: {first_few(without)}.",
            f"{{}} classes have no training images and can't be learned: {first_few(without)}.",
        )
        yield DataFinding("warning", "no_train_images", message, "nothing")
    least, most = int(train.argmin()), int(train.argmax())
    # a class without any is left out, or told otherwise
    if len(train) > 1 and 0 < train[least] * IMBALANCE <= train[most]:
        yield DataFinding(
            "warning" if train[least] * STRONG_IMBALANCE <= train[most] else "info",
            "imbalance",
            f"The class {class_names[most]} has {train[most] / train[least]:.1f} times as many training images "
            f"({train[most]:,}) as {class_names[least]} ({train[least]:,}).",
            "nothing",
            remedies=BALANCING,
        )
    yield from _uneven(class_names, counts)


def _uneven(class_names: Sequence[str], counts: Mapping[str, NDArray[np.int64]]) -> Iterator[DataFinding]:
    """Yield the parts on which accuracy is mostly that of the large classes."""
    told = []
    for part, ones in counts.items():
        most = int(ones.argmax())
        # classes without any image are told otherwise
        least = int(np.where(ones > 0, ones, ones[most]).argmin())
        if part != TRAIN and 0 < ones[least] * IMBALANCE <= ones[most]:
            told.append((part, f"{ones[most]:,} {class_names[most]}, {ones[least]:,} {class_names[least]}"))
    if told:
        (first, numbers), *others = told
        more = "".join(f"; {part} too: {numbers}" for part, numbers in others)
        sentence = f"{first.capitalize()} is uneven: {numbers}{more}. The mean over classes tells more than accuracy."
        yield DataFinding("info", "uneven", sentence, "nothing")
