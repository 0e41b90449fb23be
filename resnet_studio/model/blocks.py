"""The residual block, readable: two paths and where they meet.

Modules are named as torchvision names them (conv1, bn1, downsample.0), so that state dicts go both ways.
"""

import torch
from torch import Tensor, nn

from resnet_studio.analysis.blocks import BlockPlan, inner_width, main_channels, shortcut_kind
from resnet_studio.spec.network import Activation, NetworkSpec, Norm


def norm_layer(spec: NetworkSpec, channels: int, kind: Norm | None = None) -> nn.Module:
    """Return the normalisation for so many channels; `nn.Identity` where there is none."""
    kind = kind or spec.norm
    if kind == "batch":
        return nn.BatchNorm2d(channels, eps=spec.norm_eps, momentum=spec.norm_momentum)
    if kind == "group":
        groups = next(n for n in range(min(spec.norm_groups, channels), 0, -1) if channels % n == 0)
        return GroupNorm(groups, channels, eps=spec.norm_eps)
    return nn.Identity()


def activation_layer(kind: Activation) -> nn.Module:
    """Return the nonlinearity; rectifiers work in place, which saves a tensor an activation."""
    layers: dict[str, nn.Module] = {
        "relu": nn.ReLU(inplace=True),
        "leaky_relu": nn.LeakyReLU(0.01, inplace=True),
        "gelu": nn.GELU(),
        "silu": nn.SiLU(),
    }
    return layers[kind]


class GroupNorm(nn.GroupNorm):
    """Group normalisation (Wu and He 2018) that takes a single image of a single position, too.

    torch refuses a lone image whose groups are one number each, and computes the same numbers in a batch of two.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (N, C, H, W) by the mean and variance of each image's groups of channels."""
        return torch.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)


class ZeroPad(nn.Module):
    """Shortcut A of He et al. 2015: every stride-th pixel, zero channels half in front and half behind.

    (N, C, H, W) becomes (N, channels, ceil(H / stride), ceil(W / stride)).
    """

    def __init__(self, before: int, channels: int, stride: int) -> None:
        super().__init__()
        missing = channels - before
        self.stride = stride
        self.front, self.back = missing // 2, missing - missing // 2

    def forward(self, x: Tensor) -> Tensor:
        """Pick pixels and add channels of zeros."""
        if x.is_contiguous(memory_format=torch.channels_last):
            # the gradient of a slice lies in memory in the order of its dimensions: so it lies as x does, or everything
            # that it meets would go through two layouts at once, on a CPU twenty times as slowly
            rows = x.permute(0, 2, 3, 1)[:, :: self.stride, :: self.stride]
            return nn.functional.pad(rows, (self.front, self.back)).permute(0, 3, 1, 2)
        x = x[:, :, :: self.stride, :: self.stride]
        return nn.functional.pad(x, (0, 0, 0, 0, self.front, self.back))


class DropPath(nn.Module):
    """Stochastic depth (Huang et al. 2016): drop the main path of an image, scale the kept ones up."""

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability

    def forward(self, x: Tensor) -> Tensor:
        """Drop whole images of a batch while training."""
        if not self.training or self.probability == 0:
            return x
        keep = 1 - self.probability
        return x * x.new_empty((x.shape[0], 1, 1, 1)).bernoulli_(keep).div_(keep)


