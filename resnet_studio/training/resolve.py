"""What `auto` and null stand for on a device: from what it is made for and from shapes, never from a timing.

A rule that measured would choose otherwise on a busy day, and the same experiment would give another run.
"""

import math
from typing import Literal

from resnet_studio.analysis.network import analyse
from resnet_studio.analysis.optimizing import chosen_optimizer
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.device import Device

BF16_FROM = 2_000_000
"""Multiply-adds of an image from which on bf16 pays; below, casting costs what the faster products save.

Measured with channels last on two cores with avx512_bf16, images a second in training: 0.76 million (ResNet-8 at 8x8)
17,600 in bf16 and 16,700 in fp32; 2.5 million (ResNet-20 at 8x8) 7,200 and 6,300; 31 million (ResNet-20 at 28x28)
1,260 and 830; 333 million (ResNet-18 at 96x96) 139 and 90.
"""
_POINTS = 50
_MOST_STEPS_A_POINT = 50
_MOST_EVAL_IMAGES = 1024
_EVAL_PIXELS = {"cpu": 2**20, "mps": 2**22, "cuda": 2**25}


def resolved(experiment: ExperimentSpec, device: Device, train_images: int) -> ExperimentSpec:
    """Return the experiment with no question of `training` left open that decides about the run.

    Args:
        experiment: with a network that can be built.
        device: where it will train.
        train_images: number of training images.
    """
    training, network = experiment.training, experiment.network
    analysis = analyse(network)
    precision = training.precision
    if precision == "auto":
        precision = automatic_precision(device, analysis.mult_adds)
    channels_last = training.channels_last
    if channels_last is None:
        # oneDNN is faster that way in every format, tensor cores in the short ones
        channels_last = device.kind == "cpu" or (device.kind == "cuda" and precision != "fp32")
    changes = {
        "training.device": device.name,
        "training.optimizer": chosen_optimizer(analysis, training),
        "training.precision": precision,
        "training.channels_last": channels_last,
        "training.compile": automatic_compile(device) if training.compile == "auto" else training.compile,
        "training.log_every": training.log_every or log_every(_steps_per_epoch(training, train_images)),
        "training.eval_batch_size": training.eval_batch_size or eval_batch_size(network.input_shape, device.kind),
    }
    return with_values(experiment, changes)


def _steps_per_epoch(training: TrainingSpec, train_images: int) -> int:
    return train_images // (training.batch_size * training.accumulate)


def automatic_precision(device: Device, mult_adds: int) -> Literal["bf16", "fp32"]:
    """Return what `auto` stands for on a device, for a network of so many multiply-adds an image."""
    return "bf16" if device.bf16 and mult_adds >= BF16_FROM else "fp32"


def automatic_compile(device: Device) -> Literal["graph", "off"]:
    """Return what `auto` stands for on a device: CUDA graphs where there are any, which take a second to record.

    Compiling takes a minute or more, whatever comes of it: who trains for longer asks for it. On two cores it gained
    2 % in bf16 and lost 11 % in fp32 (ResNet-20 at 28x28).
    """
    return "graph" if device.graphs else "off"


def log_every(steps_per_epoch: int) -> int:
    """Return the steps from one point of the curves to the next: about fifty an epoch, at least every fiftieth."""
    return max(1, min(_MOST_STEPS_A_POINT, steps_per_epoch // _POINTS))


def eval_batch_size(input_shape: tuple[int, int, int], kind: str) -> int:
    """Return the largest power of two of images whose values a device of this kind computes well at once."""
    images = _EVAL_PIXELS[kind] // math.prod(input_shape)
    return min(_MOST_EVAL_IMAGES, 1 << max(0, images.bit_length() - 1))
