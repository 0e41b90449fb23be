"""The network, its optimiser and its place in the data: what a run is made of while it trains.

Nothing here yields: contexts that belong to a thread, such as autocast, are never left open across a step of the
generator in `loop`.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from resnet_studio.data.batches import Batches
from resnet_studio.data.draws import hashed
from resnet_studio.data.images import ImageSet
from resnet_studio.model import build
from resnet_studio.runs.checkpoints import Checkpoint, Index
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.arithmetic import autocast, fast_paths, within_memory
from resnet_studio.training.checkpoint import (
    MODEL,
    OPTIMIZER,
    Best,
    Position,
    load_checkpoint,
    load_model,
    save_checkpoint,
)
from resnet_studio.training.device import resolve
from resnet_studio.training.evaluate import Evaluation, evaluate
from resnet_studio.training.feeding import eval_batches, train_batches
from resnet_studio.training.loss import training_loss
from resnet_studio.training.metrics import Metrics, Sums
from resnet_studio.training.optimizer import build_optimizer, set_rate
from resnet_studio.training.schedule import rate_at
from resnet_studio.training.snapshot import moments, on_host

_DROPOUT = 0x0D0
"""Tells what dropout draws from what the data draws of the same seed."""


class Trainer:
    """A run in the making.

    Attributes:
        step: steps that the optimiser has done.
        epoch: epochs that are whole, validation included.
        step_in_epoch: steps done of the epoch after those.
        steps_per_epoch: steps in an epoch.
        parameters: number of parameters that train.
        best: the best epoch so far.
    """

    def __init__(self, experiment: ExperimentSpec, images: ImageSet) -> None:
        """Build the network with its first weights and take the images to the device.

        Args:
            experiment: with everything resolved, see `prepare`.
            images: what `experiment.data` stands for.

        Raises:
            StudioError: the device isn't there or its memory is too small.
        """
        self.experiment = experiment
        self._training = experiment.training
        self._images = images
        self._device = resolve(self._training.device).torch
        self._mend = f"train with a smaller training.batch_size, such as {max(1, self._training.batch_size // 2)}"
        within_memory(self._make, self._mend)

    def _make(self) -> None:
        training, network = self._training, self.experiment.network
        self.model = build(network, device=self._device, seed=training.seed)
        if training.channels_last:
            self.model = self.model.to(memory_format=torch.channels_last)
        self.model.train()
        self.optimizer = build_optimizer(self.model, training)
        self.parameters = sum(each.numel() for each in self.model.parameters() if each.requires_grad)
        self._random = network.dropout > 0 or network.block_dropout > 0 or network.drop_path > 0
        self._class_weights = self._balance() if training.class_weights == "balanced" else None
        self._train = train_batches(self._images, self.experiment, self._device)
        self._validation = eval_batches(self._images, self.experiment, self._device, self._images.validation)
        self.steps_per_epoch = self._train.steps(training.batch_size, drop_last=True)
        self.step = self.epoch = self.step_in_epoch = 0
        self.best: Best | None = None
        self.metrics = Metrics(self._device)
        self._epoch_batches: Iterator[tuple[Tensor, Tensor]] | None = None
        self._busy, self._seen = 0.0, 0
        self._saved_at = (0, 0)

    # ---- training

    @property
    def rate(self) -> float:
        """Learning rate of the next step."""
        return rate_at(self._training, self.step, self.steps_per_epoch)

    def rate_of(self, training: TrainingSpec) -> float:
        """Return the learning rate of the next step under another recipe."""
        return rate_at(training, self.step, self.steps_per_epoch)

    @property
    def is_done(self) -> bool:
        """Whether no epoch is left to train."""
        return self.epoch >= self._training.epochs or self.patience_is_out

    @property
    def patience_is_out(self) -> bool:
        """Whether as many epochs as the recipe's patience brought no better validation accuracy."""
        patience = self._training.early_stop_patience
        return patience is not None and self.best is not None and self.epoch - self.best.epoch >= patience

    @property
    def epoch_is_trained(self) -> bool:
        """Whether all steps of the epoch are done, so that its validation comes next."""
        return self.step_in_epoch == self.steps_per_epoch

    @property
    def point_is_due(self) -> bool:
        """Whether the curves get a point here, and have not got it yet."""
        if not self.metrics.images:
            return False
        return self.step_in_epoch % (self._training.log_every or 1) == 0 or self.epoch_is_trained

    @property
    def checkpoint_is_due(self) -> bool:
        """Whether a checkpoint is wanted here, in the middle of an epoch."""
        every = self._training.checkpoint_every
        return every is not None and self.step % every == 0 and not self.epoch_is_trained and not self.is_saved

    @property
    def epoch_is_kept(self) -> bool:
        """Whether a checkpoint is wanted here, at the end of an epoch: each one, unless the recipe counts steps.

        The best one and the last one are kept in any case.
        """
        every = self._training.checkpoint_every
        is_best = self.best is not None and self.best.epoch == self.epoch
        return every is None or self.step % every == 0 or is_best or self.is_done

    @property
    def is_saved(self) -> bool:
        """Whether there is nothing that the newest checkpoint doesn't have."""
        return self._saved_at == (self.step, self.epoch)

    def advance(self, should_wait: Callable[[], bool]) -> None:
        """Train until a point or a checkpoint is due, the epoch is trained, or `should_wait` says so between steps.

        Nothing in here waits for the device.

        Raises:
            StudioError: the memory of the device is too small.
        """
        start = time.perf_counter()
        try:
            with fast_paths(self._device):
                within_memory(lambda: self._steps(should_wait), self._mend)
        finally:
            self._busy += time.perf_counter() - start

    def point(self) -> tuple[Sums, float, float]:
        """Return the sums since the last point, the rate of the newest step and images per second; waits for it all.

        Raises:
            StudioError: the loss is not finite.
        """
        start = time.perf_counter()
        sums = self.metrics.read()
        busy, seen = self._busy + time.perf_counter() - start, self._seen
        self._busy, self._seen = 0.0, 0
        rate = rate_at(self._training, self.step - 1, self.steps_per_epoch)
        if not np.isfinite(sums.loss):
            raise StudioError(
                f"The loss is not finite any more by step {self.step}, at a learning rate of {rate:g}; "
                f"train again with a smaller training.learning_rate, such as {self._training.learning_rate / 10:g}."
            )
        return sums, rate, seen / busy

    def _steps(self, should_wait: Callable[[], bool]) -> None:
        if self._epoch_batches is None:
            batch_size = self._training.batch_size
            self._epoch_batches = self._train.epoch(self.epoch, batch_size, first_step=self.step_in_epoch)
        while not should_wait():
            images, labels = next(self._epoch_batches)
            self._one_step(images, labels)
            self._seen += len(labels)
            self.step += 1
            self.step_in_epoch += 1
            if self.point_is_due or self.checkpoint_is_due:
                return

    def _one_step(self, images: Tensor, labels: Tensor) -> None:
        training = self._training
        if self._random:
            # from the seed and the step alone: nothing to save, and no other thread can draw in between runs
            torch.manual_seed(int(hashed(np.array([self.step]), training.seed, _DROPOUT)[0] >> np.uint64(1)))
        with autocast(self._device, training.precision):
            logits = self.model(images)
        logits = logits.float()
        loss = training_loss(logits, labels, self._class_weights, training.label_smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
        if training.gradient_clip is not None:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), training.gradient_clip)
        set_rate(self.optimizer, self.rate)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.metrics.add(loss, logits, labels)

    def _balance(self) -> Tensor:
        """Return a weight for each class, inverse to its number of training images; 1 on average over the images."""
        counts = np.bincount(self._images.train.labels, minlength=self._images.num_classes)
        weights = len(self._images.train) / (np.maximum(counts, 1) * np.count_nonzero(counts))
        return torch.tensor(weights, dtype=torch.float32, device=self._device)

    # ---- evaluation

    def validate(self, should_stop: Callable[[], bool]) -> Evaluation | None:
        """Return the figures on the validation images; None where it was stopped.

        Raises:
            StudioError: the memory of the device is too small, or the network's outputs are not finite.
        """
        return self._evaluate(self._validation, "validation", f"step-{self.step}", should_stop)

    def test(self, checkpoint: Path, should_stop: Callable[[], bool]) -> Evaluation | None:
        """Return the figures of a checkpoint on the test images; the network has its weights from then on.

        Raises:
            StudioError: as `validate`, or the checkpoint is damaged.
        """
        load_model(checkpoint, self.model)
        batches = eval_batches(self._images, self.experiment, self._device, self._images.test)
        return self._evaluate(batches, "test", checkpoint.name, should_stop)

    def _evaluate(
        self, batches: Batches, split: str, checkpoint: str, should_stop: Callable[[], bool]
    ) -> Evaluation | None:
        size = self._training.eval_batch_size or self._training.batch_size

        def run() -> Evaluation | None:
            return evaluate(
                self.model,
                batches.in_order(size),
                self._images.class_names,
                precision=self._training.precision,
                split=split,
                checkpoint=checkpoint,
                should_stop=should_stop,
            )

        with fast_paths(self._device):
            return within_memory(run, f"set training.eval_batch_size below {size}")

    # ---- coming and going

    def end_epoch(self, validation: Evaluation) -> Sums:
        """Count the epoch as whole and return the sums of its training figures."""
        sums = self.metrics.epoch
        self.metrics.epoch = Sums()
        self.epoch += 1
        self.step_in_epoch = 0
        self._epoch_batches = None
        new = Best(self.epoch, self.step, validation.accuracy, validation.loss)
        if self.best is None or new.rank > self.best.rank:
            self.best = new
        return sums

    def save(self, checkpoints: Path, validation: Evaluation | None = None) -> Index:
        """Write a checkpoint of the run as it stands, and return the new index.

        Args:
            checkpoints: folder of the run's checkpoints.
            validation: figures of these very weights, where there are any.

        Raises:
            StudioError: a weight is not finite, or the disk doesn't take it.
        """
        kept = Checkpoint(step=self.step, epoch=self.epoch)
        if validation is not None:
            figures = {"val_accuracy": validation.accuracy, "val_loss": validation.loss}
            kept = kept.model_copy(update=figures)
        position = Position(self.step, self.epoch, self.step_in_epoch, self.metrics.state(), self.best)
        tensors, wait = on_host({MODEL: self.model.state_dict(), OPTIMIZER: moments(self.model, self.optimizer)})
        wait()
        index = save_checkpoint(checkpoints, position, kept, tensors)
        self._saved_at = (self.step, self.epoch)
        return index

    def restore(self, checkpoint: Path) -> None:
        """Stand where a checkpoint was written.

        Raises:
            StudioError: the checkpoint is damaged, or of another design; nothing has changed.
        """
        position, _ = load_checkpoint(checkpoint, self.model, self.optimizer)
        self.step, self.epoch, self.step_in_epoch = position.step, position.epoch, position.step_in_epoch
        self.best = position.best
        self.metrics.restore(position.metrics)
        self._saved_at = (self.step, self.epoch)
        self._epoch_batches = None
