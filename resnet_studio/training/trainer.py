"""The network, its optimiser and its place in the data: what a run is made of while it trains.

Nothing here yields: contexts that belong to a thread, such as autocast, are never left open across a step of the
generator in `loop`.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.images import ImageSet
from resnet_studio.model import build
from resnet_studio.runs.checkpoints import Checkpoint
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.arithmetic import autocast, fast_paths, prepare_determinism
from resnet_studio.training.checkpoint import (
    EMA,
    MODEL,
    OPTIMIZER,
    Best,
    Position,
    Snapshot,
    load_checkpoint,
    load_model,
)
from resnet_studio.training.device import resolve
from resnet_studio.training.diagnosis import Fault, first_fault
from resnet_studio.training.evaluate import Evaluation, UnboundedOutputsError, Validation, evaluate
from resnet_studio.training.failures import NotFiniteError, not_finite, outputs_not_finite
from resnet_studio.training.feeding import eval_batches, train_batches
from resnet_studio.training.loss import balanced_weights
from resnet_studio.training.memory import smaller_batches, with_fewer_images, within_memory
from resnet_studio.training.metrics import Sums
from resnet_studio.training.misfit import refuse_misfit
from resnet_studio.training.schedule import rate_at
from resnet_studio.training.snapshot import moments, on_host
from resnet_studio.training.stepping import Stepper


class Trainer:
    """A run in the making.

    Attributes:
        step: steps that the optimiser has done.
        epoch: epochs that are whole, validation included.
        step_in_epoch: steps done of the epoch after those.
        steps_per_epoch: steps in an epoch.
        parameters: number of parameters that train.
        best: the best epoch so far.
        best_ema: the one after which the average of the weights was best.
        remarks: sentences on what a user would not expect.
    """

    def __init__(self, experiment: ExperimentSpec, images: ImageSet) -> None:
        """Build the network with its first weights and take the images to the device.

        Args:
            experiment: with everything resolved, see `prepare`.
            images: what `experiment.data` stands for.

        Raises:
            StudioError: the images don't fit the network, the device isn't there or its memory is too small.
        """
        refuse_misfit(experiment.network, images)
        self.experiment = experiment
        self._training = experiment.training
        self._images = images
        self._device = resolve(self._training.device).torch
        if self._training.deterministic:
            prepare_determinism(self._device)  # a run that is resumed was prepared in another process
        self._eval_size = self._training.eval_batch_size or self._training.batch_size
        within_memory(self._make, *smaller_batches(self._training))

    def _make(self) -> None:
        training, network = self._training, self.experiment.network
        self.model = build(network, device=self._device, seed=training.seed)
        if training.channels_last:
            self.model = self.model.to(memory_format=torch.channels_last)
        self.model.train()
        self.parameters = sum(each.numel() for each in self.model.parameters() if each.requires_grad)
        self._train = train_batches(self._images, self.experiment, self._device)
        self._validation = eval_batches(self._images, self.experiment, self._device, self._images.validation)
        batches = self._train.steps(training.batch_size, drop_last=True)
        self._batches_a_step = min(training.accumulate, batches)
        self.steps_per_epoch = batches // self._batches_a_step
        self.remarks = _remarks(training, batches)
        weights = None
        if training.class_weights == "balanced":
            weights = balanced_weights(self._images.train.labels, self._images.num_classes, self._device)
        self._stepper = Stepper(self.model, self.experiment, self._batches_a_step, weights)
        self._update = self._stepper.update
        self.optimizer, self.metrics = self._update.optimizer, self._update.metrics
        self.step = self.epoch = self.step_in_epoch = 0
        self.best: Best | None = None
        self.best_ema: Best | None = None
        self._epoch_batches: Iterator[tuple[Tensor, Tensor]] | None = None
        self._busy, self._seen = 0.0, 0
        self._saved_at = (0, 0)
        self._figures: dict[str, float] = {}  # of the validation of these very weights

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
        is_best = any(best is not None and best.epoch == self.epoch for best in (self.best, self.best_ema))
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
            with fast_paths(self._device, deterministic=self._training.deterministic):
                within_memory(lambda: self._steps(should_wait), *smaller_batches(self._training))
        finally:
            self._busy += time.perf_counter() - start

    def point(self) -> tuple[Sums, float, float]:
        """Return the sums since the last point, the rate of the newest step and images per second; waits for it all.

        Raises:
            NotFiniteError: the loss or the gradient of a step since the last point is not finite.
        """
        start = time.perf_counter()
        sums = self.metrics.read()
        busy, seen = self._busy + time.perf_counter() - start, self._seen
        self._busy, self._seen = 0.0, 0
        self._refuse_not_finite()
        rate = rate_at(self._training, self.step - 1, self.steps_per_epoch)
        if not math.isfinite(sums.loss):  # each was finite, but so large that their sum isn't
            raise not_finite(self._training, Fault("loss"), self.step, rate, self._saved_at[0])
        return sums, rate, seen / busy

    def _steps(self, should_wait: Callable[[], bool]) -> None:
        if self._epoch_batches is None:
            first = self.step_in_epoch * self._batches_a_step
            self._epoch_batches = self._train.epoch(self.epoch, self._training.batch_size, first_step=first)
        while not should_wait():
            self._seen += self._stepper.step(self.step, self.rate, self._epoch_batches)
            self.step += 1
            self.step_in_epoch += 1
            self._figures = {}
            if self.point_is_due or self.checkpoint_is_due:
                return

    def _refuse_not_finite(self) -> None:
        """Refuse to go on after a step that was not finite; waits for the device.

        Raises:
            NotFiniteError: names the step and where in the network it began.
        """
        skipped = self._update.guard.skipped()
        if skipped:
            raise self._diagnosed(skipped)

    def _diagnosed(self, skipped: int) -> NotFiniteError:
        """Return the error of the step since which the weights stand still, so many steps ago."""
        step, count = self.step - skipped, self._batches_a_step
        # a point ends each epoch, so that it was in this one
        first = (self.step_in_epoch - skipped) * count
        batches = self._train.epoch(self.epoch, self._training.batch_size, first_step=first)
        fault = None
        for number, (images, labels) in zip(range(step * count, (step + 1) * count), batches, strict=False):
            loss_of = partial(self._stepper.loss_of, number, labels)
            fault = fault or first_fault(self.model, images, loss_of)
        rate = rate_at(self._training, step, self.steps_per_epoch)
        return not_finite(self._training, fault, step + 1, rate, self._saved_at[0])

    # ---- evaluation

    def validate(self, should_stop: Callable[[], bool]) -> Validation | None:
        """Return the figures on the validation images; None where it was stopped.

        Raises:
            NotFiniteError: the network's outputs are not finite.
            StudioError: the memory of the device is too small.
        """
        name, average = f"step-{self.step}", self._update.average
        raw = self._validated(self.model, name, should_stop)
        if raw is None:
            return None
        if average is None:
            return Validation(raw)
        ema = self._validated(average.model, f"{name}/ema", should_stop)
        return None if ema is None else Validation(raw, ema)

    def _validated(self, model: nn.Module, name: str, should_stop: Callable[[], bool]) -> Evaluation | None:
        with suppress(UnboundedOutputsError):
            return self._evaluate(model, self._validation, "validation", name, should_stop)
        model.eval()
        fault, batches = None, self._validation.in_order(self._eval_size)
        with autocast(self._device, self._training.precision):
            while fault is None and (batch := next(batches, None)) is not None:
                fault = first_fault(model, batch[0])
        rate = rate_at(self._training, self.step - 1, self.steps_per_epoch)
        raise outputs_not_finite(self._training, fault, "validation", self.step, rate, self._saved_at[0])

    def test(self, checkpoint: Path, should_stop: Callable[[], bool], *, average: bool = False) -> Evaluation | None:
        """Return the figures of a checkpoint on the test images; the network has its weights from then on.

        Args:
            checkpoint: its folder.
            should_stop: asked between batches.
            average: whether its average of the weights is meant.

        Raises:
            StudioError: as `validate`, or the checkpoint is damaged.
        """
        load_model(checkpoint, self.model, EMA if average else MODEL)
        batches = eval_batches(self._images, self.experiment, self._device, self._images.test)
        name = f"{checkpoint.name}/ema" if average else checkpoint.name
        return self._evaluate(self.model, batches, "test", name, should_stop)

    def _evaluate(
        self, model: nn.Module, batches: Batches, split: str, checkpoint: str, should_stop: Callable[[], bool]
    ) -> Evaluation | None:
        def run(size: int) -> Evaluation | None:
            return evaluate(
                model,
                batches.in_order(size),
                self._images.class_names,
                precision=self._training.precision,
                split=split,
                checkpoint=checkpoint,
                should_stop=should_stop,
            )

        wanted = self._eval_size
        with fast_paths(self._device, deterministic=self._training.deterministic):
            evaluation, self._eval_size = with_fewer_images(run, wanted)
        return evaluation if evaluation is None else evaluation.with_size(self._eval_size, wanted)

    # ---- coming and going

    def end_epoch(self, validation: Validation) -> Sums:
        """Count the epoch as whole and return the sums of its training figures."""
        sums = self.metrics.epoch
        self.metrics.epoch = Sums()
        self.epoch += 1
        self.step_in_epoch = 0
        self._epoch_batches = None
        self._figures = validation.figures()
        self.best = self._better(self.best, validation.raw)
        if validation.ema is not None:
            self.best_ema = self._better(self.best_ema, validation.ema)
        return sums

    def _better(self, best: Best | None, figures: Evaluation) -> Best:
        new = Best(self.epoch, self.step, figures.accuracy, figures.loss)
        return new if best is None or new.rank > best.rank else best

    def snapshot(self) -> Snapshot:
        """Return the run as it stands, and count it as saved; nothing waits for the device but for an unread point.

        Raises:
            NotFiniteError: the loss or the gradient of a step since the last point is not finite.
        """
        if self.metrics.images:
            self._refuse_not_finite()
        average = self._update.average
        kept = Checkpoint(step=self.step, epoch=self.epoch, has_ema=average is not None, **self._figures)
        position = Position(
            self.step,
            self.epoch,
            self.step_in_epoch,
            self.metrics.state(),
            self.best,
            self.best_ema,
            self._update.scaler.state(),
        )
        files = {MODEL: self.model.state_dict(), OPTIMIZER: moments(self.model, self.optimizer)}
        if average is not None:
            files[EMA] = average.model.state_dict()
        tensors, wait = on_host(files)
        self._saved_at = (self.step, self.epoch)
        return Snapshot(position, kept, tensors, wait)

    def restore(self, checkpoint: Path) -> None:
        """Stand where a checkpoint was written.

        Raises:
            StudioError: the checkpoint is damaged, or of another design; nothing has changed.
        """
        position, tensors = load_checkpoint(checkpoint, self.model, self.optimizer)
        self._update.scaler.restore(position.scaler)
        if self._update.average is not None:
            self._update.average.restore(tensors.get(EMA))
        self.step, self.epoch, self.step_in_epoch = position.step, position.epoch, position.step_in_epoch
        self.best, self.best_ema = position.best, position.best_ema
        self.metrics.restore(position.metrics)
        self._saved_at = (self.step, self.epoch)
        self._epoch_batches = None


def _remarks(training: TrainingSpec, batches: int) -> tuple[str, ...]:
    """Return what to say of batches whose gradients are added up.

    Args:
        training: batch size and accumulation.
        batches: whole ones in an epoch.
    """
    wanted, size = training.accumulate, training.batch_size
    rest = batches % min(wanted, batches)
    if wanted > batches:
        return (f"An epoch has fewer than {wanted:,} batches of {size:,} images to add up, so that it is one step.",)
    if rest:
        return (
            f"{wanted:,} batches make a step: of the {batches:,} of an epoch, {rest:,} (of other images each time) "
            f"{'is' if rest == 1 else 'are'} left out, as with batches of {wanted * size:,}.",
        )
    return ()
