"""Memory and operations, derived from counts of parameters, multiply-adds and activations."""

from typing import Literal

KIB, MIB, GIB = 2**10, 2**20, 2**30

ActivationFormat = Literal["fp32", "bf16", "fp16"]
BYTES: dict[str, int] = {"fp32": 4, "bf16": 2, "fp16": 2}


def weight_bytes(params: int) -> int:
    """Return the bytes of the weights in fp32."""
    return 4 * params


def training_state_bytes(params: int, *, moments: int = 1) -> int:
    """Return the bytes of fp32 weights, gradients and the optimiser's moments (SGD with momentum 1, Adam 2)."""
    return 4 * params * (2 + moments)


def activation_bytes(activations: int, batch_size: int, precision: str) -> int:
    """Return the bytes of all outputs kept for the backward pass at a batch size."""
    return activations * batch_size * BYTES[precision]


def training_bytes(params: int, activations: int, batch_size: int, precision: str, *, moments: int = 1) -> int:
    """Return the estimated bytes of one training step, without the workspace of the convolutions."""
    return training_state_bytes(params, moments=moments) + activation_bytes(activations, batch_size, precision)
