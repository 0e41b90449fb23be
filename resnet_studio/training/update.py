"""What is done alike in every step: forward and backward through its batches, then a change of the weights.

Everything here is asked of the device in the same order and at the same places in memory each time, and nothing
depends on a number that only the host knows but for `prepare`: a GPU can record it once and repeat it, see `captured`.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.arithmetic import autocast
from resnet_studio.training.averaging import Average
from resnet_studio.training.guard import Guard
from resnet_studio.training.loss import counted, training_loss
from resnet_studio.training.metrics import Metrics
from resnet_studio.training.optimizer import build_optimizer, set_rate
from resnet_studio.training.scaling import Scaler


class Update:
    """The tensors of a step and what becomes of them. Nothing in here waits for the device.

    Attributes:
        network: computes logits (N, classes) of images (N, C, H, W): the model, or what was compiled from it.
        optimizer: changes the weights.
        guard: keeps the weights before the first step that is not finite.
        scaler: of the loss, in fp16.
        average: of the weights; None where the recipe asks for none.
        metrics: loss and accuracy of the training images.
    """

    def __init__(
        self,
        model: nn.Module,
        training: TrainingSpec,
        batches: int,
        class_weights: Tensor | None = None,
        *,
        on_device: bool = False,
    ) -> None:
        """Make optimiser, scaler and average.

        Args:
            model: the network, on its device, its tensors where they will stay in memory.
            training: the recipe, everything resolved.
            batches: in a step.
            class_weights: float32 (classes,), on the device; None: all are equal.
            on_device: whether the numbers that change from step to step are to be tensors on the device.
        """
        self._model, self._training, self._batches = model, training, batches
        self._device = next(model.parameters()).device
        self._class_weights = class_weights
        self._shares: Tensor | None = None
        if batches > 1 and class_weights is not None:
            self._shares = torch.zeros((), device=self._device)
        self.network: Callable[[Tensor], Tensor] = model
        self.optimizer = build_optimizer(model, training, rate_on_device=on_device)
        self.guard = Guard(self.optimizer, self._device)
        self.scaler = Scaler(self._device, training.precision)
        self.average = None if training.ema_decay is None else Average(model, training.ema_decay, on_device=on_device)
        self.metrics = Metrics(self._device)

    @property
    def tensors(self) -> list[Tensor]:
        """All that a step changes and the next one goes on with, once there was a step: see `captured.unchanged`."""
        moments = [each for state in self.optimizer.state.values() for each in state.values()]
        return [
            *self._model.parameters(),
            *self._model.buffers(),
            *(each for each in moments if isinstance(each, Tensor)),
            *([] if self._shares is None else [self._shares]),
            *([] if self.average is None else self.average.tensors),
            *self.guard.tensors,
            *self.scaler.tensors,
            *self.metrics.tensors,
        ]

    def prepare(self, number: int, rate: float) -> None:
        """Take in what changes from step to step: its number, from 0, and its learning rate."""
        set_rate(self.optimizer, rate)
        if self.average is not None:
            self.average.prepare(number)

    def batch(self, images: Tensor, labels: Tensor) -> None:
        """Add the gradients of a batch to those of the step, and its loss to the metrics.

        The metrics get the loss of the labels as they are: smoothed ones would set the curve of training above that of
        validation, by a constant that says nothing about the network.

        Args:
            images: (N, C, H, W).
            labels: see `training_loss`.
        """
        loss, logits = self.forward(self.network, images, labels)
        self.guard.look(loss)
        self.metrics.add(self._told(loss, logits, labels), logits, labels)
        self.scaler.backward(self._part(loss, labels))

    def forward(self, network: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Return loss, (), and logits, float32 (N, classes), of a batch; see `batch`."""
        with autocast(self._device, self._training.precision):
            logits = network(images)
        logits = logits.float()
        return training_loss(logits, labels, self._class_weights, self._training.label_smoothing), logits

    @torch.no_grad()
    def _told(self, loss: Tensor, logits: Tensor, labels: Tensor) -> Tensor:
        """Return the loss of a batch, (), for the metrics."""
        if not self._training.label_smoothing:
            return loss
        return training_loss(logits, labels, self._class_weights)

    def change(self) -> None:
        """Change the weights by the gradients of the step's batches, which are gone then."""
        limit = self._training.gradient_clip
        if self._shares is not None:
            gradients = [each.grad for each in self._model.parameters() if each.grad is not None]
            torch._foreach_div_(gradients, self._shares)
            self._shares.zero_()
        if limit is not None:
            self.scaler.unscale(self.optimizer)
            norm = torch.nn.utils.clip_grad_norm_(self._model.parameters(), limit)
            if self._training.precision != "fp16":  # whose gradients may run over, which the scaler sees to
                self.guard.look(norm)
        self.guard.decide()
        skipped = self.scaler.step(self.optimizer)
        self.optimizer.zero_grad(set_to_none=True)
        if self.average is not None:
            self.average.update(skipped)

    def _part(self, loss: Tensor, labels: Tensor) -> Tensor:
        """Return what the mean loss of a batch, (), adds to that of the step; `change` divides by all shares."""
        if self._batches == 1:
            return loss
        # batches of a step are of one size
        if self._shares is None or self._class_weights is None:
            return loss / self._batches
        share = counted(labels, self._class_weights) / (len(labels) * self._batches)
        self._shares.add_(share)
        return loss * share
