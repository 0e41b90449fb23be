"""What training begins with: the network with its first weights, and what each class counts."""

import torch
from torch import Tensor

from resnet_studio.data.images import ImageSet
from resnet_studio.model import ResNet, build
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training.loss import balanced_weights


def first_network(experiment: ExperimentSpec, device: torch.device) -> ResNet:
    """Return the network of an experiment, resolved, with the first weights of its seed, ready to train on a device."""
    model = build(experiment.network, device=device, seed=experiment.training.seed)
    if experiment.training.channels_last:
        model = model.to(memory_format=torch.channels_last)
    return model.train()


def class_weights(experiment: ExperimentSpec, images: ImageSet, device: torch.device) -> Tensor | None:
    """Return what each class counts in the loss of an experiment, float32 (classes,); None where all count the same."""
    if experiment.training.class_weights == "none":
        return None
    return balanced_weights(images.train.labels, images.num_classes, device)
