"""The kinds of random changes of the training images: what each is called, and what it begins with."""

from dataclasses import dataclass
from typing import Literal

from resnet_studio.spec.data import DataSpec

Begins = Literal["as it is", "an eighth", "cutout"]

TINY = 32
"""Side up to which images are tiny: cutout takes half of such, as of CIFAR-10's, and a third of others, as of
STL-10's (DeVries and Taylor 2017, 4.1 and 4.3)."""


@dataclass(frozen=True)
class Second:
    """A second field of a kind, beside its strength."""

    field: str
    words: str
    """Its accessible name."""
    most: float
    before: str = ""
    after: str = ""
    step: float = 1
    whole: bool = False
    wide: int = 84
    """Pixels of the field."""


@dataclass(frozen=True)
class Kind:
    """One kind of change: its field, its name, its largest value and the value it begins with when switched on."""

    field: str
    words: str
    most: float
    usual: float
    unit: str = ""
    step: float = 0.05
    places: int = 2
    whole: bool = False
    by_source: bool = False
    """Whether it may be on where it is left open: that depends on the source (see `suited`)."""
    begins: Begins = "as it is"
    """How the first value follows from the size of the images."""
    second: Second | None = None

    def first_value(self, found: DataSpec | None) -> float:
        """Return the value to begin with for the data as they were loaded; None: they are not there yet."""
        side = min(found.image_size) if found is not None and found.image_size is not None else None
        if side is None or self.begins == "as it is":
            return self.usual
        if self.begins == "an eighth":
            # 4 of 32 pixels (He et al. 2015, 4.2)
            return max(1, min(round(side / 8), int(self.most)))
        return max(1, round(side / 2 if side <= TINY else side / 3))


@dataclass(frozen=True)
class Group:
    """Kinds that change the same about an image."""

    name: str
    kinds: tuple[Kind, ...]
    folded: bool = False
    """At first, where none of them is on."""


GROUPS = (
    Group(
        "crop and flip",
        (
            Kind("pad_crop", "padding-crop", 64, 4, " px", whole=True, by_source=True, begins="an eighth"),
            Kind("random_resized_crop", "random resized crop", 1, 0.35),
            Kind("horizontal_flip", "horizontal flip", 1, 0.5, by_source=True),
        ),
    ),
    Group(
        "affine",
        (
            Kind("rotation", "rotation", 180, 10, "°", 1, 0),
            Kind("translation", "translation", 1, 0.1),
            Kind("zoom", "zoom", 0.9, 0.1),
            Kind("shear", "shear", 60, 10, "°", 1, 0),
        ),
        folded=True,
    ),
    Group(
        "colour",
        (
            Kind(
                "color_jitter",
                "colour jitter",
                1,
                0.2,
                second=Second("hue", "hue of the colour jitter", 0.5, before="hue ", step=0.01, wide=101),
            ),
        ),
    ),
    Group(
        "erasing",
        (
            Kind("random_erasing", "random erasing", 1, 0.25),
            Kind("cutout", "cutout", 4096, 16, " px", whole=True, begins="cutout"),
        ),
    ),
    Group(
        "policies",
        (
            Kind("trivial_augment", "TrivialAugment", 1, 1),
            Kind(
                "rand_augment",
                "RandAugment",
                30,
                9,
                step=1,
                places=0,
                second=Second("rand_augment_ops", "operations of RandAugment", 14, after=" ops", whole=True),
            ),
        ),
        folded=True,
    ),
    Group("mixing", (Kind("mixup", "mixup", 10, 0.2), Kind("cutmix", "cutmix", 10, 1)), folded=True),
)
"""All kinds, in the order of the panel."""

KINDS = tuple(kind for group in GROUPS for kind in group.kinds)


def implied(second: Second, strength: float) -> float:
    """Return what a second field is while it is left open: a quarter of the jitter, two operations (see `suited`)."""
    if not strength:
        return 0
    return 2 if second.whole else round(strength / 4, 4)
