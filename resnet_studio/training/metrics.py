"""Loss and accuracy of the training images, summed on the device and read now and then."""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass
class Sums:
    """Sums over images, on the host."""

    loss: float = 0.0
    correct: int = 0
    images: int = 0

    def add(self, other: "Sums") -> None:
        """Add another's sums."""
        self.loss += other.loss
        self.correct += other.correct
        self.images += other.images

    @property
    def mean_loss(self) -> float:
        """Mean loss an image."""
        return self.loss / self.images

    @property
    def accuracy(self) -> float:
        """Share of the images that were right."""
        return self.correct / self.images


class Metrics:
    """Sums since the last point of the curves, on the device, and since the beginning of the epoch, on the host.

    Adding costs a few small kernels and never waits for the device; reading does.

    Attributes:
        images: images since the last point; whoever adds batches counts them here, as a recorded step can't.
        epoch: sums since the beginning of the epoch, up to the last point.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.epoch = Sums()
        self.images = 0
        self._loss = torch.zeros((), device=device)
        self._correct = torch.zeros((), dtype=torch.int64, device=device)

    @property
    def tensors(self) -> list[Tensor]:
        """All that adding changes."""
        return [self._loss, self._correct]

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Add a batch's loss and what was right of it; `images` is left to the caller.

        Args:
            loss: its mean loss, ().
            logits: (N, classes).
            labels: (N,), or the share of each class in mixed images, (N, classes): the largest counts as right.
        """
        labels = labels.argmax(1) if labels.is_floating_point() else labels
        self._loss.add_(loss.detach(), alpha=len(labels))
        self._correct.add_((logits.detach().argmax(1) == labels).sum())

    def read(self) -> Sums:
        """Return the sums since the last reading, counted into the epoch's from now on; waits for the device."""
        sums = self._peek()
        self.epoch.add(sums)
        self.images = 0
        self._loss.zero_()
        self._correct.zero_()
        return sums

    def state(self) -> dict[str, Any]:
        """Return everything as JSON, exact to the last bit; waits for the device unless all was read."""
        return {"interval": asdict(self._peek()), "epoch": asdict(self.epoch)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned."""
        self.epoch = Sums(**state["epoch"])
        interval = Sums(**state["interval"])
        self.images = interval.images
        self._loss.fill_(interval.loss)
        self._correct.fill_(interval.correct)

    def _peek(self) -> Sums:
        if not self.images:
            # as after a reading: there is nothing to wait for
            return Sums()
        return Sums(self._loss.item(), int(self._correct.item()), self.images)
