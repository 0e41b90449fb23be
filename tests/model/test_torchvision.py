"""torchvision's networks and ours are one: keys in the same order, shapes, weights both ways, outputs."""

import pytest
import torch
import torchvision

from resnet_studio.model import build
from resnet_studio.spec.presets import preset

NAMES = [
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
]


@pytest.mark.parametrize("name", NAMES)
def test_keys_and_shapes(name: str) -> None:
    with torch.device("meta"):
        theirs = getattr(torchvision.models, name)().state_dict()
    ours = build(preset(name), device="meta").state_dict()
    assert [(key, tensor.shape, tensor.dtype) for key, tensor in ours.items()] == [
        (key, tensor.shape, tensor.dtype) for key, tensor in theirs.items()
    ]


@pytest.mark.parametrize("name", ["resnet18", "resnet34", "resnet50", "resnext50_32x4d", "wide_resnet50_2"])
def test_weights_go_both_ways_and_outputs_are_equal(name: str) -> None:
    theirs = getattr(torchvision.models, name)().eval()
    ours = build(preset(name), seed=0).eval()
    x = torch.randn((2, 3, 64, 64), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        before = ours(x)
        ours.load_state_dict(theirs.state_dict(), strict=True)
        assert torch.equal(ours(x), theirs(x))
        theirs.load_state_dict(build(preset(name), seed=0).state_dict(), strict=True)
        assert torch.equal(theirs(x), before)


def test_a_training_step_is_the_same() -> None:
    theirs, ours = torchvision.models.resnet18(), build(preset("resnet18"))
    ours.load_state_dict(theirs.state_dict(), strict=True)
    x = torch.randn((2, 3, 64, 64), generator=torch.Generator().manual_seed(0))
    for model in (theirs, ours):
        model.train()(x.clone()).square().mean().backward()
    for (name, a), b in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad, msg=name)
