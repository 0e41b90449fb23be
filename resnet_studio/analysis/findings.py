"""What is wrong with a design, or odd about it, in plain words, with the mend where there is one."""

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from resnet_studio.analysis.blocks import BlockPlan, main_channels
from resnet_studio.analysis.cost import GIB, activation_bytes, moments, training_bytes, training_state_bytes
from resnet_studio.analysis.layers import Shape, text
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.training import TrainingSpec

if TYPE_CHECKING:
    from resnet_studio.analysis.network import Analysis

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


def beyond_memory(
    analysis: "Analysis", training: TrainingSpec, device: str, memory: int, *, precision: str = ""
) -> Finding | None:
    """Return how training would not fit into a device, with the largest batch size that does, or None where it fits.

    Args:
        analysis: of a design without errors.
        training: batch size, precision and optimiser.
        device: what the device is called.
        memory: its bytes.
        precision: in which activations are kept; left out, the training's own, `auto` as fp32.
    """
    kept_in = precision or ("fp32" if training.precision == "auto" else training.precision)

    def need(batch_size: int) -> int:
        kept, averaged = moments(training), training.ema_decay is not None
        return training_bytes(analysis.params, analysis.activations, batch_size, kept_in, moments=kept, ema=averaged)

    batch = training.batch_size
    if need(batch) <= memory:
        return None
    message = f"training takes an estimated {need(batch) / GIB:,.1f} GiB at {batch:,} images a step in {kept_in}"
    there = f"{device} has {memory / GIB:,.1f} GiB"
    if need(1) > memory:
        return Finding(
            "warning",
            "network.channels",
            f"training takes an estimated {need(1) / GIB:,.1f} GiB even with one image a step; {there}",
            "Weights, gradients, the optimiser's moments and one image's activations; give fewer channels or blocks.",
        )
    fits = 1
    while need(2 * fits) <= memory:
        fits *= 2
    return Finding(
        "warning",
        "training.batch_size",
        f"{message}; {there}",
        "Weights, gradients, the optimiser's moments and the activations of a batch, without workspace.",
        f"Set the batch size to {fits:,}",
        {"training.batch_size": fits},
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
