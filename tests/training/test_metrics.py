import json

import torch

from resnet_studio.training.metrics import Metrics

LOGITS = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 1.0]])
LABELS = torch.tensor([0, 1, 1])


def _metrics() -> Metrics:
    return Metrics(torch.device("cpu"))


def _add(metrics: Metrics, loss: torch.Tensor, logits: torch.Tensor = LOGITS, labels: torch.Tensor = LABELS) -> None:
    metrics.add(loss, logits, labels)
    metrics.images += len(labels)


def test_sums_are_over_images() -> None:
    metrics = _metrics()
    _add(metrics, torch.tensor(0.5))
    _add(metrics, torch.tensor(2.0), LOGITS[:1], LABELS[:1])
    sums = metrics.read()
    assert (sums.images, sums.correct, sums.mean_loss, sums.accuracy) == (4, 3, 3.5 / 4, 0.75)


def test_of_mixed_images_the_larger_class_counts_as_right() -> None:
    metrics = _metrics()
    _add(metrics, torch.tensor(0.5), LOGITS, torch.tensor([[0.7, 0.3], [0.6, 0.4], [1.0, 0.0]]))
    assert metrics.read().correct == 2


def test_reading_begins_anew_and_counts_into_the_epoch() -> None:
    metrics = _metrics()
    for loss in (0.25, 0.75):
        _add(metrics, torch.tensor(loss))
        assert metrics.read().mean_loss == loss
    assert metrics.images == 0
    assert (metrics.epoch.images, metrics.epoch.correct, metrics.epoch.mean_loss) == (6, 4, 0.5)


def test_its_state_goes_on_to_the_last_bit() -> None:
    losses = torch.rand(20, generator=torch.Generator().manual_seed(0))
    one, other = _metrics(), _metrics()
    for loss in losses:
        _add(one, loss)
    for loss in losses[:7]:
        _add(other, loss)
    restored = _metrics()
    restored.restore(json.loads(json.dumps(other.state())))
    for loss in losses[7:]:
        _add(restored, loss)
    assert restored.read() == one.read()
    assert restored.epoch == one.epoch
