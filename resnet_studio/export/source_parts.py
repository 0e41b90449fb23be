"""The small parts of a readable module: norms, activations, convolutions, and the helpers that only some need."""

from dataclasses import dataclass
from functools import cached_property

from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis
from resnet_studio.export.source_text import call
from resnet_studio.spec.network import NetworkSpec, Norm


@dataclass(frozen=True)
class Design:
    """What the source of a design depends on: its specification, and what of it is really used."""

    analysis: Analysis

    @property
    def spec(self) -> NetworkSpec:
        """The specification."""
        return self.analysis.spec

    @cached_property
    def rows(self) -> tuple[Layer, ...]:
        """The rows outside of blocks, and those of one block of each group of equal ones."""
        stages = self.analysis.stages
        own = [row for stage in stages for row in stage.own_layers]
        return (*own, *(row for stage in stages for group in stage.groups for row in group.layers(group.first)))

    @cached_property
    def shortcuts(self) -> frozenset[str]:
        """What its blocks' skip connections are: identity, projection, zero_pad or none."""
        return frozenset(group.block.shortcut for stage in self.analysis.stages for group in stage.groups)

    @property
    def strided(self) -> bool:
        """Whether any stage has a stride."""
        return any(stride != 1 for stride in self.spec.strides)

    @property
    def drop_path(self) -> bool:
        """Whether the main path of a block can be dropped."""
        return bool(self.spec.drop_path) and "none" not in self.shortcuts

    @property
    def concat(self) -> bool:
        """Whether the two paths stand side by side."""
        return self.spec.merge == "concat" and "none" not in self.shortcuts

    @property
    def block(self) -> str:
        """Name of the block's class."""
        plain = "none" in self.shortcuts
        if self.spec.block_type == "bottleneck":
            return "PlainBottleneck" if plain else "Bottleneck"
        return "PlainBlock" if plain else "BasicBlock"

    @property
    def channels(self) -> list[str]:
        """What the block's channels are called: before it, inside a bottleneck, behind it."""
        return ["before", "width", "after"] if self.spec.block_type == "bottleneck" else ["before", "channels"]

    @property
    def stem_norm(self) -> Norm:
        """Normalisation of the stem; there is none without one, or where the blocks start with theirs."""
        if self.spec.stem is None or self.spec.preactivation:
            return "none"
        return self.spec.stem.norm or self.spec.norm

    # ---- expressions

    def norm(self, channels: str | int, kind: Norm | None = None) -> str:
        """Return what makes the normalisation of so many channels; not for the kind none."""
        kind = kind or self.spec.norm
        if self._norm_function(kind):
            return f"{kind}_norm({channels})"
        if kind == "batch":
            return f"nn.BatchNorm2d({channels})"
        return f"nn.GroupNorm({next(iter(self._group_counts))}, {channels})"

    def conv(
        self, before: str | int, after: str | int, side: int, stride: str | int, padding: int, groups: int = 1
    ) -> list[str]:
        """Return the arguments of a convolution."""
        arguments = [str(before), str(after), str(side)]
        arguments += [str(stride)] if stride != 1 else []
        arguments += [f"padding={padding}"] if padding else []
        arguments += [f"groups={groups}"] if groups != 1 else []
        return arguments if self.spec.conv_bias else [*arguments, "bias=False"]

    def activation(self, *, in_place: bool = True) -> str:
        """Return what makes the nonlinearity."""
        last = "inplace=True" if in_place else ""
        return {
            "relu": f"nn.ReLU({last})",
            "leaky_relu": f"nn.LeakyReLU(0.01{last and ', '}{last})",
            "gelu": "nn.GELU()",
            "silu": "nn.SiLU()",
        }[self.spec.activation]

    # ---- helpers of the module, each a list of lines

    def helpers(self) -> list[list[str]]:
        """Return the classes and functions that this design's block needs."""
        kinds: list[Norm] = [kind for kind in ("batch", "group") if kind in {self.stem_norm, self.spec.norm}]
        norms = [self._norm_function(kind) for kind in kinds]
        lone = [_LONE_GROUP_NORM.splitlines()] if self._lone_groups else []
        paths = [_ZERO_PAD.splitlines()] if "zero_pad" in self.shortcuts else []
        paths += [_DROP_PATH.splitlines()] if self.drop_path else []
        return [*lone, *(lines for lines in norms if lines), *paths]

    def _norm_function(self, kind: Norm) -> list[str]:
        """Return the function that makes a norm, or nothing where torch's own call says it all."""
        spec = self.spec
        eps = [f"eps={spec.norm_eps}"] if spec.norm_eps != 1e-5 else []
        if kind == "batch":
            own = eps + ([f"momentum={spec.norm_momentum}"] if spec.norm_momentum != 0.1 else [])
            if not own:
                return []
            return [
                "def batch_norm(channels: int) -> nn.BatchNorm2d:",
                '    """Batch normalisation (Ioffe and Szegedy 2015)."""',
                *call(4, "return nn.BatchNorm2d(", ["channels", *own]),
            ]
        if not eps and not self._lone_groups and len(self._group_counts) == 1:
            return []
        most = min(spec.norm_groups, max(row.output_shape[0] for row in self._group_rows))
        made = "GroupNorm" if self._lone_groups else "nn.GroupNorm"
        return [
            f"def group_norm(channels: int) -> {made}:",
            f'    """Group normalisation (Wu and He 2018) with up to {most:,} groups."""',
            f"    groups = max(n for n in range(1, {most + 1}) if channels % n == 0)",
            *call(4, f"return {made}(", ["groups", "channels", *eps]),
        ]

    @cached_property
    def _group_rows(self) -> tuple[Layer, ...]:
        """The rows with group normalisation."""
        norms = [row for row in self.rows if row.kind == "norm"]
        return tuple(row for row in norms if (self.stem_norm if row.path == "bn1" else self.spec.norm) == "group")

    @cached_property
    def _group_counts(self) -> frozenset[int]:
        return frozenset(self._groups(row) for row in self._group_rows)

    def _groups(self, row: Layer) -> int:
        channels = row.output_shape[0]
        return max(n for n in range(1, min(self.spec.norm_groups, channels) + 1) if channels % n == 0)

    @cached_property
    def _lone_groups(self) -> bool:
        """Whether a single image has groups of a single number, which torch refuses to normalise."""
        rows = self._group_rows
        return any(row.output_shape[1:] == (1, 1) and self._groups(row) == row.output_shape[0] for row in rows)


_LONE_GROUP_NORM = '''\
class GroupNorm(nn.GroupNorm):
    """Group normalisation that takes a single image of one number a group, too."""

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (N, C, H, W)."""
        return torch.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)'''

_ZERO_PAD = '''\
class ZeroPad(nn.Module):
    """Shortcut without weights: every stride-th pixel, the new channels are zeros."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.front = (after - before) // 2
        self.back = after - before - self.front

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, after, H / stride, W / stride)."""
        x = x[:, :, :: self.stride, :: self.stride]
        return nn.functional.pad(x, (0, 0, 0, 0, self.front, self.back))'''

_DROP_PATH = '''\
class DropPath(nn.Module):
    """Stochastic depth (Huang et al. 2016): drop whole images, scale the others up."""

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.keep = 1 - probability

    def forward(self, x: Tensor) -> Tensor:
        """Drop images of (N, C, H, W) while training."""
        if not self.training:
            return x
        kept = x.new_empty((x.shape[0], 1, 1, 1)).bernoulli_(self.keep)
        return x * kept.div_(self.keep)'''
