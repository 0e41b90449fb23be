"""What both sides of `bench data` do: the images, their random changes, their batches."""

import numpy as np

from resnet_studio.data.images import Images
from resnet_studio.spec.data import AugmentSpec

SMALL, SMALL_IMAGES, SMALL_BATCH = 32, 20_000, 128
"""Side, number and batch of the small images."""
SMALL_AUGMENT = AugmentSpec(pad_crop=4, horizontal_flip=0.5)
LARGE, LARGE_BATCH = 96, 64
"""Side in which the photographs are wanted, and their batch."""
LARGE_AUGMENT = AugmentSpec(pad_crop=0, random_resized_crop=0.25, horizontal_flip=0.5, color_jitter=0.4, hue=0.1)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def small_images() -> Images:
    """Return random images, uint8 (N, 32, 32, 3): what is in them makes no difference to the speed."""
    return np.random.default_rng(0).integers(0, 256, (SMALL_IMAGES, SMALL, SMALL, 3), dtype=np.uint8)
