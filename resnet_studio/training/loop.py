"""Training as one generator of events: what happens, in the order in which it happens.

It knows no thread, no window and no terminal: whoever takes the events decides where it runs. Each event is in the
run's folder before it is handed out. Closing the generator early is a crash: nothing is saved, and `resume` goes on
from the last checkpoint.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.data.watch import Progress
from resnet_studio.runs.events import (
    CheckpointSaved,
    EpochDone,
    Evaluated,
    Event,
    LrChanged,
    Notice,
    Paused,
    Resumed,
    RunEnded,
    RunStarted,
    Step,
)
from resnet_studio.runs.failure import TrainingFailedError, with_changes
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import History, fold
from resnet_studio.runs.recorder import Recorder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.arithmetic import kept_memory
from resnet_studio.training.checkpoint import DamagedError
from resnet_studio.training.control import Control
from resnet_studio.training.device import resolve
from resnet_studio.training.environment import environment
from resnet_studio.training.evaluate import Evaluation, Validation
from resnet_studio.training.trainer import Trainer

Watcher = Callable[[Progress], None]


def train(
    experiment: ExperimentSpec,
    folder: RunFolder,
    control: Control,
    *,
    images: ImageSet | None = None,
    progress: Watcher | None = None,
) -> Generator[Event, None, None]:
    """Train in a fresh run folder, and yield what happens.

    Args:
        experiment: with everything resolved, see `prepare`.
        folder: made for it, see `RunFolder.create`.
        control: looked at between steps.
        images: what `experiment.data` stands for; loaded where they are not given.
        progress: told how far the loading is.

    Raises:
        LoadingStoppedError: a stop was asked for while the data was being loaded; nothing has begun.
        StudioError: it can't go on; after `run_ended`, the last good checkpoint stands.
    """
    with folder.recording() as record, kept_memory():
        if folder.events():
            raise StudioError(f"{folder.path} has been trained already; resume it, or start a new run.")
        images = images or load(experiment.data, progress=progress, should_stop=control.stop.is_set)
        yield from _recorded(_beginning(experiment, images, folder, control, record), record)


def resume(
    folder: RunFolder,
    control: Control,
    *,
    epochs: int | None = None,
    changes: Mapping[str, Any] | None = None,
    images: ImageSet | None = None,
    progress: Watcher | None = None,
) -> Generator[Event, None, None]:
    """Go on with a run exactly where its newest whole checkpoint stands, and yield what happens.

    Args:
        folder: the run.
        control: looked at between steps; requests that lie in the folder from before are dropped.
        epochs: another number of epochs in all; the schedule of the learning rate is stretched to it.
        changes: values by dotted path that are other from here on, such as `RunEnded.mend`; see `with_changes`.
        images: what the experiment's data stands for; loaded where they are not given.
        progress: told how far the loading is.

    Raises:
        LoadingStoppedError: a stop was asked for while the data was being loaded; nothing has changed.
        StudioError: there is nothing to go on with, or it can't go on.
    """
    with folder.recording() as record, kept_memory():
        before, history = folder.experiment(), fold(folder.events())
        experiment = with_changes(_prolonged(before, history, epochs, folder), changes or {})
        folder.withdraw("stop")
        folder.withdraw("pause")
        images = images or load(experiment.data, progress=progress, should_stop=control.stop.is_set)
        _refuse_other_images(folder, images)
        trainer = Trainer(experiment, images)
        notices = _restore(trainer, folder)
        if trainer.epoch > experiment.training.epochs:
            raise StudioError(f"{folder.path} has {trainer.epoch} epochs already; give --epochs more than that.")
        if experiment != before:
            folder.write_experiment(experiment)
        yield from _recorded(_going_on(trainer, before, history, notices, folder, control, record), record)


def _beginning(
    experiment: ExperimentSpec, images: ImageSet, folder: RunFolder, control: Control, record: Recorder
) -> Iterator[Event]:
    folder.write_environment(environment(resolve(experiment.training.device), images))
    trainer = Trainer(experiment, images)
    yield _started(trainer)
    for note in (*images.remarks, *trainer.remarks):
        yield Notice(step=0, message=note)
    yield from _to_the_end(trainer, folder, control, record)


def _going_on(
    trainer: Trainer,
    before: ExperimentSpec,
    history: History,
    notices: list[str],
    folder: RunFolder,
    control: Control,
    record: Recorder,
) -> Iterator[Event]:
    yield Resumed(step=trainer.step, from_step=trainer.step)
    if history.started is None:
        yield _started(trainer)
    for message in notices:
        yield Notice(step=trainer.step, message=message)
    if not trainer.is_done and trainer.rate != trainer.rate_of(before.training):
        yield LrChanged(step=trainer.step, lr=trainer.rate)
    yield from _to_the_end(trainer, folder, control, record)


def _recorded(events: Iterator[Event], record: Recorder) -> Iterator[Event]:
    """Put each event into the folder before it is passed on; a run that can't go on says there why."""
    step = 0
    try:
        for event in events:
            step = event.step
            yield record(event)
    except StudioError as error:
        mend = error.mend if isinstance(error, TrainingFailedError) else {}
        yield record(RunEnded(step=step, reason="failed", message=str(error), mend=mend or None))
        # without the frames of the trainer: they hold all that it has in the memory of the device
        raise error.with_traceback(None) from None


