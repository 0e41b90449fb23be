"""Where a network stops being finite: one more pass over a batch, with a look at every module."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

Kind = Literal["images", "weights", "output", "loss", "gradient"]


@dataclass(frozen=True)
class Fault:
    """What is the first not to be finite.

    Attributes:
        kind: the images themselves; the weights of a module; the output of one whose weights are finite; the loss of
            finite outputs; the gradient of a finite loss.
        module: path of the module, as in `state_dict`; empty for images and loss.
    """

    kind: Kind
    module: str = ""


def first_fault(model: nn.Module, images: Tensor, loss_of: Callable[[Tensor], Tensor] | None = None) -> Fault | None:
    """Return the first thing that is not finite when a batch is computed; None where everything is.

    Slow: each module is waited for. The gradients of the network are gone afterwards, and the running statistics of
    its normalisations have seen the batch once more.

    Args:
        model: as it is to be computed, in training or in evaluation.
        images: a batch (N, C, H, W).
        loss_of: computes the loss, (), of a batch with this model; None: only its outputs are looked at.
    """
    if not _is_finite(images):
        return Fault("images")
    outputs, gradients = _First(), _First()

    def look(name: str) -> Callable[[nn.Module, Any, Any], None]:
        def hook(_: nn.Module, __: Any, output: Any) -> None:
            if isinstance(output, Tensor):
                outputs.look(name, output)
                if output.requires_grad:
                    output.register_hook(lambda gradient: gradients.look(name, gradient))  # type: ignore[no-untyped-call]

        return hook

    leaves = [(name, module) for name, module in model.named_modules() if not list(module.children())]
    handles = [module.register_forward_hook(look(name)) for name, module in leaves]
    try:
        return _computed(model, images, loss_of, outputs, gradients)
    finally:
        for handle in handles:
            handle.remove()
        model.zero_grad(set_to_none=True)


class _First:
    """The first module that was looked at and was not finite."""

    def __init__(self) -> None:
        self.name = ""

    def look(self, name: str, tensor: Tensor) -> None:
        if not self.name and not _is_finite(tensor):
            self.name = name


def _computed(
    model: nn.Module,
    images: Tensor,
    loss_of: Callable[[Tensor], Tensor] | None,
    outputs: _First,
    gradients: _First,
) -> Fault | None:
    with torch.set_grad_enabled(loss_of is not None):
        loss = model(images) if loss_of is None else loss_of(images)
    if outputs.name:
        own = model.get_submodule(outputs.name).parameters(recurse=False)
        return Fault("output" if all(map(_is_finite, own)) else "weights", outputs.name)
    if not _is_finite(loss):
        return Fault("loss")
    if loss_of is None:
        return None
    loss.backward()
    if gradients.name:
        return Fault("gradient", gradients.name)
    # from the loss backwards, as gradients come
    for name, parameter in reversed(list(model.named_parameters())):
        if parameter.grad is not None and not _is_finite(parameter.grad):
            return Fault("gradient", name.rpartition(".")[0])
    return None


def _is_finite(tensor: Tensor) -> bool:
    return bool(tensor.detach().isfinite().all())
