"""One step of training: forward and backward through one batch or several, then a change of the weights."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from resnet_studio.data.draws import hashed
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training.arithmetic import autocast
from resnet_studio.training.averaging import Average
from resnet_studio.training.guard import Guard
from resnet_studio.training.loss import counted, training_loss
from resnet_studio.training.metrics import Metrics
from resnet_studio.training.optimizer import build_optimizer, set_rate
from resnet_studio.training.scaling import Scaler

_DROPOUT = 0x0D0
"""Tells what dropout draws from what the data draws of the same seed."""


class Stepper:
    """Changes the weights of a network, one step at a time. Nothing in here waits for the device.

    The gradient of a step is that of the mean loss over all images of its batches, as if they were one batch; where
    classes have weights, each image counts in that mean with the weight of its class, or of both at their shares where
    it is mixed (see `training_loss`). Only batch normalisation notices the difference: it normalises each batch alone.

    Attributes:
        optimizer: changes the weights.
        guard: keeps the weights before the first step that is not finite.
        scaler: of the loss, in fp16.
        average: of the weights; None where the recipe asks for none.
        metrics: loss and accuracy of the training images.
    """

    def __init__(
        self, model: nn.Module, experiment: ExperimentSpec, batches: int, class_weights: Tensor | None = None
    ) -> None:
        """Make optimiser, scaler and average.

        Args:
            model: the network, on its device, its tensors where they will stay in memory.
            experiment: with everything resolved.
            batches: in a step.
            class_weights: float32 (classes,), on the device; None: all are equal.
        """
        training, network = experiment.training, experiment.network
        self._model, self._training, self._batches = model, training, batches
        self._device = next(model.parameters()).device
        self._class_weights = class_weights
        self._random = network.dropout > 0 or network.block_dropout > 0 or network.drop_path > 0
        self.optimizer = build_optimizer(model, training)
        self.guard = Guard(self.optimizer, self._device)
        self.scaler = Scaler(self._device, training.precision)
        self.average = None if training.ema_decay is None else Average(model, training.ema_decay)
        self.metrics = Metrics(self._device)

    def step(self, number: int, rate: float, batches: Iterator[tuple[Tensor, Tensor]]) -> int:
        """Do a step, and return the number of its images.

        Args:
            number: of the step, from 0: what dropout draws depends on it and on the seed alone.
            rate: learning rate.
            batches: images (N, C, H, W) and labels, see `training_loss`; as many are taken as a step has.
        """
        images = 0
        together: Tensor | None = None
        for batch in range(number * self._batches, (number + 1) * self._batches):
            x, labels = next(batches)
            share = self._forward_and_backward(batch, x, labels)
            together = share if together is None or share is None else together + share
            images += len(labels)
        self._change_weights(number, rate, together)
        return images

    def _forward_and_backward(self, batch: int, images: Tensor, labels: Tensor) -> Tensor | None:
        """Add the gradients of a batch to those of the step.

        Returns:
            What the batch counts in the step's mean, by which the gradients are still to be divided; None: by nothing.
        """
        loss, logits = self._forward(batch, images, labels)
        self.guard.look(loss)
        self.metrics.add(loss, logits, labels)
        if self._batches == 1:
            self.scaler.backward(loss)
            return None
        # batches of a step are of one size
        if self._class_weights is None:
            self.scaler.backward(loss / self._batches)
            return None
        share = counted(labels, self._class_weights) / (len(labels) * self._batches)
        self.scaler.backward(loss * share)
        return share

    def loss_of(self, batch: int, labels: Tensor, images: Tensor) -> Tensor:
        """Return the loss, (), of a batch as a step computes it; see `step` for its number, from 0, and its labels."""
        return self._forward(batch, images, labels)[0]

    def _forward(self, batch: int, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Return loss, (), and logits, float32 (N, classes), of a batch."""
        training = self._training
        if self._random:
            # from the seed and the batch's number alone: nothing to save, and no other thread can draw in between runs
            torch.manual_seed(int(hashed(np.array([batch]), training.seed, _DROPOUT)[0] >> np.uint64(1)))
        with autocast(self._device, training.precision):
            logits = self._model(images)
        logits = logits.float()
        return training_loss(logits, labels, self._class_weights, training.label_smoothing), logits

    def _change_weights(self, number: int, rate: float, together: Tensor | None) -> None:
        limit = self._training.gradient_clip
        if together is not None:
            gradients = [each.grad for each in self._model.parameters() if each.grad is not None]
            torch._foreach_div_(gradients, together)
        if limit is not None:
            self.scaler.unscale(self.optimizer)
            norm = torch.nn.utils.clip_grad_norm_(self._model.parameters(), limit)
            if self._training.precision != "fp16":  # whose gradients may run over, which the scaler sees to
                self.guard.look(norm)
        self.guard.decide()
        set_rate(self.optimizer, rate)
        skipped = self.scaler.step(self.optimizer)
        self.optimizer.zero_grad(set_to_none=True)
        if self.average is not None:
            self.average.update(number, skipped)