def _to_the_end(trainer: Trainer, folder: RunFolder, control: Control, record: Recorder) -> Iterator[Event]:
    """Train all epochs and test the best, or end with a checkpoint where a stop is asked for."""

    def is_interrupted() -> bool:
        return control.request(folder) is not None

    began = time.perf_counter()
    while not trainer.is_done:
        while not trainer.epoch_is_trained:
            trainer.advance(is_interrupted)
            if trainer.point_is_due:
                yield _point(trainer)
            if trainer.checkpoint_is_due:
                yield _saved(trainer, folder, record)
            if is_interrupted() and not (yield from _halt(trainer, folder, control, record)):
                return
        validation = trainer.validate(is_interrupted)
        if validation is None:
            # the epoch is trained: after a pause, or in a resumed run, only its validation is done again
            if not (yield from _halt(trainer, folder, control, record)):
                return
            continue
        yield _epoch_done(trainer, validation, time.perf_counter() - began)
        began = time.perf_counter()
        for note in validation.notes:
            yield Notice(step=trainer.step, message=note)
        if trainer.epoch_is_kept:
            yield _saved(trainer, folder, record, validation)
    if trainer.patience_is_out:
        message = f"No better validation accuracy in {trainer.experiment.training.early_stop_patience} epochs."
        yield Notice(step=trainer.step, message=message)
    yield from _finish(trainer, folder, control)


def _halt(trainer: Trainer, folder: RunFolder, control: Control, record: Recorder) -> Generator[Event, None, bool]:
    """Save, wait while a pause is asked for, and return whether to go on."""
    if not trainer.is_saved:
        yield _saved(trainer, folder, record)
    if control.request(folder) == "pause":
        yield Paused(step=trainer.step)
        control.wait(folder)
        if control.request(folder) is None:
            yield Resumed(step=trainer.step, from_step=trainer.step)
    if control.request(folder) != "stop":
        return True
    yield _stopped(trainer, folder)
    return False


def _finish(trainer: Trainer, folder: RunFolder, control: Control) -> Iterator[Event]:
    """Test the best average of the weights, where there is one, and the best checkpoint.

    Of either, the last one is tested where the best is not kept any more.
    """
    index = folder.checkpoints()
    ema, best = index.find("ema") or index.find("last/ema"), index.find("best") or index.find("last")
    if best is None:
        raise StudioError(f"{folder.path} has no checkpoint left to test; train again.")
    candidates = [(best, False)] if ema is None else [(ema, True), (best, False)]
    evaluations: list[Evaluation] = []
    for tested, average in candidates:
        path = folder.checkpoints_path / tested.name
        evaluation = trainer.test(path, lambda: control.request(folder) == "stop", average=average)
        if evaluation is None:
            yield _stopped(trainer, folder)
            return
        evaluations.append(evaluation)
        yield _evaluated(trainer, evaluation)
    yield _ended(trainer, evaluations[-1])


