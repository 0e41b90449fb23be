"""The operations of both passes are what torch counts, where torch counts them right."""

import pytest
import torch
from hypothesis import assume, given
from torch.utils.flop_counter import FlopCounterMode

from resnet_studio.analysis.cost import backward_flops, forward_flops
from resnet_studio.analysis.network import analyse
from resnet_studio.model import build
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset


def counted(spec: NetworkSpec) -> tuple[int, int]:
    """Return torch's count of one image's forward and backward pass, which needs no gradient of the image."""
    model = build(spec, device="meta").eval()
    with FlopCounterMode(display=False) as forward:
        output = model(torch.empty((1, *spec.input_shape), device="meta"))
    with FlopCounterMode(display=False) as backward:
        output.sum().backward()
    return forward.get_total_flops(), backward.get_total_flops()


@given(...)
def test_torch_counts_the_same_in_both_passes(network: NetworkSpec) -> None:
    # torch miscounts the backward pass of grouped convolutions
    assume(network.groups == 1)
    analysis = analyse(network)
    assert counted(network) == (forward_flops(analysis), backward_flops(analysis))


@pytest.mark.parametrize(
    "name", ["resnet18", "resnet50", "preact_resnet164", "d2l_residual_block", "d2l_residual_block_down", "plain18"]
)
def test_presets(name: str) -> None:
    analysis = analyse(preset(name))
    assert counted(preset(name)) == (forward_flops(analysis), backward_flops(analysis))


@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("preactivation", [True, False])
@pytest.mark.parametrize("stride", [1, 2])
def test_without_a_stem_both_paths_may_read_the_image(norm: str, preactivation: bool, stride: int) -> None:
    fields = {"norm": norm, "preactivation": preactivation, "strides": (stride, 1), "channels": 4}
    spec = NetworkSpec.model_validate(fields | {"stem": None, "block_sizes": (1, 1), "input_shape": (3, 8, 8)})
    analysis = analyse(spec)
    assert counted(spec) == (forward_flops(analysis), backward_flops(analysis))


def test_three_times_forward_less_the_images_gradient() -> None:
    analysis = analyse(preset("resnext50_32x4d"))
    stem = next(analysis.layers())
    assert forward_flops(analysis) + backward_flops(analysis) == 3 * 2 * analysis.mult_adds - 2 * stem.mult_adds
