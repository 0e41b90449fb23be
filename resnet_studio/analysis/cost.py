"""Memory and operations, derived from counts of parameters, multiply-adds and activations."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from resnet_studio.spec.training import TrainingSpec

if TYPE_CHECKING:
    from resnet_studio.analysis.layers import Layer
    from resnet_studio.analysis.network import Analysis

KIB, MIB, GIB = 2**10, 2**20, 2**30

ActivationFormat = Literal["fp32", "bf16", "fp16"]
BYTES: dict[str, int] = {"fp32": 4, "bf16": 2, "fp16": 2}


def weight_bytes(params: int) -> int:
    """Return the bytes of the weights in fp32."""
    return 4 * params


def moments(training: TrainingSpec) -> int:
    """Return how many numbers the optimiser keeps for each parameter: SGD and Muon one, Adam and AdamW two."""
    if training.optimizer in {"adam", "adamw"}:
        return 2
    return 1 if training.momentum else 0


def training_state_bytes(params: int, *, moments: int = 1, ema: bool = False) -> int:
    """Return the bytes of fp32 weights, gradients, the optimiser's moments (see `moments`) and the weights' average."""
    return 4 * params * (2 + moments + ema)


def checkpoint_bytes(params: int, moments: int, *, ema: bool = False) -> int:
    """Return the bytes of one checkpoint: fp32 weights, their moments, and their average."""
    return 4 * params * (1 + moments + ema)


def run_bytes(params: int, moments: int, *, ema: bool = False) -> int:
    """Return the bytes of a run's checkpoints at the most: fp32 weights, their moments, and their average.

    The last two and the best are kept, with an average its best too, while another one is written.
    """
    kept = 4 if ema else 3
    return (kept + 1) * checkpoint_bytes(params, moments, ema=ema)


def activation_bytes(activations: int, batch_size: int, precision: str) -> int:
    """Return the bytes of all outputs kept for the backward pass at a batch size."""
    return activations * batch_size * BYTES[precision]


def training_bytes(
    params: int, activations: int, batch_size: int, precision: str, *, moments: int = 1, ema: bool = False
) -> int:
    """Return the estimated bytes of one training step, without the workspace of the convolutions."""
    return training_state_bytes(params, moments=moments, ema=ema) + activation_bytes(activations, batch_size, precision)


def forward_flops(analysis: "Analysis") -> int:
    """Return the floating-point operations of one image's forward pass: two for each multiply-add.

    As for the multiply-adds, convolutions and dense layers alone are counted.
    """
    return 2 * analysis.mult_adds


def backward_flops(analysis: "Analysis") -> int:
    """Return the floating-point operations of one image's backward pass.

    Each layer's gradients with respect to its weights and to its input cost a forward pass each; nobody asks for the
    gradient of the image, so the layers that read it before anything learnt do without the second.
    """
    return 4 * analysis.mult_adds - 2 * sum(layer.mult_adds for layer in _reading_the_image(analysis))


def _reading_the_image(analysis: "Analysis") -> Iterator["Layer"]:
    """Yield the convolutions before which no layer has parameters."""
    first = analysis.stages[0] if analysis.stages else None
    if first is None:
        return
    if first.own_layers:
        yield from (layer for layer in first.own_layers if layer.kind == "conv")
        return
    # without a stem, both paths of the first block may start with a convolution
    for branch in ("main", "shortcut"):
        rows = [row for row in first.groups[0].block.layers if row.params or row.kind == "conv"]
        if analysis.spec.preactivation and rows[0].kind == "norm":
            return
        path = [row for row in rows if row.branch == branch]
        yield from path[:1]
