"""What is left open becomes what suits the source."""

import pytest

from resnet_studio.data.augment import suited
from resnet_studio.data.sources.digits import digits
from resnet_studio.data.sources.source import Part, Source, catalogued
from resnet_studio.spec.data import AugmentSpec

OFF = {name: 0 for name in AugmentSpec.model_fields if name not in {"pad_crop", "horizontal_flip"}}
PART = digits().parts["train"]
FOLDER = Source("/pets", "pets", ("cat", "dog"), {"train": PART}, None, 3)


def known(name: str) -> Source:
    part: Part = PART
    return catalogued(name, {"train": part})


@pytest.mark.parametrize(
    ("source", "size", "pad_crop", "horizontal_flip"),
    [
        (known("digits"), (8, 8), 1, 0.0),
        (known("mnist"), (28, 28), 2, 0.0),
        (known("kmnist"), (28, 28), 2, 0.0),
        (known("fashion-mnist"), (28, 28), 2, 0.5),
        (known("fashion-mnist"), (96, 96), 7, 0.5),
        (known("cifar10"), (32, 32), 2, 0.5),
        (known("svhn"), (32, 32), 2, 0.0),
        (known("stl10"), (96, 96), 6, 0.5),
        (FOLDER, (224, 160), 10, 0.5),
        (FOLDER, (2048, 2048), 64, 0.5),
    ],
)
def test_padding_is_a_share_of_the_size_and_flips_are_for_what_may_be_mirrored(
    source: Source, size: tuple[int, int], pad_crop: int, horizontal_flip: float
) -> None:
    resolved = suited(AugmentSpec(), source, size)
    assert resolved.model_dump() == {**OFF, "pad_crop": pad_crop, "horizontal_flip": horizontal_flip}


def test_one_kind_of_crop_is_enough() -> None:
    assert suited(AugmentSpec(random_resized_crop=0.35), FOLDER, (32, 32)).pad_crop == 0
    assert suited(AugmentSpec(random_resized_crop=0.35, pad_crop=3), FOLDER, (32, 32)).pad_crop == 3
    assert suited(AugmentSpec(random_resized_crop=0.0), FOLDER, (32, 32)).pad_crop == 2


def test_the_hue_follows_the_colour_jitter_and_rand_augment_has_two_operations() -> None:
    resolved = suited(AugmentSpec(color_jitter=0.4, rand_augment=9.0), FOLDER, (32, 32))
    assert (resolved.hue, resolved.rand_augment_ops) == (0.1, 2)
    given = suited(AugmentSpec(color_jitter=0.4, hue=0.0, rand_augment=9.0, rand_augment_ops=3), FOLDER, (32, 32))
    assert (given.hue, given.rand_augment_ops) == (0.0, 3)


def test_what_is_given_stays() -> None:
    wanted = AugmentSpec(pad_crop=0, horizontal_flip=0.25)
    resolved = suited(wanted, FOLDER, (32, 32))
    assert (resolved.pad_crop, resolved.horizontal_flip) == (0, 0.25)
    assert suited(resolved, FOLDER, (32, 32)) == resolved
