"""fp16's short range of exponents: the loss is scaled up so that small gradients are not lost (Micikevicius 2017)."""

from typing import Any

import torch
from torch import Tensor


class Scaler:
    """torch's scaler of the loss: on for fp16, and for any other format as if it weren't there.

    A step whose gradients have run over is left out by the optimiser and the scale is halved; after 2,000 steps that
    were not, it is doubled. With the fused optimisers none of it waits for a GPU.
    """

    def __init__(self, device: torch.device, precision: str) -> None:
        self._enabled = precision == "fp16"
        self._scaler = torch.amp.GradScaler(device.type, enabled=self._enabled)

    @property
    def tensors(self) -> list[Tensor]:
        """All that a step changes."""
        if not self._enabled:
            return []
        # made with the first loss that comes along; torch has no public way to get at them
        self._scaler.scale(torch.zeros((), device=self._scaler._device))
        return [each for each in (self._scaler._scale, self._scaler._growth_tracker) if each is not None]

    def backward(self, loss: Tensor) -> None:
        """Add the gradients of a loss, (), to those that are there, both scaled."""
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]

    def unscale(self, optimizer: torch.optim.Optimizer) -> None:
        """Make the gradients what they are without the scale, for whoever looks at them before the step."""
        self._scaler.unscale_(optimizer)

    def step(self, optimizer: torch.optim.Optimizer) -> Tensor | None:
        """Do a step of the optimiser, left out where a gradient is not finite.

        Returns:
            1 where it was left out and 0 where it wasn't, on the device, (); None where none is ever left out.
        """
        self._scaler.step(optimizer)
        if not self._enabled:
            return None
        # torch has no public way to ask without waiting for the answer; `update` forgets it
        skipped: Tensor
        (skipped,) = self._scaler._found_inf_per_device(optimizer).values()
        self._scaler.update()
        return skipped

    def state(self) -> dict[str, Any]:
        """Return everything as JSON, empty where it is off; waits for the device."""
        return self._scaler.state_dict()

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned; from the beginning where that is empty."""
        if self._enabled and state:
            self._scaler.load_state_dict(state)