def _evaluated(trainer: Trainer, evaluation: Evaluation) -> Evaluated:
    return Evaluated(
        step=trainer.step,
        split=evaluation.split,
        checkpoint=evaluation.checkpoint,
        accuracy=evaluation.accuracy,
        top5_accuracy=evaluation.top5_accuracy,
        loss=evaluation.loss,
        samples=evaluation.samples,
    )


def _started(trainer: Trainer) -> RunStarted:
    training = trainer.experiment.training
    return RunStarted(
        step=0,
        parameters=trainer.parameters,
        device=training.device,
        precision=training.precision,
        steps_per_epoch=trainer.steps_per_epoch,
    )


def _point(trainer: Trainer) -> Step:
    sums, rate, images_per_second = trainer.point()
    return Step(
        step=trainer.step,
        epoch=trainer.epoch + 1,
        loss=sums.mean_loss,
        accuracy=sums.accuracy,
        lr=rate,
        images_per_second=images_per_second,
    )


def _epoch_done(trainer: Trainer, validation: Validation, seconds: float) -> EpochDone:
    sums = trainer.end_epoch(validation)
    return EpochDone(
        step=trainer.step,
        epoch=trainer.epoch,
        train_loss=sums.mean_loss,
        train_accuracy=sums.accuracy,
        seconds=seconds,
        **validation.figures(),
    )


def _saved(
    trainer: Trainer, folder: RunFolder, record: Recorder, validation: Validation | None = None
) -> CheckpointSaved:
    # what happened before a checkpoint must not be lost with the power when the checkpoint isn't
    record.sync()
    index = trainer.save(folder.checkpoints_path, validation)
    return CheckpointSaved(step=trainer.step, checkpoint=f"step-{trainer.step}", epoch=trainer.epoch, best=index.best)


def _stopped(trainer: Trainer, folder: RunFolder) -> RunEnded:
    folder.withdraw("stop")
    best = trainer.best
    return RunEnded(
        step=trainer.step,
        reason="stopped",
        best_epoch=best.epoch if best else None,
        best_val_accuracy=best.val_accuracy if best else None,
        best_val_loss=best.val_loss if best else None,
    )


def _ended(trainer: Trainer, test: Evaluation) -> RunEnded:
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


def _prolonged(experiment: ExperimentSpec, history: History, epochs: int | None, folder: RunFolder) -> ExperimentSpec:
    """Return the experiment with another number of epochs, where one is given.

    Raises:
        StudioError: the run is finished, and no more epochs are wanted.
    """
    finished = history.ended is not None and history.ended.reason == "finished"
    done = len(history.epochs)
    if finished and (epochs is None or epochs <= done):
        raise StudioError(f"{folder.path} is finished after {done} epochs; give --epochs more than that to go on.")
    return experiment if epochs is None else with_values(experiment, {"training.epochs": epochs})


def _refuse_other_images(folder: RunFolder, images: ImageSet) -> None:
    known = folder.environment().get("data", {}).get("fingerprint", images.fingerprint)
    if known != images.fingerprint:
        raise StudioError(
            f"The images of {images.title} are not those that {folder.path} was trained on (their fingerprint was "
            f"{known[:12]} and is {images.fingerprint[:12]}); bring those back, or start a new run."
        )


def _restore(trainer: Trainer, folder: RunFolder) -> list[str]:
    """Stand where the newest whole checkpoint was written, and return what there is to say about others."""
    notices: list[str] = []
    for checkpoint in reversed(folder.checkpoints().checkpoints):
        try:
            trainer.restore(folder.checkpoints_path / checkpoint.name)
        except DamagedError as error:
            notices.append(f"{error} The one before it is used.")
        else:
            return notices
    return notices and [
        *notices[:-1],
        f"{notices[-1].removesuffix(' The one before it is used.')} The run begins anew.",
    ]
