"""Every network computes what its design says: the same weights through a second, plainly written forward pass.

The second one knows no modules: it reads the design and a dictionary of tensors, and calls torch's functions.
"""

import torch
from hypothesis import given
from torch import Tensor
from torch.nn.functional import conv2d, max_pool2d

from resnet_studio.model import build
from resnet_studio.spec.network import NetworkSpec

State = dict[str, Tensor]


def norm(spec: NetworkSpec, state: State, name: str, x: Tensor, kind: str | None = None) -> Tensor:
    kind = kind or spec.norm
    if kind == "none":
        return x
    weight, bias = state[f"{name}.weight"], state[f"{name}.bias"]
    if kind == "batch":
        mean, variance = state[f"{name}.running_mean"], state[f"{name}.running_var"]
        x = (x - mean.view(-1, 1, 1)) / (variance.view(-1, 1, 1) + spec.norm_eps).sqrt()
    else:
        count = max(n for n in range(1, spec.norm_groups + 1) if x.shape[1] % n == 0)
        grouped = x.reshape(x.shape[0], count, -1)
        mean, variance = grouped.mean(2, keepdim=True), grouped.var(2, keepdim=True, correction=0)
        x = ((grouped - mean) / (variance + spec.norm_eps).sqrt()).view_as(x)
    return x * weight.view(-1, 1, 1) + bias.view(-1, 1, 1)


def act(spec: NetworkSpec, x: Tensor) -> Tensor:
    if spec.activation == "relu":
        return x.clamp(min=0)
    if spec.activation == "leaky_relu":
        return torch.where(x > 0, x, 0.01 * x)
    if spec.activation == "gelu":
        return 0.5 * x * (1 + torch.erf(x / 2**0.5))
    return x / (1 + torch.exp(-x))


def conv(spec: NetworkSpec, state: State, name: str, x: Tensor, stride: int = 1, groups: int = 1) -> Tensor:
    weight = state[f"{name}.weight"]
    bias = state[f"{name}.bias"] if spec.conv_bias else None
    return conv2d(x, weight, bias, stride, weight.shape[-1] // 2, groups=groups)


def shortcut(spec: NetworkSpec, state: State, name: str, x: Tensor, channels: int, stride: int) -> Tensor:
    if f"{name}.downsample.0.weight" in state:
        x = conv(spec, state, f"{name}.downsample.0", x, stride)
        return norm(spec, state, f"{name}.downsample.1", x) if spec.shortcut_norm else x
    if spec.merge == "concat" or (stride == 1 and channels == x.shape[1]):
        return x
    assert spec.shortcut == "zero_pad"
    picked = x[..., ::stride, ::stride]
    wide = picked.new_zeros((x.shape[0], channels, *picked.shape[2:]))
    front = (channels - x.shape[1]) // 2
    wide[:, front : front + x.shape[1]] = picked
    return wide


def block(spec: NetworkSpec, state: State, name: str, x: Tensor, stride: int) -> Tensor:
    if spec.block_type == "basic":
        strides, groups = [stride, 1], [1, 1]
    else:
        strides = [stride, 1, 1] if spec.stride_on == "1x1" else [1, stride, 1]
        groups = [1, spec.groups, 1]
    y, raw, projects = x, x, f"{name}.downsample.0.weight" in state
    for number, (step, many) in enumerate(zip(strides, groups, strict=True), 1):
        if spec.preactivation:
            y = act(spec, norm(spec, state, f"{name}.bn{number}", y))
            # He et al. 2016: a projection starts from the pre-activated input
            raw = y if number == 1 and projects else raw
        y = conv(spec, state, f"{name}.conv{number}", y, step, many)
        if not spec.preactivation:
            y = norm(spec, state, f"{name}.bn{number}", y)
            y = act(spec, y) if number < len(strides) else y
    if spec.shortcut != "none":
        side = shortcut(spec, state, name, raw, y.shape[1], stride)
        y = torch.cat([y, side], 1) if spec.merge == "concat" else y + side
    return y if spec.preactivation else act(spec, y)


def forward(spec: NetworkSpec, state: State, x: Tensor) -> Tensor:
    if spec.stem:
        x = conv(spec, state, "conv1", x, spec.stem.stride)
        if not spec.preactivation:
            x = act(spec, norm(spec, state, "bn1", x, spec.stem.norm))
        x = max_pool2d(x, 3, 2, 1) if spec.stem.pool else x
    for stage, (blocks, stride) in enumerate(zip(spec.block_sizes, spec.strides, strict=True), 1):
        for number in range(blocks):
            x = block(spec, state, f"layer{stage}.{number}", x, stride if number == 0 else 1)
    if spec.num_classes is None:
        return x
    if spec.preactivation:
        x = act(spec, norm(spec, state, "norm_last", x))
    x = x.mean((2, 3)) if spec.head == "global_avg" else max_pool2d(x, 2).flatten(1)
    return x @ state["fc.weight"].T + state["fc.bias"]


@given(...)
def test_any_network_computes_what_its_design_says(network: NetworkSpec) -> None:
    model = build(network, seed=1).double().eval()
    generator = torch.Generator().manual_seed(2)
    for name, tensor in model.state_dict().items():
        if name.endswith(("running_mean", "running_var", ".bias")) or ".bn" in name:
            # norms away from where they start, so that leaving one out shows
            tensor.copy_(0.5 + torch.rand(tensor.shape, generator=generator, dtype=torch.float64))
    x = torch.randn((2, *network.input_shape), generator=generator, dtype=torch.float64)
    with torch.no_grad():
        expected = forward(network, model.state_dict(), x.clone())
        torch.testing.assert_close(model(x.clone()), expected, rtol=1e-9, atol=1e-9)


@given(...)
def test_a_network_leaves_its_images_as_they_are_and_learns(network: NetworkSpec) -> None:
    model = build(network, seed=1).train()
    x = torch.randn((4, *network.input_shape), generator=torch.Generator().manual_seed(2))
    before = x.clone()
    model(x).square().mean().backward()
    assert torch.equal(x, before)
    assert all(parameter.grad is not None for parameter in model.parameters())
