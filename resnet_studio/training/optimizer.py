"""The optimiser that a recipe asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.muon import Muon


def build_optimizer(model: nn.Module, training: TrainingSpec, *, rate_on_device: bool = False) -> torch.optim.Optimizer:
    """Return the optimiser over all parameters that train.

    Weight decay is left off vectors - the scales and shifts of normalisations, biases - unless
    `decay_norm_and_bias` asks for it (He et al. 2019, "Bag of tricks").

    SGD, Adam and AdamW are torch's fused kernels, on the CPU too: measured on two cores they take half the time of the
    foreach ones for SGD and a third for AdamW. The learning rate is a plain number in each group, so that setting
    it costs no copy and no synchronisation; or a tensor, float32 (), where steps are recorded, see `captured`.

    Args:
        model: the network, on its device.
        training: the recipe, everything resolved.
        rate_on_device: whether the learning rate is to be a tensor on that device.
    """
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    decayed = [each for each in trained if each.ndim > 1 or training.decay_norm_and_bias]
    rest = [each for each in trained if each.ndim <= 1 and not training.decay_norm_and_bias]
    groups: list[dict[str, Any]] = [{"params": decayed, "weight_decay": training.weight_decay}]
    if rest:
        groups.append({"params": rest, "weight_decay": 0.0})

    fused = any(each.device.type in {"cpu", "cuda"} for each in trained)
    rate: float | Tensor = training.learning_rate
    if rate_on_device:
        rate = torch.full((), training.learning_rate, device=trained[0].device)
    if training.optimizer == "muon":
        return _muon(model, training, groups, rate, fused=fused)
    if training.optimizer == "sgd":
        momentum, nesterov = training.momentum, training.nesterov and training.momentum > 0
        optimizer = torch.optim.SGD(groups, rate, momentum, nesterov=nesterov, fused=fused)
        if training.precision == "fp16" and momentum:
            _begin_with_zeros(optimizer)
        return optimizer
    adam = torch.optim.AdamW if training.optimizer == "adamw" else torch.optim.Adam
    return adam(groups, rate, (training.momentum, 0.999), fused=fused)


def _muon(
    model: nn.Module, training: TrainingSpec, groups: list[dict[str, Any]], rate: float | Tensor, *, fused: bool
) -> Muon:
    """Return Muon over parameter groups; the filters among them are told apart by the groups of their channels."""
    conv_groups = {id(each.weight): each.groups for each in model.modules() if isinstance(each, nn.Conv2d)}
    filters: dict[tuple[float, int], list[nn.Parameter]] = {}
    rest = []
    for group in groups:
        others = [each for each in group["params"] if id(each) not in conv_groups]
        if others:
            rest.append(group | {"params": others})
        for each in group["params"]:
            if id(each) in conv_groups:
                filters.setdefault((group["weight_decay"], conv_groups[id(each)]), []).append(each)
    return Muon(
        [{"params": banks, "weight_decay": decay, "conv_groups": count} for (decay, count), banks in filters.items()],
        rest,
        rate,
        training.momentum,
        nesterov=training.nesterov,
        half=training.precision == "bf16",
        fused=fused,
    )


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of the next step."""
    for group in optimizer.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


@contextmanager
def capturable(optimizer: torch.optim.Optimizer) -> Iterator[None]:
    """Let a step be recorded as a CUDA graph.

    All optimisers can be; Adam's refuse it without this word, and warn of it in any other step.
    """
    groups = [group for group in optimizer.param_groups if "capturable" in group]
    for group in groups:
        group["capturable"] = True
    try:
        yield
    finally:
        for group in groups:
            group["capturable"] = False


def _begin_with_zeros(optimizer: torch.optim.SGD) -> None:
    """Make the momentum before the first step.

    torch's fused kernel makes it with the first gradient, and where the scaler leaves out that step it goes on with
    whatever lay in that memory.
    """
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
