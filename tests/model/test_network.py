"""The built module is what the table says it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from hypothesis import given
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from resnet_studio.analysis.network import analyse
from resnet_studio.model import build
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

SMALL_STEM = {"kernel_size": 3, "stride": 1, "pool": False}


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize("name", presets())
def test_a_preset_has_the_parameters_of_its_table(name: str) -> None:
    spec = preset(name)
    assert parameters(build(spec, device="meta")) == analyse(spec).params


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "resnext50_32x4d", "preact_resnet164", "d2l_resnext_block"])
def test_torch_counts_the_same_multiply_adds(name: str) -> None:
    spec = preset(name)
    model = build(spec, device="meta").eval()
    with FlopCounterMode(display=False) as counter:
        model(torch.empty((1, *spec.input_shape), device="meta"))
    # two operations make one multiply-add
    assert counter.get_total_flops() == 2 * analyse(spec).mult_adds


@given(...)
def test_any_network_costs_what_its_table_says(network: NetworkSpec) -> None:
    model, analysis = build(network, device="meta").eval(), analyse(network)
    kept: list[int] = []
    kinds = (nn.Conv2d, nn.BatchNorm2d, nn.GroupNorm, nn.MaxPool2d, nn.AdaptiveAvgPool2d, nn.Linear, nn.GELU, nn.SiLU)
    for module in model.modules():
        if isinstance(module, kinds):
            module.register_forward_hook(lambda _module, _inputs, output: kept.append(output.numel()))
    with FlopCounterMode(display=False) as counter:
        output = model(torch.empty((1, *network.input_shape), device="meta"))
    assert tuple(output.shape[1:]) == analysis.stages[-1].output_shape
    assert parameters(model) == analysis.params
    assert counter.get_total_flops() == 2 * analysis.mult_adds
    assert sum(kept) == analysis.activations


def seen_by_the_middle(spec: NetworkSpec) -> tuple[int, int]:
    """Return how high and wide the part of the image is that the middle of the features depends on."""
    model = build(spec, seed=0).eval()
    for parameter in model.parameters():
        # positive weights on positive pixels: no rectifier closes, and nothing cancels
        parameter.data.abs_().add_(1e-3)
    x = torch.rand((64, *spec.input_shape), generator=torch.Generator().manual_seed(1)).requires_grad_()
    features = model(x)
    features[:, :, features.shape[2] // 2, features.shape[3] // 2].sum().backward()
    assert x.grad is not None
    # of many images, because a max-pool passes the gradient to one pixel alone
    touched = x.grad.abs().sum((0, 1)) > 0
    high, wide = touched.any(1).nonzero(), touched.any(0).nonzero()
    return int(high.max() - high.min() + 1), int(wide.max() - wide.min() + 1)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"strides": (2, 1)},
        {"stem": {"kernel_size": 5, "stride": 2, "pool": True}},
        {"stem": None},
        {"shortcut": "none"},
        {"shortcut": "zero_pad"},
        {"merge": "concat"},
        {"block_type": "bottleneck"},
        {"block_type": "bottleneck", "stride_on": "1x1", "preactivation": True},
    ],
)
def test_the_receptive_field_is_what_the_gradient_reaches(more: dict[str, object]) -> None:
    fields = {
        "input_shape": (1, 81, 81),
        "num_classes": None,
        "block_sizes": (2, 1),
        "channels": (4, 8),
        "stem": SMALL_STEM,
    }
    spec = NetworkSpec.model_validate(fields | more)
    field = analyse(spec).stages[-1].receptive_field
    assert field is not None
    assert field < 81
    assert seen_by_the_middle(spec) == (field, field)


@contextmanager
def no_tensor_with_memory() -> Iterator[None]:
    class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own is untyped
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]  # the same
            result = func(*args, **(kwargs or {}))
            if isinstance(result, Tensor):
                assert result.device.type == "meta", func
            return result

    with Watch():  # type: ignore[no-untyped-call]  # the same
        yield


def test_resnet152_allocates_nothing_on_the_meta_device() -> None:
    with no_tensor_with_memory():
        model = build(preset("resnet152"), device="meta")
    assert all(tensor.is_meta for tensor in model.state_dict().values())


def test_one_seed_gives_the_same_weights_and_another_gives_others() -> None:
    spec = preset("digits_resnet8")
    first, again, other = (build(spec, seed=seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert not torch.equal(first["conv1.weight"], other["conv1.weight"])


def test_a_seed_leaves_torchs_own_state_alone() -> None:
    torch.manual_seed(7)
    before = torch.get_rng_state()
    build(preset("digits_resnet8"), seed=3)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_first_weights_are_he_et_al_2015() -> None:
    weight = build(preset("cifar_resnet20"), seed=0).get_parameter("layer3.2.conv2.weight")
    assert float(weight.detach().std()) == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.02)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"shortcut": "identity"}, "network can't be built: stage 2, block 1: main path 128x28x28, shortcut 64x56x56."),
        ({"groups": 2}, "network can't be built: basic blocks have no groups: groups 2, width_per_group 64."),
    ],
)
def test_what_cannot_be_built_is_refused(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(StudioError) as caught:
        build(NetworkSpec.model_validate(fields))
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "fields",
    [
        {"block_type": "bottleneck", "channels": 65_536, "block_sizes": (10_000,), "expansion": 64},
        {"input_shape": (3, 65_536, 65_536), "channels": 4096, "block_sizes": (1,), "stem": None},
    ],
)
def test_terabytes_are_refused_before_anything_is_built(fields: dict[str, object]) -> None:
    with no_tensor_with_memory(), pytest.raises(StudioError, match=r"network can't be built: .* TiB"):
        build(NetworkSpec.model_validate(fields))
