"""The images that are wanted, and how they are prepared."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from resnet_studio.spec.base import Spec

Resize = Literal["fill", "pad", "stretch"]
Probability = Annotated[float, Field(strict=True, ge=0, le=1)]
Strength = Annotated[float, Field(strict=True, ge=0, le=10)]
Side = Annotated[int, Field(strict=True, ge=4, le=4096)]

CATALOGUE = ("digits", "mnist", "fashion-mnist", "kmnist", "cifar10", "cifar100", "svhn", "stl10", "flowers102")
"""Data sets known by name; anything else is the path of a folder or of an `.npz` file."""
PHOTOGRAPHS = ("flowers102",)
"""Those of them whose images differ in size."""
IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
"""Of ImageNet's training images, red, green and blue, as torchvision's weights expect it."""


class AugmentSpec(Spec):
    """Random changes of the training images, drawn for each image; null: what suits the source, 0: off."""

    pad_crop: Annotated[int, Field(strict=True, ge=0, le=64)] | None = None
    """Pixels of zero padding on each side before a crop of the original size at a random place (He et al. 2015)."""
    random_resized_crop: Probability | None = None
    """Smallest share of the area that a random crop, resized to the full size, keeps; 0: off (Szegedy et al. 2014)."""
    horizontal_flip: Probability | None = None
    """Share of the epochs, evenly spread, in which an image is mirrored left to right; 0.5: in turn (Jordan 2024)."""
    rotation: Annotated[float, Field(strict=True, ge=0, le=180)] | None = None
    """Largest rotation to either side in degrees."""
    translation: Probability | None = None
    """Largest shift to every side, as a share of the image's height and width."""
    zoom: Annotated[float, Field(strict=True, ge=0, le=0.9)] | None = None
    """Largest relative change of the size of what is shown."""
    shear: Annotated[float, Field(strict=True, ge=0, le=60)] | None = None
    """Largest angle to either side by which upright lines lean, in degrees."""
    color_jitter: Annotated[float, Field(strict=True, ge=0, le=1)] | None = None
    """Largest relative change of brightness, contrast and saturation."""
    hue: Annotated[float, Field(strict=True, ge=0, le=0.5)] | None = None
    """Largest turn of the hue, as a share of the colour circle; null: a quarter of the jitter (Chen et al. 2020)."""
    random_erasing: Probability | None = None
    """Probability that a rectangle of the image is erased (Zhong et al. 2017)."""
    cutout: Annotated[int, Field(strict=True, ge=0, le=4096)] | None = None
    """Side of a square that is erased around a random pixel, in pixels (DeVries and Taylor 2017); 0: off."""
    trivial_augment: Probability | None = None
    """TrivialAugment, one random operation an image: share of its wide magnitudes (Mueller and Hutter 2021); 0: off."""
    rand_augment: Annotated[float, Field(strict=True, ge=0, le=30)] | None = None
    """Magnitude of RandAugment's random operations (Cubuk et al. 2019), of 30; 0: off."""
    rand_augment_ops: Annotated[int, Field(strict=True, ge=0, le=14)] | None = None
    """Number of RandAugment's operations an image; null: two."""
    mixup: Strength | None = None
    """Alpha of the Beta distribution from which two images' mixture is drawn (Zhang et al. 2017); 0: off."""
    cutmix: Strength | None = None
    """Alpha of the Beta distribution of the area pasted from a second image (Yun et al. 2019); 0: off."""


class DataSpec(Spec):
    """A source of labelled images and how they become arrays of one size."""

    source: Annotated[str, Field(strict=True, min_length=1, max_length=4096)] = "digits"
    """A name of the catalogue, a folder of images, or an .npz file in MedMNIST's layout."""
    root: Annotated[str, Field(strict=True, min_length=1, max_length=4096)] | None = None
    """Folder in which torchvision keeps its data sets; null: the studio's own."""
    image_size: tuple[Side, Side] | None = None
    """Height and width of the images; null: the source's, or the network's where the images differ in size."""
    channels: Literal[1, 3] | None = None
    """1 for grey, 3 for colour images; null: the source's own."""
    resize: Resize = "fill"
    """How an image of another shape becomes one of this size: cropped, padded or stretched."""
    validation: Literal["auto", "test"] | Annotated[float, Field(strict=True, gt=0, lt=1)] = "auto"
    """Validation images: the source's own split, else a tenth of the training images; a fraction; or the test ones."""
    split_seed: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 0
    """Seed of the random, stratified split."""
    mean: tuple[Annotated[float, Field(strict=True, ge=0, le=1)], ...] | None = None
    """Mean of each channel, 0 to 1, or one of all; null: measured on the training images, imagenet: ImageNet's."""
    std: tuple[Annotated[float, Field(strict=True, gt=0, le=1)], ...] | None = None
    """Standard deviation, as the mean; 0 and 1 leave the pixels as they are."""
    eval_size: tuple[Side, Side] | None = None
    """Height and width of the images at evaluation; null: the same as in training."""
    augment: AugmentSpec = AugmentSpec()
    """Random changes of the training images."""

    @field_validator("mean", "std", mode="before")
    @classmethod
    def _named(cls, given: Any, field: ValidationInfo) -> Any:
        return IMAGENET[str(field.field_name)] if given == "imagenet" else given
