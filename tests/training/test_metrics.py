import json

import torch

from resnet_studio.training.metrics import Metrics

LOGITS = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 1.0]])
LABELS = torch.tensor([0, 1, 1])


def _metrics() -> Metrics:
    return Metrics(torch.device("cpu"))


def test_sums_are_over_images() -> None:
    metrics = _metrics()
    metrics.add(torch.tensor(0.5), LOGITS, LABELS)
    metrics.add(torch.tensor(2.0), LOGITS[:1], LABELS[:1])
    sums = metrics.read()
    assert (sums.images, sums.correct, sums.mean_loss, sums.accuracy) == (4, 3, 3.5 / 4, 0.75)


def test_of_mixed_images_the_larger_class_counts_as_right() -> None:
    metrics = _metrics()
    metrics.add(torch.tensor(0.5), LOGITS, torch.tensor([[0.7, 0.3], [0.6, 0.4], [1.0, 0.0]]))
    assert metrics.read().correct == 2


def test_reading_begins_anew_and_counts_into_the_epoch() -> None:
    metrics = _metrics()
    for loss in (0.25, 0.75):
        metrics.add(torch.tensor(loss), LOGITS, LABELS)
        assert metrics.read().mean_loss == loss
    assert metrics.images == 0
    assert (metrics.epoch.images, metrics.epoch.correct, metrics.epoch.mean_loss) == (6, 4, 0.5)


def test_its_state_goes_on_to_the_last_bit() -> None:
    losses = torch.rand(20, generator=torch.Generator().manual_seed(0))
    one, other = _metrics(), _metrics()
    for loss in losses:
        one.add(loss, LOGITS, LABELS)
    for loss in losses[:7]:
        other.add(loss, LOGITS, LABELS)
    restored = _metrics()
    restored.restore(json.loads(json.dumps(other.state())))
    for loss in losses[7:]:
        restored.add(loss, LOGITS, LABELS)
    assert restored.read() == one.read()
    assert restored.epoch == one.epoch
