"""What keeps the weights of the last good step once a loss or a gradient is not finite."""

import torch
from torch import Tensor


class Guard:
    """Counts the steps from the first one on whose loss or gradient is not finite; none of them changes the weights.

    The loss is read at the points of the curves alone. By then an update or two would have spoiled every weight, and
    nothing would tell any more which step and which module it began with. Torch's fused optimisers and Muon leave an
    update out where `found_inf` says so, on the device and without telling the host; other optimisers ignore it. Three
    small kernels a step, and nothing waits.
    """

    def __init__(self, optimizer: torch.optim.Optimizer, device: torch.device) -> None:
        """Watch over the updates of an optimiser whose parameters are on a device."""
        self._sum, self._found, self._count = (torch.zeros((), device=device) for _ in range(3))
        # for its fused kernels, which leave an update out where it is 1, as for torch.amp.GradScaler
        optimizer.found_inf = self._found  # type: ignore[attr-defined]

    @property
    def tensors(self) -> list[Tensor]:
        """All that looking and deciding changes."""
        return [self._sum, self._found, self._count]

    def look(self, value: Tensor) -> None:
        """Look at a loss or at the norm of a gradient, ()."""
        # zero times what is finite is zero, and all else is nan: from then on the sum is
        self._sum.add_(value.detach(), alpha=0)

    def decide(self) -> None:
        """Decide about the update of the step, once all of it was looked at."""
        torch.ne(self._sum, 0, out=self._found)
        self._count.add_(self._found)

    def skipped(self) -> int:
        """Return how many steps there were since the first bad one, itself included; waits for the device."""
        return int(self._count.item())
