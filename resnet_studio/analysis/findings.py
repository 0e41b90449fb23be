"""What is wrong with a design, or odd about it, in plain words, with the mend where there is one."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from resnet_studio.analysis.blocks import BlockPlan, main_channels
from resnet_studio.analysis.cost import GIB, activation_bytes, training_state_bytes
from resnet_studio.analysis.layers import Shape, text
from resnet_studio.spec.network import NetworkSpec

Severity = Literal["error", "warning", "info"]

MEMORY_LIMIT = 1024 * GIB
"""A design whose weights, or whose activations for a single image, need more than 1 TiB is refused unbuilt."""


@dataclass(frozen=True)
class Finding:
    """One thing to know about a design.

    Attributes:
        severity: an error keeps the design from being built.
        field: dotted path of the field to look at.
        message: one sentence with the shapes or numbers that disagree.
        detail: why that is so.
        mend_label: the words of the button that mends it; empty where there is no mend.
        mend: dotted paths and values that mend it.
    """

    severity: Severity
    field: str
    message: str
    detail: str = ""
    mend_label: str = ""
    mend: dict[str, Any] = dataclasses.field(default_factory=dict)


def paths_disagree(spec: NetworkSpec, message: str, before: Shape, plan: BlockPlan) -> Finding:
    """Return the finding for a block whose two paths end in different shapes."""
    after = main_channels(spec, plan.channels)
    changes = []
    if plan.stride != 1:
        changes.append(f"stride {plan.stride}")
    if before[0] != after:
        changes.append(f"{before[0]} to {after} channels")
    change = " and ".join(changes)
    if spec.shortcut == "zero_pad":
        why = f"Zero-padding adds channels and can't take any away, but {change} change the main path."
    else:
        why = f"An identity shortcut adds its input unchanged; {change} change the main path."
    return Finding(
        "error", "network.shortcut", message, why, "Use projections there", {"network.shortcut": "projection"}
    )


def absurd_size(params: int, activations: int) -> Finding | None:
    """Return an error where a design needs terabytes, else None."""
    state, kept = training_state_bytes(params), activation_bytes(activations, 1, "fp32")
    if state > MEMORY_LIMIT:
        need = f"{params:,} parameters need {state / GIB / 1024:,.1f} TiB for weights, gradients and momentum"
        return Finding("error", "network.channels", need, "Give fewer channels or blocks; 1 TiB is the limit.")
    if kept > MEMORY_LIMIT:
        need = f"the activations of one image need {kept / GIB / 1024:,.1f} TiB"
        return Finding(
            "error", "network.input_shape", need, "Give a smaller input or fewer channels; 1 TiB is the limit."
        )
    return None


def advice(spec: NetworkSpec, shapes: Sequence[tuple[str, Shape]]) -> Iterator[Finding]:
    """Yield what is odd about a design that can be built; `shapes` are the outputs of its stages by name."""
    _, high, wide = spec.input_shape
    stem = spec.stem
    if stem and stem.kernel_size >= 7 and stem.stride >= 2 and stem.pool and max(high, wide) <= 64:
        yield Finding(
            "warning",
            "network.stem.kernel_size",
            f"the stem shrinks {high}x{wide} images to {'x'.join(map(str, shapes[0][1][1:]))} before the first stage",
            "A 7x7 stem with stride 2 and pool is made for 224x224 images; He et al. 2015 use 3x3 at 32x32.",
            "Use a 3x3 stem",
            {"network.stem.kernel_size": 3, "network.stem.stride": 1, "network.stem.pool": False},
        )
    single = [name for name, shape in shapes if name.startswith("stage") and shape[1:] == (1, 1)]
    last = f"stage{len(spec.block_sizes)}"
    if single and single[0] != last:
        yield Finding(
            "warning",
            f"network.strides.{int(single[0].removeprefix('stage'))}",
            f"stage {single[0].removeprefix('stage')} is already down to 1x1; the stages after it see no neighbours",
            "A 3x3 kernel at 1x1 meets padding everywhere but in its middle.",
        )
    odd = sorted({channels for channels in spec.stage_channels if channels % 8})
    if odd:
        yield Finding(
            "info",
            "network.channels",
            f"{', '.join(map(str, odd))} channels are no multiple of 8",
            "Tensor cores work on multiples of 8 channels.",
        )


def data_mismatch(spec: NetworkSpec, image_shape: Shape, num_classes: int, title: str) -> Finding | None:
    """Return how the network does not fit the data (images of C, H, W), with the mend, or None where it fits."""
    if spec.num_classes is None:
        return Finding(
            "error",
            "network.num_classes",
            f"the network has no head, but {title} has {num_classes} classes",
            "A network without classes can't be trained on labels.",
            f"Set classes to {num_classes}",
            {"network.num_classes": num_classes},
        )
    changes: dict[str, Any] = {}
    words = []
    if spec.input_shape != image_shape:
        changes["network.input_shape"] = image_shape
        words.append(f"{text(spec.input_shape)} input, but {title} has images of {text(image_shape)}")
    if spec.num_classes != num_classes:
        changes["network.num_classes"] = num_classes
        words.append(f"{spec.num_classes:,} classes, but {title} has {num_classes:,}")
    if not changes:
        return None
    label = (
        f"Set classes to {num_classes}" if len(changes) == 1 and spec.input_shape == image_shape else "Match the data"
    )
    place = "network.num_classes" if spec.input_shape == image_shape else "network.input_shape"
    return Finding("warning", place, "; ".join(words), "", label, changes)
