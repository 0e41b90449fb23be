"""The random changes that suit a source, where the user leaves them open."""

from resnet_studio.data.catalogue.entries import Entry
from resnet_studio.data.sources.source import Source
from resnet_studio.spec.data import AugmentSpec

_MOST_PADDING = 64


def suited(wanted: AugmentSpec, source: Source | Entry, size: tuple[int, int]) -> AugmentSpec:
    """Return the augmentation with every null resolved.

    Null means: a padded crop in proportion to the image, unless a random resized crop moves it anyway; a horizontal
    flip where a mirror image means the same; a quarter of the colour jitter for the hue; two operations of RandAugment
    where that is on. The rest is off.

    Args:
        wanted: fields that are given stay.
        source: says which share of padding and which flips suit it.
        size: height and width that the images will have.
    """
    fitting = {
        "pad_crop": 0 if wanted.random_resized_crop else min(round(source.pad_crop * min(size)), _MOST_PADDING),
        "horizontal_flip": source.horizontal_flip,
        "hue": (wanted.color_jitter or 0.0) / 4,
        "rand_augment_ops": 2 if wanted.rand_augment else 0,
    }
    given = wanted.model_dump(exclude_none=True)
    off = dict.fromkeys(AugmentSpec.model_fields, 0)
    return AugmentSpec.model_validate(off | fitting | given)
