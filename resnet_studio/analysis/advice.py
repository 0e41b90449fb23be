"""What is odd about a design that can be built: each with its numbers, and the mend where there is one.

Every mend leaves a design that can be built and that has the same finding no more.
"""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from resnet_studio.analysis.advice_channels import norm_groups, odd_channels, widths
from resnet_studio.analysis.findings import Finding
from resnet_studio.analysis.layers import text
from resnet_studio.spec.network import NetworkSpec

if TYPE_CHECKING:
    from resnet_studio.analysis.network import Stage

SMALL_IMAGE = 64
"""Up to this side images lose too much in a stem made for 224x224."""
DROPOUT_NOISE = 0.25
"""Most relative deviation of a sum over features that dropout may cause."""


def advice(spec: NetworkSpec, stages: Sequence["Stage"]) -> Iterator[Finding]:
    """Yield what is odd about a design that can be built, given all its stages."""
    yield from _stem(spec, stages)
    yield from _resolution(spec, stages)
    yield from _zero_init(spec)
    yield from _dropout(spec, stages)
    yield from _without_effect(spec, stages)
    yield from norm_groups(spec, stages)
    yield from odd_channels(spec)
    yield from widths(spec)


# ---- resolution


def _stem(spec: NetworkSpec, stages: Sequence["Stage"]) -> Iterator[Finding]:
    _, high, wide = spec.input_shape
    stem = spec.stem
    if stem and stem.kernel_size >= 7 and stem.stride >= 2 and stem.pool and max(high, wide) <= SMALL_IMAGE:
        yield Finding(
            "warning",
            "network.stem.kernel_size",
            f"the stem shrinks {high}x{wide} images to {text(stages[0].output_shape[1:])} before the first stage",
            "A 7x7 stem with stride 2 and pool is made for 224x224 images; He et al. 2015 use 3x3 at 32x32.",
            "Use a 3x3 stem",
            {"network.stem.kernel_size": 3, "network.stem.stride": 1, "network.stem.pool": False},
        )


def _resolution(spec: NetworkSpec, stages: Sequence["Stage"]) -> Iterator[Finding]:
    """Yield a finding where stages before the last see a single position."""
    single = [stage for stage in stages if stage.number and stage.output_shape[1:] == (1, 1)]
    if not single or single[0].number == len(spec.block_sizes):
        return
    number = single[0].number or 1
    field, label, mend = f"network.strides.{number - 1}", "", {}
    if single[0].input_shape[1:] != (1, 1):
        label, mend = f"Set the stride of stage {number} to 1", {field: 1}
    elif spec.stem and spec.input_shape[1:] != (1, 1):
        field = "network.stem.stride"
        label, mend = "Keep the resolution in the stem", {field: 1, "network.stem.pool": False}
    yield Finding(
        "warning",
        field,
        f"stage {number} is already down to 1x1; the stages after it see no neighbours",
        "A 3x3 kernel at 1x1 meets padding everywhere but in its middle.",
        label,
        mend,
    )


# ---- what training would miss


def _zero_init(spec: NetworkSpec) -> Iterator[Finding]:
    """Yield a finding where blocks that start at zero let nothing through."""
    plain = spec.shortcut == "none"
    beside = spec.merge == "concat" and spec.activation == "relu"
    if spec.zero_init_residual and (plain or beside):
        yield Finding(
            "warning",
            "network.zero_init_residual",
            "without skip connections zero-init starts every block at zero: nothing comes through"
            if plain
            else "side by side zero-init starts every main path at zero, where the ReLU lets no gradient through",
            "Zero-init leaves the work to a shortcut that is added (Goyal et al. 2017); here no block would learn.",
            "Start with random weights",
            {"network.zero_init_residual": False},
        )


def _dropout(spec: NetworkSpec, stages: Sequence["Stage"]) -> Iterator[Finding]:
    """Yield a finding where dropout leaves so few features that the classifier's sums are mostly noise.

    Of F features with dropout p, a sum of equal parts deviates by sqrt(p / ((1 - p) F)) of itself.
    """
    if spec.num_classes is None or not spec.dropout:
        return
    features = next(layer for layer in stages[-1].own_layers if layer.kind == "linear").input_shape[0]
    noise = math.sqrt(spec.dropout / ((1 - spec.dropout) * features))
    if noise <= DROPOUT_NOISE + 1e-9:
        return
    most = features * DROPOUT_NOISE**2 / (1 + features * DROPOUT_NOISE**2)
    # in steps of 5 %, always down
    calmer = math.floor(most * 20) / 20
    left = features * (1 - spec.dropout)
    yield Finding(
        "warning",
        "network.dropout",
        f"dropout {100 * spec.dropout:g} % leaves {left:.1f} of {features} features on average",
        f"The classifier's sums vary by {100 * noise:.0f} % from draw to draw; up to 25 % is usual.",
        f"Use dropout {100 * calmer:g} %" if calmer else "Use no dropout",
        {"network.dropout": calmer},
    )


def _without_effect(spec: NetworkSpec, stages: Sequence["Stage"]) -> Iterator[Finding]:
    """Yield settings that change nothing."""
    if spec.drop_path and spec.shortcut == "none":
        yield Finding(
            "info",
            "network.drop_path",
            f"stochastic depth of {100 * spec.drop_path:g} % has no effect without skip connections",
            "A block without a shortcut can't be skipped.",
            "Set it to 0",
            {"network.drop_path": 0.0},
        )
    if spec.conv_bias and spec.norm == "batch" and not spec.preactivation:
        # behind each of those convolutions stands one norm, as wide
        redundant = sum(_norm_params(spec, stage) for stage in stages) // 2
        yield Finding(
            "info",
            "network.conv_bias",
            f"{redundant:,} biases before a norm are redundant",
            "Batch norm takes the mean off, and its own shift does what a bias would.",
            "Leave the biases out",
            {"network.conv_bias": False},
        )


def _norm_params(spec: NetworkSpec, stage: "Stage") -> int:
    """Return the parameters of the batch norms of a stage: a scale and a shift for each channel."""
    own = stage.own_layers if not spec.stem or spec.stem.norm in {None, "batch"} else ()
    count = sum(layer.params for layer in own if layer.kind == "norm")
    for group in stage.groups:
        count += group.count * sum(layer.params for layer in group.block.layers if layer.kind == "norm")
    return count
