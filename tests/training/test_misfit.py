"""What the network is not made for is found before a device sees it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from resnet_studio.data.images import ImageSet, Split
from resnet_studio.spec.errors import StudioError
from resnet_studio.training.misfit import refuse_misfit
from resnet_studio.training.prepare import prepare
from resnet_studio.training.trained import evaluate_run
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab


def _with_label(images: ImageSet, split: str, place: int, label: int, *, names: bool = False) -> ImageSet:
    part: Split = getattr(images, split)
    labels = part.labels.copy()
    labels[place] = label
    known = tuple(f"seven/{number}.png" for number in range(len(labels))) if names else ()
    changes: dict[str, Any] = {split: replace(part, labels=labels, names=known)}
    return replace(images, **changes)


@pytest.mark.parametrize(
    ("split", "label", "names", "words"),
    [
        ("train", 10, False, "training image 3 has the class 10, but there are 10, counted from 0; correct its label"),
        ("validation", -1, False, "validation image 3 has the class -1"),
        ("test", 255, True, "seven/3.png has the class 255"),
    ],
)
def test_a_label_out_of_range_is_named(lab: "Lab", split: str, label: int, names: bool, words: str) -> None:
    images = _with_label(lab.images, split, 3, label, names=names)
    with pytest.raises(StudioError, match=words):
        Trainer(lab.prepared(), images)
    with pytest.raises(StudioError, match=words):
        prepare(lab.prepared(), images=images)


def test_an_evaluation_looks_at_its_labels_too(lab: "Lab") -> None:
    run = lab.trained(training__epochs=1)
    with pytest.raises(StudioError, match="test image 0 has the class 10"):
        evaluate_run(run, images=_with_label(lab.images, "test", 0, 10))


def test_other_classes_and_channels_are_refused(lab: "Lab") -> None:
    network = lab.prepared().network
    refuse_misfit(network, lab.images)
    fewer = replace(lab.images, class_names=lab.images.class_names[:-1])
    with pytest.raises(StudioError, match=r"10 classes, but .* has 9; set classes to 9"):
        refuse_misfit(network, fewer)
    coloured = replace(lab.images, train=replace(lab.images.train, images=np.zeros((1437, 8, 8, 3), np.uint8)))
    with pytest.raises(StudioError, match=r"1x8x8 input, but .* has images of 3x8x8; match the data"):
        refuse_misfit(network, coloured)
