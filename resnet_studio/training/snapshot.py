"""The tensors of a run, copied to the host at one moment while the device trains on."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

Files = dict[str, dict[str, Tensor]]
"""Tensors by name of their file, and by their own name in it."""


def moments(model: nn.Module, optimizer: Optimizer) -> dict[str, Tensor]:
    """Return the optimiser's state as `parameter/moment` to tensor."""
    return {
        f"{name}/{moment}": tensor
        for name, parameter in model.named_parameters()
        for moment, tensor in optimizer.state.get(parameter, {}).items()
        if tensor is not None
    }


def restore_moments(tensors: Mapping[str, Tensor], model: nn.Module, optimizer: Optimizer) -> None:
    """Give an optimiser the state that `moments` returned."""
    parameters = dict(model.named_parameters())
    for key, tensor in tensors.items():
        name, _, moment = key.rpartition("/")
        parameter = parameters[name]
        if tensor.shape == parameter.shape:
            # as the parameter lies in memory: channels last, or fused kernels would fall back to slow ones
            kept = torch.empty_like(parameter, dtype=tensor.dtype).copy_(tensor)
        else:
            kept = tensor.to(parameter.device)
        optimizer.state[parameter][moment] = kept


def on_host(files: Mapping[str, Mapping[str, Tensor]]) -> tuple[Files, Callable[[], None]]:
    """Copy tensors to the host as they are now, in the order of their indices, each with memory of its own.

    From a GPU the copies are queued behind the steps that were asked for, into pinned memory, and nothing waits for
    them here.

    Returns:
        The copies, and what waits, in any thread, until they have arrived: nothing may read them before.
    """
    copies = {file: {key: _copied(tensor) for key, tensor in tensors.items()} for file, tensors in files.items()}
    devices = {tensor.device for tensors in files.values() for tensor in tensors.values() if tensor.is_cuda}
    events = [torch.cuda.current_stream(device).record_event(_sleeping()) for device in devices]

    def wait() -> None:
        for event in events:
            event.synchronize()

    return copies, wait


def _copied(tensor: Tensor) -> Tensor:
    tensor = tensor.detach()
    if not tensor.is_cuda:
        return tensor.to("cpu", copy=True, memory_format=torch.contiguous_format)
    host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
    return host.copy_(tensor.contiguous(), non_blocking=True)


def _sleeping() -> torch.cuda.Event:
    """Return an event of which whoever waits for it sleeps, and leaves its core to training."""
    return torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]  # torch has no types for it
