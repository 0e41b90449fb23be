"""Named recipes: what each one sets, and whence it comes."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """Values that a recipe gives to fields of `training` and `data` that are not given themselves."""

    meaning: str
    """Whence it comes, and in what it departs from there."""
    training: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    deep: dict[str, Any] = field(default_factory=dict)
    """What it gives to `training` besides where the network has `DEEP` weighted layers or more."""


_FROM_0_TO_1: dict[str, Any] = {"mean": (0.0,), "std": (1.0,)}
"""Pixels that are not normalised."""
_AS_THEY_ARE: dict[str, Any] = {"pad_crop": 0, "horizontal_flip": 0.0, "random_resized_crop": 0.0}
"""No random changes, whatever would suit the source."""
DEEP = 100
"""Weighted layers from which on a network is deep: of He et al.'s for CIFAR-10, 110 and 1202 are, 56 isn't."""


RECIPES: dict[str, Recipe] = {
    "studio": Recipe(
        "Ours: Muon (Jordan et al. 2024), or SGD where that would cost more than a quarter of the step, both with "
        "Nesterov's momentum; one cycle of the learning rate (Smith and Topin 2017).",
        {
            "epochs": 20,
            # small data sets lack steps: a thousand photographs, cifar_resnet20 at 64x64, 16 epochs: 45.7 % of the test
            # images, and 38.7 % with 128 at 0.2; no difference on CIFAR-10 (12 epochs: 88.1 to 88.6 and 88.2 to 88.3 %)
            # (these figures and those below with SGD)
            "batch_size": 64,
            # cifar_resnet20 on CIFAR-10 with Muon in 12 epochs: 89.7 and 90.1 %, with SGD 88.1 to 88.6; in 6, with a
            # draft of it, 87.8 and 85.4, and no difference with 0.3 of the rate, nor with a momentum of 0.95 and ten
            # times the decay. The photographs at 64x64, seed 0: 67.2 %, with SGD 53.0
            "optimizer": "auto",
            "learning_rate": 0.1,
            "momentum": 0.9,
            "nesterov": True,
            # with 128 at 0.2: 88.2 % with 5e-4 and with 1e-3
            "weight_decay": 5e-4,
            "schedule": "one_cycle",
            # with a rise of 15 % of the steps in place of 30 and half the crop: 88.2 % there, 87.4 % without these
            "label_smoothing": 0.1,
            # ResNet-18 on a thousand photographs in 160 steps: 54.6 % with it, 42.2 % without; no change where it
            # was well before (cifar_resnet20 on Fashion-MNIST, 2 epochs: 90.4 and 90.1 %)
            "gradient_clip": 2.0,
        },
    ),
    "d2l": Recipe(
        "Dive into Deep Learning, section 8.6: plain SGD, no momentum, decay or augmentation, pixels from 0 to 1, "
        "validated on the test images. Here the first weights are Kaiming's (there Xavier's), and the last, short "
        "batch of an epoch is left out.",
        {
            "epochs": 10,
            "batch_size": 128,
            "optimizer": "sgd",
            "learning_rate": 0.01,
            "momentum": 0.0,
            "weight_decay": 0.0,
            "schedule": "constant",
        },
        {
            "image_size": (96, 96),
            "validation": "test",
            **_FROM_0_TO_1,
            "augment": _AS_THEY_ARE,
        },
    ),
    "athena": Recipe(
        "Athena's ResNet program: Adam at 0.001, cross-entropy. It only builds its networks: 10 epochs, batches of 32 "
        "and pixels from 0 to 1 are those of its MNIST program. Here the first weights are Kaiming's.",
        {
            "epochs": 10,
            "batch_size": 32,
            "optimizer": "adam",
            "learning_rate": 0.001,
            "weight_decay": 0.0,
            "schedule": "constant",
        },
        {**_FROM_0_TO_1, "augment": _AS_THEY_ARE},
    ),
    "he_cifar": Recipe(
        "He et al. 2015, section 4.2: 0.1, divided by 10 after 32,000 and 48,000 of 64,000 steps of 128 images. Here "
        "each colour is normalised (there the mean of each pixel is taken off), images are mirrored in every other "
        "epoch (there at random), and networks of 100 layers or more are warmed up in a line for 400 steps (there at "
        "0.01, until the training error is below 80 %).",
        {
            # 45,000 training images at 128 a batch are 351 whole steps an epoch: 63,882, 31,941 and 48,087
            "epochs": 182,
            "batch_size": 128,
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "momentum": 0.9,
            "weight_decay": 1e-4,
            "decay_norm_and_bias": True,
            "schedule": "multi_step",
            "milestones": (91.0, 137.0),
            "gamma": 0.1,
        },
        {"augment": {"pad_crop": 4, "horizontal_flip": 0.5}},
        # "about 400 iterations" for 110 layers
        {"warmup_epochs": 1.14},
    ),
    "torchvision": Recipe(
        "torchvision's references, first weights: 90 epochs of 8 x 32 images a step, 0.1 divided by 10 every 30 "
        "epochs. Here images are evaluated whole (there the middle 224 of 256 pixels), normalised by their own colours "
        "and mirrored in every other epoch (there at random).",
        {
            "epochs": 90,
            "batch_size": 256,
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "momentum": 0.9,
            "weight_decay": 1e-4,
            "decay_norm_and_bias": True,
            "schedule": "step",
            "milestones": (30.0,),
            "gamma": 0.1,
        },
        {"augment": {"random_resized_crop": 0.08, "horizontal_flip": 0.5, "pad_crop": 0}},
    ),
    "torchvision_2021": Recipe(
        "torchvision's references, second weights, without repeated augmentation and its sizes of the images (176 in "
        "training, 224 of 232 in evaluation). Here biases don't decay, images are mirrored in every other epoch (there "
        "at random), the rate changes with each step and warms up from nothing (there with each epoch, from a "
        "hundredth), and the average takes in each step from the first one on (there each 32nd, after the warm-up).",
        {
            "epochs": 600,
            "batch_size": 1024,
            "optimizer": "sgd",
            "learning_rate": 0.5,
            "momentum": 0.9,
            # --norm-weight-decay 0; theirs decays biases, of which these networks have one
            "weight_decay": 2e-5,
            "schedule": "cosine",
            "warmup_epochs": 5.0,
            "label_smoothing": 0.1,
            # --model-ema-decay 0.99998 is not a step's: train.py multiplies 1 - decay by the batch size and the steps
            # between two updates, and divides it by the epochs; here the average takes in each step
            "ema_decay": 1 - 2e-5 * 1024 / 600,
        },
        {
            "augment": {
                "random_resized_crop": 0.08,
                "horizontal_flip": 0.5,
                "pad_crop": 0,
                "trivial_augment": 1.0,
                "random_erasing": 0.1,
                "mixup": 0.2,
                "cutmix": 1.0,
            }
        },
    ),
}
