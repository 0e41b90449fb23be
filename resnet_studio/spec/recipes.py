"""Named recipes: what each one sets, and whence it comes."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """Values that a recipe gives to fields of `training` and `data` that are not given themselves."""

    meaning: str
    training: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    deep: dict[str, Any] = field(default_factory=dict)
    """What it gives to `training` besides where the network has `DEEP` weighted layers or more."""


DEEP = 100
"""Weighted layers from which on a network is deep: of He et al.'s for CIFAR-10, 110 and 1202 are, 56 isn't."""


RECIPES: dict[str, Recipe] = {
    "studio": Recipe(
        "Ours: SGD with Nesterov's momentum, one cycle of the learning rate (Smith and Topin 2017).",
        {
            "epochs": 20,
            "batch_size": 128,
            "optimizer": "sgd",
            "learning_rate": 0.2,
            "momentum": 0.9,
            "nesterov": True,
            "weight_decay": 5e-4,
            "schedule": "one_cycle",
            # ResNet-18 on a thousand photographs in 160 steps: 54.6 % with it, 42.2 % without; no change where it
            # was well before (cifar_resnet20 on Fashion-MNIST, 2 epochs: 90.4 and 90.1 %)
            "gradient_clip": 2.0,
        },
    ),
    "d2l": Recipe(
        "Dive into Deep Learning, section 8.6: plain SGD, no decay, no augmentation, validated on the test images.",
        {
            "epochs": 10,
            "batch_size": 128,
            "optimizer": "sgd",
            "learning_rate": 0.01,
            # d2l doesn't normalise the images; before a first convolution with a bias and a norm it is the same design
            "momentum": 0.0,
            "weight_decay": 0.0,
            "schedule": "constant",
        },
        {
            "image_size": (96, 96),
            "validation": "test",
            "augment": {"pad_crop": 0, "horizontal_flip": 0.0, "random_resized_crop": 0.0},
        },
    ),
    "athena": Recipe(
        "Athena's example programs: Adam at 0.001, cross-entropy.",
        {
            "epochs": 10,
            "batch_size": 32,
            "optimizer": "adam",
            "learning_rate": 0.001,
            "weight_decay": 0.0,
            "schedule": "constant",
        },
        {"augment": {"pad_crop": 0, "horizontal_flip": 0.0, "random_resized_crop": 0.0}},
    ),
    "he_cifar": Recipe(
        "He et al. 2015, section 4.2: 0.1, divided by 10 after 32,000 and 48,000 of 64,000 steps of 128 images; "
        "networks of 100 layers or more are warmed up.",
        {
            # 45,000 training images at 128 a batch are 352 steps an epoch
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
        # "about 400 iterations", there at a constant 0.01 and for 110 layers; here the rate rises in a line
        {"warmup_epochs": 1.14},
    ),
    "torchvision": Recipe(
        "torchvision's references, first weights: 90 epochs, 0.1 divided by 10 every 30 epochs.",
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
        "torchvision's references, second weights, without repeated augmentation and its sizes of the images.",
        {
            "epochs": 600,
            "batch_size": 1024,
            "optimizer": "sgd",
            "learning_rate": 0.5,
            "momentum": 0.9,
            # --norm-weight-decay 0; theirs decays biases, of which these networks have one
            "weight_decay": 2e-5,
            # rate by rate at each step, where theirs changes once an epoch and warms up from a hundredth
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
