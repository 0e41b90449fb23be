"""What is odd about the channels of a design that can be built: their groups, widths and multiples."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from resnet_studio.analysis.blocks import inner_width
from resnet_studio.analysis.findings import Finding
from resnet_studio.analysis.layers import Shape, elements, text
from resnet_studio.spec.network import NetworkSpec

if TYPE_CHECKING:
    from resnet_studio.analysis.network import Stage

TENSOR_CORE = 8
"""Tensor cores work on multiples of so many channels."""


def norm_groups(spec: NetworkSpec, stages: Sequence["Stage"]) -> Iterator[Finding]:
    """Yield where group norms have other groups than were asked for, or groups of a single number."""
    if spec.norm != "group":
        return
    shapes = list(_normalised(spec, stages))
    common = math.gcd(*(shape[0] for _, shape in shapes))
    for name, shape in shapes:
        groups = _groups_used(spec.norm_groups, shape[0])
        if elements(shape) == groups:
            # at 1x1, fewer groups than channels leave two numbers or more in each
            fewer = _groups_used(min(spec.norm_groups, common - 1), common) if common > 1 else 0
            yield Finding(
                "warning",
                "network.norm_groups",
                f"{name}: {groups} norm groups on {text(shape)} leave one number in each, which becomes zero",
                "A single number less its mean is zero: nothing of the image comes through.",
                f"Use {fewer} norm groups" if fewer else "",
                {"network.norm_groups": fewer} if fewer else {},
            )
            return
    for name, shape in shapes:
        groups = _groups_used(spec.norm_groups, shape[0])
        if groups != spec.norm_groups:
            fitting = _groups_used(spec.norm_groups, common)
            yield Finding(
                "info",
                "network.norm_groups",
                f"{name}: {spec.norm_groups} norm groups don't divide {shape[0]} channels; {groups} are used there",
                "Each norm takes the largest divisor of its channels up to the number of groups.",
                f"Use {fitting} everywhere",
                {"network.norm_groups": fitting},
            )
            return


def _normalised(spec: NetworkSpec, stages: Sequence["Stage"]) -> Iterator[tuple[str, Shape]]:
    """Yield the shapes that group norms see, each with the place where it stands first."""
    own = spec.stem.norm if spec.stem else None
    for stage in stages:
        blocks = (layer for group in stage.groups for layer in group.block.layers)
        rows = () if stage.name == "stem" and own not in {None, "group"} else stage.own_layers
        for layer in (*rows, *blocks):
            if layer.kind == "norm":
                yield (f"stage {stage.number}" if stage.number else stage.name), layer.output_shape


def _groups_used(wanted: int, channels: int) -> int:
    """Return the largest divisor of the channels up to a number."""
    return next(groups for groups in range(min(wanted, channels), 0, -1) if channels % groups == 0)


# ---- channels


def odd_channels(spec: NetworkSpec) -> Iterator[Finding]:
    """Yield a finding where channels are no multiple of what tensor cores work on; a handful is none of theirs."""
    odd = sorted({number for number in spec.stage_channels if number % TENSOR_CORE and number > TENSOR_CORE})
    if odd:
        mend = _multiples(spec, TENSOR_CORE)
        yield Finding(
            "info",
            "network.channels",
            f"{', '.join(map(str, odd))} channels are no multiple of {TENSOR_CORE}",
            f"Tensor cores work on multiples of {TENSOR_CORE} channels.",
            f"Use multiples of {TENSOR_CORE}" if mend else "",
            mend,
        )


def _multiples(spec: NetworkSpec, step: int) -> dict[str, Any]:
    """Return the mend that moves channels to the nearest multiples; none where identities fix them."""
    if spec.shortcut == "identity":
        return {}
    # padding adds channels and takes none away: up, so that no stage falls below what flows into it
    nearest = _up if spec.shortcut == "zero_pad" else _nearest
    channels = spec.channels
    if isinstance(channels, int):
        return {"network.channels": nearest(channels, step)}
    return {"network.channels": tuple(nearest(number, step) for number in channels)}


def _up(number: int, step: int) -> int:
    return -(-number // step) * step


def _nearest(number: int, step: int) -> int:
    return max(step, (number + step // 2) // step * step)


def widths(spec: NetworkSpec) -> Iterator[Finding]:
    """Yield where a bottleneck's width is rounded, or a group is a single channel wide."""
    if spec.block_type != "bottleneck":
        return
    for number, channels in enumerate(spec.stage_channels, 1):
        width = channels * spec.width_per_group / 64
        if width != int(width):
            label, mend = _whole_width(spec)
            yield Finding(
                "info",
                "network.width_per_group",
                f"stage {number}: {channels} channels x {spec.width_per_group} / 64 are {width:g} a group, rounded "
                f"down to {int(width)}",
                "The width of a group is channels x width_per_group / 64, as torchvision computes it.",
                label,
                mend,
            )
            return
    for number, channels in enumerate(spec.stage_channels, 1):
        if spec.groups > 1 and inner_width(spec, channels) == spec.groups:
            yield Finding(
                "info",
                "network.groups",
                f"stage {number}: each of {spec.groups} groups is one channel wide",
                "Such a convolution is depthwise: it mixes no channels.",
            )
            return


def _whole_width(spec: NetworkSpec) -> tuple[str, dict[str, Any]]:
    """Return the smaller change that makes all widths whole: of the width per group, or of the channels."""
    wanted = math.lcm(*(64 // math.gcd(64, channels) for channels in spec.stage_channels))
    width = _nearest(spec.width_per_group, wanted)
    step = 64 // math.gcd(64, spec.width_per_group)
    mend = _multiples(spec, step)
    change = max(abs(_nearest(channels, step) / channels - 1) for channels in spec.stage_channels)
    if not mend or abs(width / spec.width_per_group - 1) <= change:
        return f"Set the width to {width}", {"network.width_per_group": width}
    return f"Use multiples of {step} channels", mend
