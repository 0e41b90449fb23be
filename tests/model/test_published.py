"""The ledger's figures of torchvision are those that the installed torchvision says of its weights."""

import pytest
from torchvision.models import get_model_weights

from resnet_studio.spec.presets import entry, presets
from resnet_studio.spec.published import TORCHVISION

OURS = [name for name, one in presets().items() if any(figure.source == TORCHVISION for figure in one.published)]


def said(name: str, quantity: str) -> list[float]:
    figures = entry(name).published
    return [one.value for one in figures if (one.source, one.quantity) == (TORCHVISION, quantity)]


@pytest.mark.parametrize("name", OURS)
def test_torchvision_says_the_same(name: str) -> None:
    weights = list(get_model_weights(name))
    assert said(name, "parameters") == [weights[0].meta["num_params"]]
    assert said(name, "mult_adds") == [pytest.approx(weights[0].meta["_ops"] * 1e9)]
    accuracies = [one.meta["_metrics"]["ImageNet-1K"]["acc@1"] for one in weights]
    assert said(name, "top1_accuracy") == accuracies


def test_all_of_torchvisions_are_there() -> None:
    assert len(OURS) == 10