class Block(nn.Module):
    """What basic and bottleneck blocks share: the shortcut, and where the two paths meet.

    `forward` takes (N, C, H, W) of `before` channels and returns `out_channels` channels at the stride's resolution.
    """

    bn1: nn.Module
    act1: nn.Module

    def __init__(self, spec: NetworkSpec, before: int, plan: BlockPlan, drop_path: float) -> None:
        super().__init__()
        self.preactivation = spec.preactivation
        self.kind = shortcut_kind(spec, before, plan)
        # the main path comes first, so that keys stand in torchvision's order
        self._make_main_path(spec, before, plan)
        channels = main_channels(spec, plan.channels)
        self.concat = spec.merge == "concat" and self.kind != "none"
        self.dropout = nn.Dropout(spec.block_dropout) if spec.block_dropout else nn.Identity()
        self.drop_path = DropPath(drop_path) if spec.drop_path and self.kind != "none" else nn.Identity()
        self.downsample: nn.Module = nn.Identity()
        if self.kind == "projection":
            self.downsample = nn.Sequential(nn.Conv2d(before, channels, 1, plan.stride, bias=spec.conv_bias))
            if spec.shortcut_norm and spec.norm != "none":
                self.downsample.append(norm_layer(spec, channels))
        elif self.kind == "zero_pad":
            self.downsample = ZeroPad(before, channels, plan.stride)
        beside = channels if self.kind == "projection" else before
        self.out_channels = channels + beside if self.concat else channels

    def forward(self, x: Tensor) -> Tensor:
        """Run both paths and merge them."""
        if not self.preactivation:
            return self.last_activation(self._merge(self.main_path(x), x))
        # norms make a new tensor, but without one a rectifier in place would change the identity path
        normed = self.bn1(x)
        first = self.act1(normed.clone() if normed is x else normed)
        # a projection starts from the pre-activated input, an identity from the raw one (He et al. 2016)
        return self._merge(self.main_path(first), first if self.kind == "projection" else x)

    def _make_main_path(self, spec: NetworkSpec, before: int, plan: BlockPlan) -> None:
        """Make conv1, bn1, act1 and so on."""
        raise NotImplementedError

    def main_path(self, x: Tensor) -> Tensor:
        """Run the convolutions, from the first convolution to the last norm (or convolution, pre-activated)."""
        raise NotImplementedError

    def last_activation(self, x: Tensor) -> Tensor:
        """Run the nonlinearity behind the merge of a post-activation block."""
        raise NotImplementedError

    def start_as_identity(self) -> None:
        """Make the main path zero at the start (Goyal et al. 2017), by its last norm or its last convolution."""
        layers = [self.get_submodule(name) for name in ("bn3", "conv3", "bn2", "conv2") if hasattr(self, name)]
        norms = (nn.BatchNorm2d, nn.GroupNorm)
        last = next(m for m in layers if isinstance(m, nn.Conv2d) or (isinstance(m, norms) and not self.preactivation))
        nn.init.zeros_(last.weight)
        if isinstance(last, nn.Conv2d) and last.bias is not None:
            nn.init.zeros_(last.bias)

    def _merge(self, main: Tensor, side: Tensor) -> Tensor:
        if self.kind == "none":
            return main
        main, side = self.drop_path(main), self.downsample(side)
        return torch.cat((main, side), 1) if self.concat else main + side


class BasicBlock(Block):
    """Two 3x3 convolutions (He et al. 2015, figure 5 left)."""

    def _make_main_path(self, spec: NetworkSpec, before: int, plan: BlockPlan) -> None:
        channels, bias = plan.channels, spec.conv_bias
        self.conv1 = nn.Conv2d(before, channels, 3, plan.stride, 1, bias=bias)
        self.bn1 = norm_layer(spec, before if spec.preactivation else channels)
        self.act1 = activation_layer(spec.activation)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=bias)
        self.bn2 = norm_layer(spec, channels)
        self.act2 = activation_layer(spec.activation)

    def main_path(self, x: Tensor) -> Tensor:
        """Run both convolutions."""
        if self.preactivation:
            x = self.act2(self.bn2(self.conv1(x)))
            return self.conv2(self.dropout(x))  # type: ignore[no-any-return]
        x = self.act1(self.bn1(self.conv1(x)))
        return self.bn2(self.conv2(self.dropout(x)))  # type: ignore[no-any-return]

    def last_activation(self, x: Tensor) -> Tensor:
        """Run the nonlinearity behind the merge."""
        return self.act2(x)  # type: ignore[no-any-return]


class Bottleneck(Block):
    """1x1, 3x3, 1x1 (He et al. 2015, figure 5 right); grouped it is ResNeXt's, with a wide middle a wide ResNet's."""

    def _make_main_path(self, spec: NetworkSpec, before: int, plan: BlockPlan) -> None:
        width, after, bias = inner_width(spec, plan.channels), plan.channels * spec.expansion, spec.conv_bias
        early, late = (plan.stride, 1) if spec.stride_on == "1x1" else (1, plan.stride)
        norms = (before, width, width) if spec.preactivation else (width, width, after)
        self.conv1 = nn.Conv2d(before, width, 1, early, bias=bias)
        self.bn1 = norm_layer(spec, norms[0])
        self.act1 = activation_layer(spec.activation)
        self.conv2 = nn.Conv2d(width, width, 3, late, 1, groups=spec.groups, bias=bias)
        self.bn2 = norm_layer(spec, norms[1])
        self.act2 = activation_layer(spec.activation)
        self.conv3 = nn.Conv2d(width, after, 1, bias=bias)
        self.bn3 = norm_layer(spec, norms[2])
        self.act3 = activation_layer(spec.activation)

    def main_path(self, x: Tensor) -> Tensor:
        """Run the three convolutions."""
        if self.preactivation:
            x = self.act2(self.bn2(self.conv1(x)))
            x = self.act3(self.bn3(self.conv2(x)))
            return self.conv3(self.dropout(x))  # type: ignore[no-any-return]
        x = self.act1(self.bn1(self.conv1(x)))
        x = self.act2(self.bn2(self.conv2(x)))
        return self.bn3(self.conv3(self.dropout(x)))  # type: ignore[no-any-return]

    def last_activation(self, x: Tensor) -> Tensor:
        """Run the nonlinearity behind the merge."""
        return self.act3(x)  # type: ignore[no-any-return]
