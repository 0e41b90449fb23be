"""What a trainer has to tell, as events."""

from resnet_studio.runs.events import EpochDone, Evaluated, RunEnded, RunStarted, Step
from resnet_studio.training.evaluate import Evaluation, Validation
from resnet_studio.training.trainer import Trainer


def started(trainer: Trainer) -> RunStarted:
    """Return how the run begins."""
    training = trainer.experiment.training
    return RunStarted(
        step=0,
        parameters=trainer.parameters,
        device=training.device,
        precision=training.precision,
        steps_per_epoch=trainer.steps_per_epoch,
    )


def point(trainer: Trainer) -> Step:
    """Return a point of the curves; waits for the device."""
    sums, rate, images_per_second = trainer.point()
    return Step(
        step=trainer.step,
        epoch=trainer.epoch + 1,
        loss=sums.mean_loss,
        accuracy=sums.accuracy,
        lr=rate,
        images_per_second=images_per_second,
    )


def epoch_done(trainer: Trainer, validation: Validation, seconds: float) -> EpochDone:
    """Count the epoch as whole and return its figures."""
    sums = trainer.end_epoch(validation)
    return EpochDone(
        step=trainer.step,
        epoch=trainer.epoch,
        train_loss=sums.mean_loss,
        train_accuracy=sums.accuracy,
        seconds=seconds,
        **validation.figures(),
    )


def evaluated(trainer: Trainer, evaluation: Evaluation) -> Evaluated:
    """Return the figures of a checkpoint on a whole split."""
    return Evaluated(
        step=trainer.step,
        split=evaluation.split,
        checkpoint=evaluation.checkpoint,
        accuracy=evaluation.accuracy,
        top5_accuracy=evaluation.top5_accuracy,
        loss=evaluation.loss,
        samples=evaluation.samples,
    )


def stopped(trainer: Trainer, why: str = "") -> RunEnded:
    """Return the end of a run that was asked to stop, or stops by itself for a reason."""
    best = trainer.best
    return RunEnded(
        step=trainer.step,
        reason="stopped",
        message=why,
        best_epoch=best.epoch if best else None,
        best_val_accuracy=best.val_accuracy if best else None,
        best_val_loss=best.val_loss if best else None,
    )


def finished(trainer: Trainer, test: Evaluation) -> RunEnded:
    """Return the end of a run that has done all its epochs."""
    best = trainer.best
    return RunEnded(
        step=trainer.step,
        reason="finished",
        best_epoch=best.epoch if best else None,
        best_val_accuracy=best.val_accuracy if best else None,
        best_val_loss=best.val_loss if best else None,
        test_accuracy=test.accuracy,
        checkpoint=test.checkpoint,
    )
