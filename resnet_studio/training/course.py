"""Where a run stands, and what is due there: all of it a matter of the recipe and of the steps that are done."""

from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.checkpoint_state import Best
from resnet_studio.training.evaluate import Evaluation, Validation
from resnet_studio.training.schedule import rate_at


class Course:
    """The steps and epochs of a run.

    Attributes:
        steps_per_epoch: steps in an epoch.
        step: steps that the optimiser has done.
        epoch: epochs that are whole, validation included.
        step_in_epoch: steps done of the epoch after those.
        best: the best epoch so far.
        best_ema: the one after which the average of the weights was best.
        saved_at: step and epoch of the newest checkpoint.
    """

    def __init__(self, training: TrainingSpec, steps_per_epoch: int) -> None:
        """Begin before the first step of a recipe, resolved."""
        self._training = training
        self.steps_per_epoch = steps_per_epoch
        self.step = self.epoch = self.step_in_epoch = 0
        self.best: Best | None = None
        self.best_ema: Best | None = None
        self.saved_at = (0, 0)

    @property
    def rate(self) -> float:
        """Learning rate of the next step."""
        return self.rate_of(self._training)

    @property
    def last_rate(self) -> float:
        """Learning rate of the newest step."""
        return rate_at(self._training, self.step - 1, self.steps_per_epoch)

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
        return self.saved_at == (self.step, self.epoch)

    def take_step(self) -> None:
        """Count a step that is done."""
        self.step += 1
        self.step_in_epoch += 1

    def take_epoch(self, validation: Validation) -> None:
        """Count the epoch as whole, and remember the best."""
        self.epoch += 1
        self.step_in_epoch = 0
        self.best = self._better(self.best, validation.raw)
        if validation.ema is not None:
            self.best_ema = self._better(self.best_ema, validation.ema)

    def _better(self, best: Best | None, figures: Evaluation) -> Best:
        new = Best(self.epoch, self.step, figures.accuracy, figures.loss)
        return new if best is None or new.rank > best.rank else best
