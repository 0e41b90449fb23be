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

from torch import Tensor, nn

from resnet_studio.data.images import ImageSet
from resnet_studio.runs.checkpoints import Checkpoint
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training.accumulation import accumulation
from resnet_studio.training.arithmetic import fast_paths, prepare_determinism
from resnet_studio.training.beginning import class_weights, first_network
from resnet_studio.training.checkpoint import Snapshot, load_checkpoint, load_model
from resnet_studio.training.checkpoint_state import EMA, MODEL, OPTIMIZER, Position
from resnet_studio.training.compiling import compile_remarks, refuse_uncompiled
from resnet_studio.training.course import Course
from resnet_studio.training.device import resolve
from resnet_studio.training.diagnosis import Fault, first_fault
from resnet_studio.training.evaluate import Evaluation, UnboundedOutputsError, Validation
from resnet_studio.training.examiner import Examiner
from resnet_studio.training.failures import NotFiniteError, not_finite, outputs_not_finite
from resnet_studio.training.feeding import train_batches
from resnet_studio.training.memory import smaller_batches, within_memory
from resnet_studio.training.metrics import Sums
from resnet_studio.training.misfit import refuse_misfit
from resnet_studio.training.schedule import rate_at
from resnet_studio.training.snapshot import moments, on_host
from resnet_studio.training.stepping import Stepper


class Trainer(Course):
    """A run in the making, see `Course` for where it stands.

    Attributes:
        experiment: what is trained, with everything resolved.
        model: the network, with its weights as they are.
        parameters: number of parameters that train.
        optimizer: with its state as it is.
        metrics: of the training images.
        remarks: sentences on what a user would not expect.
    """

    def __init__(self, experiment: ExperimentSpec, images: ImageSet) -> None:
        """Build the network with its first weights and take the images to the device.

        Args:
            experiment: with everything resolved, see `prepare`.
            images: what `experiment.data` stands for.

        Raises:
            StudioError: the images don't fit the network, the device or a compiler isn't there, or the memory is too
                small.
        """
        refuse_misfit(experiment.network, images)
        training, device = experiment.training, resolve(experiment.training.device)
        # a run that is resumed was prepared in another process, if not on another machine
        refuse_uncompiled(training, device)
        if training.deterministic:
            prepare_determinism(device.torch)
        self.experiment, self._images, self._device = experiment, images, device.torch
        self._epoch_batches: Iterator[tuple[Tensor, Tensor]] | None = None
        self._busy, self._seen = 0.0, 0
        within_memory(self._make, *smaller_batches(training))

    def _make(self) -> None:
        experiment, images, device = self.experiment, self._images, self._device
        self.model = first_network(experiment, device)
        self.parameters = sum(each.numel() for each in self.model.parameters() if each.requires_grad)
        self._train = train_batches(images, experiment, device)
        self._examiner = Examiner(experiment, images, device)
        batches = self._train.steps(experiment.training.batch_size, drop_last=True)
        parts = accumulation(experiment.training, batches)
        super().__init__(experiment.training, parts.steps)
        self._batches_a_step = parts.batches
        self.remarks = (*parts.remarks, *compile_remarks(experiment.training))
        weights = class_weights(experiment, images, device)
        self._stepper = Stepper(self.model, experiment, parts.batches, weights)
        self._update = self._stepper.update
        self.optimizer, self.metrics = self._update.optimizer, self._update.metrics
        self._figures: dict[str, float] = {}  # of the validation of these very weights

    # ---- training

    @property
    def point_is_due(self) -> bool:
        """Whether the curves get a point here, and have not got it yet."""
        if not self.metrics.images:
            return False
        return self.step_in_epoch % (self._training.log_every or 1) == 0 or self.epoch_is_trained

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
        rate = self.last_rate
        if not math.isfinite(sums.loss):  # each was finite, but so large that their sum isn't
            raise not_finite(self._training, Fault("loss"), self.step, rate, self.saved_at[0])
        return sums, rate, seen / busy

    def _steps(self, should_wait: Callable[[], bool]) -> None:
        if self._epoch_batches is None:
            first = self.step_in_epoch * self._batches_a_step
            self._epoch_batches = self._train.epoch(self.epoch, self._training.batch_size, first_step=first)
        while not should_wait():
            self._seen += self._stepper.step(self.step, self.rate, self._epoch_batches)
            self.take_step()
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
        return not_finite(self._training, fault, step + 1, rate, self.saved_at[0])

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
            return self._examiner.validation(model, name, should_stop)
        fault, saved = self._examiner.fault(model), self.saved_at[0]
        raise outputs_not_finite(self._training, fault, "validation", self.step, self.last_rate, saved)

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
        name = f"{checkpoint.name}/ema" if average else checkpoint.name
        return self._examiner.test(self.model, name, should_stop)

    # ---- coming and going

    def end_epoch(self, validation: Validation) -> Sums:
        """Count the epoch as whole and return the sums of its training figures."""
        sums = self.metrics.epoch
        self.metrics.epoch = Sums()
        self.take_epoch(validation)
        self._figures = validation.figures()
        self._epoch_batches = None
        return sums

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
        self.saved_at = (self.step, self.epoch)
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
        self.saved_at = (self.step, self.epoch)
        self._epoch_batches = None
