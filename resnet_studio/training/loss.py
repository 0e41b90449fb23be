"""What training makes small."""

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
