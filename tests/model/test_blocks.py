"""What a block does at the start of training and while it trains."""

import pytest
import torch
from torch import nn

from resnet_studio.model import ResNet, build
from resnet_studio.model.blocks import Block, DropPath, ZeroPad, norm_layer
from resnet_studio.spec.network import NetworkSpec

SMALL = {"input_shape": (3, 8, 8), "block_sizes": (3,), "channels": 8, "stem": {"kernel_size": 3, "stride": 1}}


def small(**more: object) -> ResNet:
    return build(NetworkSpec.model_validate(SMALL | more), seed=0)


def blocks(model: ResNet) -> list[Block]:
    return [module for module in model.modules() if isinstance(module, Block)]


@pytest.mark.parametrize("block_type", ["basic", "bottleneck"])
@pytest.mark.parametrize("norm", ["batch", "group", "none"])
@pytest.mark.parametrize("preactivation", [False, True])
def test_blocks_can_start_as_the_identity(block_type: str, norm: str, preactivation: bool) -> None:
    fields = {"block_type": block_type, "norm": norm, "preactivation": preactivation, "conv_bias": True}
    model = small(zero_init_residual=True, expansion=1, **fields)
    # what leaves a rectifier is positive, so that the last one changes nothing
    x = torch.rand((2, 8, 4, 4), generator=torch.Generator().manual_seed(0))
    for block in blocks(model):
        torch.testing.assert_close(block(x.clone()), x)
    plain_start = small(expansion=1, **fields)
    assert not torch.allclose(blocks(plain_start)[0](x.clone()), x)


def test_shortcut_a_takes_every_second_pixel_and_pads_in_front_and_behind() -> None:
    x = torch.arange(2 * 5 * 5, dtype=torch.float32).view(1, 2, 5, 5)
    y = ZeroPad(2, 5, 2)(x)
    assert y.shape == (1, 5, 3, 3)
    assert torch.equal(y[:, 1:3], x[:, :, ::2, ::2])
    assert not y[:, [0, 3, 4]].any()


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_shortcut_a_and_its_gradient_lie_in_memory_as_its_input_does(layout: torch.memory_format) -> None:
    pad = ZeroPad(4, 9, 2)
    values = torch.randn((2, 4, 5, 7), generator=torch.Generator().manual_seed(0))
    x = values.contiguous(memory_format=layout).requires_grad_()
    y = pad(x)
    assert y.is_contiguous(memory_format=layout)
    assert torch.equal(y, pad(values))
    steep = torch.randn_like(y)
    (gradient,) = torch.autograd.grad(y, x, steep)
    assert gradient.is_contiguous(memory_format=layout)
    wanted = torch.zeros_like(values)
    wanted[:, :, ::2, ::2] = steep[:, 2:6]
    assert torch.equal(gradient, wanted)


def test_drop_path_grows_linearly_with_depth() -> None:
    model = small(drop_path=0.3, block_sizes=(2, 3))
    probabilities = [block.drop_path.probability for block in blocks(model) if isinstance(block.drop_path, DropPath)]
    assert probabilities == pytest.approx([0.06, 0.12, 0.18, 0.24, 0.3])


def test_drop_path_drops_whole_images_and_keeps_the_mean() -> None:
    torch.manual_seed(0)
    layer, x = DropPath(0.25), torch.ones((4000, 3, 2, 2))
    y = layer(x).flatten(1)
    assert torch.equal(y.min(1).values, y.max(1).values)
    assert y[:, 0].unique().tolist() == pytest.approx([0, 4 / 3])
    assert float(y.mean()) == pytest.approx(1, abs=0.05)
    assert torch.equal(layer.eval()(x), x)


def test_a_plain_twin_drops_no_path() -> None:
    assert not [module for module in small(shortcut="none", drop_path=0.3).modules() if isinstance(module, DropPath)]


def test_dropout_stands_where_it_is_wanted() -> None:
    model = small(dropout=0.4, block_dropout=0.2)
    assert {path: module.p for path, module in model.named_modules() if isinstance(module, nn.Dropout)} == {
        "dropout": 0.4,
        "layer1.0.dropout": 0.2,
        "layer1.1.dropout": 0.2,
        "layer1.2.dropout": 0.2,
    }


@pytest.mark.parametrize(("channels", "wanted", "groups"), [(64, 32, 32), (48, 32, 24), (7, 3, 1), (6, 4, 3)])
def test_group_norm_takes_the_largest_divisor(channels: int, wanted: int, groups: int) -> None:
    layer = norm_layer(NetworkSpec(norm="group", norm_groups=wanted), channels)
    assert isinstance(layer, nn.GroupNorm)
    assert layer.num_groups == groups


def test_group_norm_takes_a_lone_image_of_one_position() -> None:
    layer = norm_layer(NetworkSpec(norm="group"), 4)
    x = torch.randn((2, 4, 1, 1), generator=torch.Generator().manual_seed(0))
    assert torch.equal(layer(x[:1]), layer(x)[:1])


def test_norms_take_their_numbers() -> None:
    layer = norm_layer(NetworkSpec(norm_eps=1e-3, norm_momentum=0.05), 4)
    assert isinstance(layer, nn.BatchNorm2d)
    assert (layer.eps, layer.momentum) == (1e-3, 0.05)
