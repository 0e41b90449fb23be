"""The images of an experiment as batches: those that its network trains on, and those it is evaluated on."""

import torch

from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.images import ImageSet, Split
from resnet_studio.spec.experiment import ExperimentSpec


def train_batches(
    images: ImageSet, experiment: ExperimentSpec, device: torch.device, *, split: Split | None = None
) -> Batches:
    """Return what a network is trained on, image for image: `Batches.augmented` shows it.

    On the CPU the images stay where they are, so that this costs next to nothing, also where they are mapped from a
    file and more than the memory.

    Args:
        images: what `experiment.data` stands for.
        experiment: with its data resolved, as `ImageSet.spec` has them.
        device: where the batches are wanted.
        split: other images of the set, to be treated as those are; None: the training images.
    """
    data, training = experiment.data, experiment.training
    return Batches(
        images.train if split is None else split,
        mean=images.mean,
        std=images.std,
        device=device,
        channels_last=bool(training.channels_last),
        augment=data.augment,
        seed=training.seed,
        size=data.image_size,
        num_classes=images.num_classes,
        sampling=training.sampling,
    )


def eval_batches(images: ImageSet, experiment: ExperimentSpec, device: torch.device, split: Split) -> Batches:
    """Return the images of a split as an evaluation of the experiment takes them: as they are, in its size.

    Args:
        images: what `experiment.data` stands for.
        experiment: with its data resolved.
        device: where the batches are wanted.
        split: which of the images.
    """
    data, training = experiment.data, experiment.training
    return Batches(
        split,
        mean=images.mean,
        std=images.std,
        device=device,
        channels_last=bool(training.channels_last),
        size=data.eval_size or data.image_size,
    )
