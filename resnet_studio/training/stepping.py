"""One step after the other: which batches it has, what is drawn in it, and how it is asked of the device."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from resnet_studio.data.draws import hashed
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training.captured import Captured, Graphs, Recorder, unchanged
from resnet_studio.training.compiling import compiled, eager_steps, is_recorded, made_quick
from resnet_studio.training.update import Update

_DROPOUT = 0x0D0
"""Tells what dropout draws from what the data draws of the same seed."""


class Stepper:
    """Changes the weights of a network, one step at a time. Nothing in here waits for the device.

    The gradient of a step is that of the mean loss over all images of its batches, as if they were one batch; where
    classes have weights, each image counts in that mean with the weight of its class, or of both at their shares where
    it is mixed (see `training_loss`). Only batch normalisation notices the difference: it normalises each batch alone.

    The first steps of a run are done operation by operation. Where the recipe has them compiled or recorded, those
    after them are: which ones is a matter of the experiment and of a step's number, so that a resumed run does as one
    that was never interrupted.

    Attributes:
        update: what is done in a step, with optimiser, scaler, average and metrics.
        eager: steps of a run before the first that is compiled or recorded.
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
        self._random = network.dropout > 0 or network.block_dropout > 0 or network.drop_path > 0
        self._recorded = is_recorded(training, self._device)
        self._quick: Update | Captured | None = None
        self.update = Update(model, training, batches, class_weights, on_device=self._recorded)
        self.eager = eager_steps(training)

    def step(self, number: int, rate: float, batches: Iterator[tuple[Tensor, Tensor]]) -> int:
        """Do a step, and return the number of its images.

        Args:
            number: of the step, from 0: what dropout draws depends on it and on the seed alone.
            rate: learning rate.
            batches: images (N, C, H, W) and labels, see `training_loss`; as many are taken as a step has.

        Raises:
            NotCompiledError: it is the first one to be compiled or recorded, and that can't be done here.
        """
        self.update.prepare(number, rate)
        images = 0
        for batch in range(number * self._batches, (number + 1) * self._batches):
            x, labels = next(batches)
            way = self._way(number, x, labels)
            self._seed(batch)
            way.batch(x, labels)
            images += len(labels)
        way.change()
        self.update.metrics.images += images
        return images

    def loss_of(self, batch: int, labels: Tensor, images: Tensor) -> Tensor:
        """Return the loss, (), of a batch as a step computes it; see `step` for its number, from 0, and its labels."""
        self._seed(batch)
        return self.update.forward(self._model, images, labels)[0]

    def _seed(self, batch: int) -> None:
        if self._random:
            # from the seed and the batch's number alone: nothing to save, and no other thread can draw in between runs
            drawn = hashed(np.array([batch]), self._training.seed, _DROPOUT)[0]
            torch.manual_seed(int(drawn >> np.uint64(1)))

    def _way(self, number: int, images: Tensor, labels: Tensor) -> Update | Captured:
        """Return what does a step of a number; the batch is its first, or one like it."""
        if self._training.compile == "off" or number < self.eager:
            return self.update
        if self._quick is None:
            what = "recorded as CUDA graphs" if self._training.compile == "graph" else "compiled"
            self._quick = made_quick(lambda: self._made_quick(images, labels), what)
        return self._quick

    def _made_quick(self, images: Tensor, labels: Tensor) -> Update | Captured:
        if self._training.compile == "on":
            self.update.network = compiled(self._model, deterministic=self._training.deterministic)
        if self._recorded:
            return Captured(self.update, images, labels, self._recorder(), batches=self._batches)
        with unchanged(self.update.tensors):
            # compiled now, where a failure is known to be the compiler's
            self.update.batch(images, labels)
            self.update.change()
        return self.update

    def _recorder(self) -> Recorder:
        return Graphs(self._device)
