"""One residual block: the rows of its two paths, and where they meet."""

from dataclasses import dataclass, replace

from resnet_studio.analysis.layers import (
    Layer,
    Shape,
    Signal,
    activation,
    conv,
    norm,
    text,
    unchanged,
)
from resnet_studio.spec.network import NetworkSpec

ShortcutKind = str  # identity, projection, zero_pad or none


@dataclass(frozen=True)
class BlockPlan:
    """What one block is to do: its place does not matter, blocks with equal plans have equal rows."""

    channels: int
    stride: int


@dataclass(frozen=True)
class Block:
    """The rows of one block, with paths relative to it, and its two ends."""

    layers: tuple[Layer, ...]
    input: Signal
    output: Signal
    shortcut: ShortcutKind
    main_shape: Shape
    shortcut_shape: Shape | None


class PathsDisagree(Exception):
    """The main path and the shortcut end in shapes that can't be joined."""

    def __init__(self, layers: tuple[Layer, ...], main: Shape, shortcut: Shape) -> None:
        super().__init__(f"main path {text(main)}, shortcut {text(shortcut)}")
        self.layers, self.main, self.shortcut = layers, main, shortcut


def main_channels(spec: NetworkSpec, channels: int) -> int:
    """Return the channels at the end of the main path of a block whose stage has these base channels."""
    return channels * spec.expansion if spec.block_type == "bottleneck" else channels


def inner_width(spec: NetworkSpec, channels: int) -> int:
    """Return the width of a bottleneck's 3x3 convolution, as torchvision computes it (0: none is left)."""
    return int(channels * (spec.width_per_group / 64)) * spec.groups


def shortcut_kind(spec: NetworkSpec, before: int, plan: BlockPlan) -> ShortcutKind:
    """Return what the skip connection of a block is that has so many input channels."""
    if spec.shortcut == "none":
        return "none"
    if spec.merge == "concat":
        moves = plan.stride != 1
        if spec.shortcut == "identity" or not moves:
            return "identity"
        return "projection"
    changes = plan.stride != 1 or before != main_channels(spec, plan.channels)
    if spec.shortcut == "projection_all":
        return "projection"
    return spec.shortcut if changes else "identity"


def block(spec: NetworkSpec, signal: Signal, plan: BlockPlan) -> Block:
    """Return the rows of a block for what flows into it.

    Raises:
        PathsDisagree: the two paths end in different shapes.
        NoRoom: a kernel doesn't fit.
    """
    kind = shortcut_kind(spec, signal.shape[0], plan)
    main, end = _main_path(spec, signal, plan)
    side: list[Layer] = []
    beside: Signal | None = None if kind == "none" else signal
    if kind == "projection":
        side, beside = _projection(spec, signal, main_channels(spec, plan.channels), plan.stride)
    elif kind == "zero_pad":
        side, beside = _zero_pad(signal, main_channels(spec, plan.channels), plan.stride)
    layers = (*main, *side)
    output = _join(spec, layers, end, beside)
    if not spec.preactivation:
        layers = (*layers, activation(f"act{_convolutions(spec)}", output, spec.activation))
    return Block(layers, signal, output, kind, end.shape, beside.shape if beside else None)


def _convolutions(spec: NetworkSpec) -> int:
    return 3 if spec.block_type == "bottleneck" else 2


def _main_path(spec: NetworkSpec, signal: Signal, plan: BlockPlan) -> tuple[list[Layer], Signal]:
    """Return the rows of the main path up to the merge."""
    if spec.block_type == "bottleneck":
        width = inner_width(spec, plan.channels)
        early = spec.stride_on == "1x1"
        steps = [
            (width, 1, plan.stride if early else 1, 1),
            (width, 3, 1 if early else plan.stride, spec.groups),
            (plan.channels * spec.expansion, 1, 1, 1),
        ]
    else:
        steps = [(plan.channels, 3, plan.stride, 1), (plan.channels, 3, 1, 1)]
    rows: list[Layer] = []
    for number, (channels, kernel_size, stride, groups) in enumerate(steps, 1):
        if spec.preactivation:
            rows += norm(f"bn{number}", signal, spec.norm)
            rows.append(activation(f"act{number}", signal, spec.activation))
        if spec.block_dropout and number == len(steps):
            rows.append(unchanged("dropout", "dropout", signal))
        row, signal = conv(f"conv{number}", signal, channels, kernel_size, stride, groups, bias=spec.conv_bias)
        rows.append(row)
        if not spec.preactivation:
            rows += norm(f"bn{number}", signal, spec.norm)
            if number < len(steps):
                rows.append(activation(f"act{number}", signal, spec.activation))
    if spec.drop_path and spec.shortcut != "none":
        rows.append(unchanged("drop_path", "drop_path", signal))
    return rows, signal


def _projection(spec: NetworkSpec, signal: Signal, channels: int, stride: int) -> tuple[list[Layer], Signal]:
    row, end = conv("downsample.0", signal, channels, 1, stride, bias=spec.conv_bias)
    rows = [row]
    if spec.shortcut_norm:
        rows += norm("downsample.1", end, spec.norm)
    return [replace(row, branch="shortcut") for row in rows], end


def _zero_pad(signal: Signal, channels: int, stride: int) -> tuple[list[Layer], Signal]:
    before, high, wide = signal.shape
    # zeros can be added, channels can't be taken away
    shape = (max(before, channels), -(-high // stride), -(-wide // stride))
    row = Layer("downsample", "zero_pad", signal.shape, shape, stride=stride, branch="shortcut")
    return [replace(row, receptive_field=signal.view.size)], Signal(shape, signal.view.through(1, stride))


def _join(spec: NetworkSpec, layers: tuple[Layer, ...], main: Signal, side: Signal | None) -> Signal:
    """Return what leaves the merge of both paths."""
    if side is None:
        return main
    fits = main.shape[1:] == side.shape[1:] if spec.merge == "concat" else main.shape == side.shape
    if not fits:
        raise PathsDisagree(layers, main.shape, side.shape)
    if spec.merge == "concat":
        return Signal((main.shape[0] + side.shape[0], *main.shape[1:]), main.view)
    return main
