"""What training makes small."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy


def training_loss(
    logits: Tensor, labels: Tensor, class_weights: Tensor | None = None, label_smoothing: float = 0.0
) -> Tensor:
    """Return the mean cross-entropy an image, (), weighted by the images' classes where these have weights.

    A mixed image costs the sum over its two classes, each at its share (Zhang et al. 2017), and counts in the mean
    with the weights of both at their shares. torch's own mean over such labels leaves the weights out of the divisor.

    Args:
        logits: float32 (N, classes).
        labels: int64 (N,), or the share of each class in mixed images, float32 (N, classes).
        class_weights: float32 (classes,).
        label_smoothing: share of the label that all classes have in equal parts.
    """
    if not labels.is_floating_point():
        return cross_entropy(logits, labels, class_weights, label_smoothing=label_smoothing)
    if class_weights is None:
        return cross_entropy(logits, labels, label_smoothing=label_smoothing)
    total = cross_entropy(logits, labels, class_weights, reduction="sum", label_smoothing=label_smoothing)
    return total / (labels * class_weights).sum()


def counted(labels: Tensor, class_weights: Tensor) -> Tensor:
    """Return what the images of a batch count in its mean loss together, (): by what `training_loss` divides.

    Args:
        labels: int64 (N,), or the share of each class in mixed images, float32 (N, classes).
        class_weights: float32 (classes,).
    """
    weights = labels * class_weights if labels.is_floating_point() else class_weights[labels]
    return weights.sum()


def balanced_weights(labels: NDArray[np.int64], num_classes: int, device: torch.device) -> Tensor:
    """Return a weight for each class, inverse to its number of images; 1 on average over the images.

    Args:
        labels: classes of the training images, (N,).
        num_classes: number of classes; those without an image get a weight that nothing uses.
        device: where it is wanted.

    Returns:
        float32 (classes,).
    """
    counts = np.bincount(labels, minlength=num_classes)
    weights = len(labels) / (np.maximum(counts, 1) * np.count_nonzero(counts))
    return torch.tensor(weights, dtype=torch.float32, device=device)
