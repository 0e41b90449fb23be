"""Weights, operations and training memory explained as the cells are: the rule, its letters, the values. No Qt."""

from resnet_studio.analysis.cost import (
    BYTES,
    activation_bytes,
    backward_flops,
    forward_flops,
    moments,
    training_bytes,
    training_state_bytes,
    weight_bytes,
)
from resnet_studio.analysis.formula import Explanation
from resnet_studio.analysis.network import Analysis
from resnet_studio.analysis.optimizing import chosen_optimizer
from resnet_studio.gui import numbers
from resnet_studio.spec.training import TrainingSpec


def explain_weights(analysis: Analysis) -> Explanation:
    """Explain the memory of the weights."""
    size = weight_bytes(analysis.params)
    return Explanation(
        f"Weights of {analysis.spec.name} in fp32",
        "4 × P bytes",
        (("P", f"parameters, {numbers.count(analysis.params)}"),),
        (f"4 × {numbers.count(analysis.params)} = {numbers.count(size)} bytes = {numbers.memory(size)}",),
        size,
        "definition: four bytes a number; bf16 and fp16 need half of it",
    )


def explain_operations(analysis: Analysis) -> Explanation:
    """Explain the floating-point operations of one image."""
    forward, backward = forward_flops(analysis), backward_flops(analysis)
    spared = 2 * forward - backward
    return Explanation(
        f"Operations of {analysis.spec.name} for one image",
        "forward 2 × M, backward 4 × M − F",
        (
            ("M", f"multiply-adds, {numbers.count(analysis.mult_adds)}"),
            ("F", f"gradient of the image, which nobody asks for, {numbers.count(spared)}"),
        ),
        (
            f"forward: 2 × {numbers.count(analysis.mult_adds)} = {numbers.count(forward)}",
            f"backward: 4 × {numbers.count(analysis.mult_adds)} − {numbers.count(spared)} = {numbers.count(backward)}",
            f"a training step: {numbers.count(forward)} + {numbers.count(backward)} = "
            f"{numbers.count(forward + backward)}",
        ),
        forward + backward,
        "definition: a multiply-add is two operations; each layer has gradients of its weights and of its input",
    )


def explain_training(analysis: Analysis, training: TrainingSpec, precision: str) -> Explanation:
    """Explain the estimate of the memory of a training step."""
    kept, averaged, batch = moments(training), training.ema_decay is not None, training.batch_size
    state = training_state_bytes(analysis.params, moments=kept, ema=averaged)
    outputs = activation_bytes(analysis.activations, batch, precision)
    whole = training_bytes(analysis.params, analysis.activations, batch, precision, moments=kept, ema=averaged)
    return Explanation(
        f"Training memory of {analysis.spec.name}, estimated",
        "4 × P × (2 + m + e) + A × N × b bytes",
        (
            ("P", f"parameters, {numbers.count(analysis.params)}: each with its gradient"),
            ("m", f"moments that {chosen_optimizer(analysis, training)} keeps of each, {kept}"),
            ("e", f"their average, {1 if averaged else 'none is kept, 0'}"),
            ("A", f"outputs kept of one image, {numbers.count(analysis.activations)}"),
            ("N", f"images in a batch, {numbers.count(batch)}"),
            ("b", f"bytes of a number in {precision}, {BYTES[precision]}"),
        ),
        (
            f"parameters, gradients, moments, average: 4 × {numbers.count(analysis.params)} × {2 + kept + averaged} = "
            f"{numbers.count(state)} bytes = {numbers.memory(state)}",
            f"outputs: {numbers.count(analysis.activations)} × {numbers.count(batch)} × {BYTES[precision]} = "
            f"{numbers.count(outputs)} bytes = {numbers.memory(outputs)}",
            f"{numbers.count(state)} + {numbers.count(outputs)} = {numbers.count(whole)} bytes = "
            f"{numbers.memory(whole)}",
        ),
        whole,
        "an estimate: without the workspace of the convolutions and what the allocator holds back",
    )
