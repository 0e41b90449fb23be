import json
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from resnet_studio.spec.errors import StudioError
from resnet_studio.training.evaluate import Evaluation, evaluate

NAMES = ("ant", "bee", "cat")
TRUTH = torch.tensor([0, 0, 0, 1, 1, 2])
SAID = torch.tensor([0, 0, 1, 1, 2, 2])


class Oracle(nn.Module):
    """Says what it is shown: logits as images."""

    def forward(self, x: Tensor) -> Tensor:
        assert not self.training
        return x


def _batches(logits: Tensor, labels: Tensor, size: int = 4) -> Iterator[tuple[Tensor, Tensor]]:
    return iter([(logits[i : i + size], labels[i : i + size]) for i in range(0, len(labels), size)])


def _evaluated(logits: Tensor, labels: Tensor = TRUTH, names: tuple[str, ...] = NAMES) -> Evaluation:
    evaluation = evaluate(Oracle(), _batches(logits, labels), names, split="test", checkpoint="step-3")
    assert evaluation is not None
    return evaluation


def test_figures_of_a_small_example_by_hand() -> None:
    evaluation = _evaluated(4.0 * one_hot(SAID, 3))
    assert evaluation.accuracy == pytest.approx(4 / 6)
    assert evaluation.samples == 6
    rows = [(each.name, each.precision, each.recall, each.f1, each.samples) for each in evaluation.classes]
    assert rows == [
        ("ant", 1.0, pytest.approx(2 / 3), pytest.approx(0.8), 3),
        ("bee", 0.5, 0.5, 0.5, 2),
        ("cat", 0.5, 1.0, pytest.approx(2 / 3), 1),
    ]
    assert evaluation.confusion().tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert evaluation.predicted.tolist() == SAID.tolist()


def test_loss_is_the_mean_over_images_whatever_the_batches() -> None:
    logits = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    assert _evaluated(logits).loss == pytest.approx(cross_entropy(logits, TRUTH).item())


def test_a_class_that_nobody_has_or_names_counts_zero() -> None:
    evaluation = _evaluated(4.0 * one_hot(torch.zeros(6, dtype=torch.int64), 4), names=(*NAMES, "dog"))
    dog, bee = evaluation.classes[3], evaluation.classes[1]
    assert (dog.precision, dog.recall, dog.f1, dog.samples) == (0, 0, 0, 0)
    assert (bee.precision, bee.recall, bee.f1, bee.samples) == (0, 0, 0, 2)


def test_the_first_five_count() -> None:
    logits = torch.arange(8.0, 0.0, -1.0).repeat(8, 1)
    evaluation = _evaluated(logits, torch.arange(8), tuple("abcdefgh"))
    assert evaluation.accuracy == pytest.approx(1 / 8)
    assert evaluation.top5_accuracy == pytest.approx(5 / 8)


def test_fewer_than_five_classes_are_all_in_the_first_five() -> None:
    assert _evaluated(4.0 * one_hot(SAID, 3)).top5_accuracy == 1.0


def test_its_json_is_plain() -> None:
    content = json.loads(json.dumps(_evaluated(4.0 * one_hot(SAID, 3)).to_json()))
    keys = {"accuracy", "top5_accuracy", "loss", "samples", "split", "checkpoint", "classes", "notes"}
    assert content.keys() == keys
    assert content["classes"][0].keys() == {"name", "precision", "recall", "f1", "samples"}
    assert (content["split"], content["checkpoint"]) == ("test", "step-3")


def test_the_network_is_left_as_it_was() -> None:
    model = Oracle().train()
    evaluate(model, _batches(4.0 * one_hot(SAID, 3), TRUTH), NAMES)
    assert model.training
    evaluate(model.eval(), _batches(4.0 * one_hot(SAID, 3), TRUTH), NAMES)
    assert not model.training


def test_it_can_be_stopped_between_batches() -> None:
    asked = iter([False, True])
    model = Oracle().train()
    stopped = evaluate(model, _batches(4.0 * one_hot(SAID, 3), TRUTH), NAMES, should_stop=lambda: next(asked))
    assert stopped is None
    assert model.training


def test_outputs_that_are_not_finite_are_no_figures() -> None:
    logits = 4.0 * one_hot(SAID, 3)
    logits[5, 2] = torch.nan
    with pytest.raises(StudioError, match="outputs for the test images are not finite"):
        _evaluated(logits)


def test_many_random_images_agree_with_numpy() -> None:
    generator = torch.Generator().manual_seed(1)
    logits, labels = torch.randn(500, 7, generator=generator), torch.randint(0, 7, (500,), generator=generator)
    evaluation = _evaluated(logits, labels, tuple("abcdefg"))
    order = np.argsort(-logits.numpy(), axis=1)
    assert evaluation.accuracy == pytest.approx(np.mean(order[:, 0] == labels.numpy()))
    assert evaluation.top5_accuracy == pytest.approx(np.mean((order[:, :5] == labels.numpy()[:, None]).any(1)))
    assert evaluation.confusion().sum() == 500
    assert np.trace(evaluation.confusion()) == round(evaluation.accuracy * 500)
