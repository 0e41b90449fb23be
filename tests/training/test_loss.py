"""The loss of mixed labels is the one that a loop over images and classes gives."""

import math

import pytest
import torch
from torch.nn.functional import cross_entropy, one_hot

from resnet_studio.training.loss import training_loss

RANDOM = torch.Generator().manual_seed(0)
LOGITS = torch.randn(6, 4, generator=RANDOM) * 2
LABELS = torch.tensor([0, 3, 1, 1, 2, 0])
OTHERS = torch.tensor([2, 3, 0, 1, 1, 3])
SHARES = torch.tensor([0.9, 0.3, 1.0, 0.25, 0.0, 0.5])
WEIGHTS = torch.tensor([0.5, 2.0, 1.5, 0.25])
MIXED = one_hot(LABELS, 4) * SHARES[:, None] + one_hot(OTHERS, 4) * (1 - SHARES[:, None])


def by_hand(weights: list[float], smoothing: float) -> float:
    """Each image: its two classes at their shares, smoothed; the mean counts an image with its classes' weights."""
    total = counted = 0.0
    for logits, label, other, share in zip(
        LOGITS.tolist(), LABELS.tolist(), OTHERS.tolist(), SHARES.tolist(), strict=True
    ):
        log_sum = math.log(sum(math.exp(value) for value in logits))
        for kind, part in ((label, share), (other, 1 - share)):
            total += part * (1 - smoothing) * weights[kind] * (log_sum - logits[kind])
            counted += part * weights[kind]
        total += sum(smoothing / 4 * weight * (log_sum - logit) for weight, logit in zip(weights, logits, strict=True))
    return total / counted


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_mixed_labels_cost_both_classes_at_their_shares(weights: torch.Tensor | None, smoothing: float) -> None:
    loss = training_loss(LOGITS, MIXED, weights, smoothing)
    expected = by_hand([1.0] * 4 if weights is None else weights.tolist(), smoothing)
    assert loss.item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_an_image_that_is_not_mixed_costs_what_its_label_does(weights: torch.Tensor | None, smoothing: float) -> None:
    plain = training_loss(LOGITS, LABELS, weights, smoothing)
    assert plain.item() == cross_entropy(LOGITS, LABELS, weights, label_smoothing=smoothing).item()
    pure = training_loss(LOGITS, one_hot(LABELS, 4).float(), weights, smoothing)
    assert pure.item() == pytest.approx(plain.item(), rel=1e-6)
