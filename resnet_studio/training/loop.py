"""Training as one generator of events: what happens, in the order in which it happens.

It knows no thread, no window and no terminal: whoever takes the events decides where it runs. Each event is in the
run's folder before it is handed out. Closing the generator early is a crash: `resume` goes on from the last checkpoint
that was begun.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.data.watch import Progress
from resnet_studio.runs.events import Event, LrChanged, Notice, Resumed
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import History, fold
from resnet_studio.spec.errors import NotWrittenError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training import story
from resnet_studio.training.checkpoint_state import DamagedError
from resnet_studio.training.control import Control
from resnet_studio.training.device import resolve
from resnet_studio.training.disk import Disk
from resnet_studio.training.environment import environment
from resnet_studio.training.evaluate import Evaluation
from resnet_studio.training.heap import kept_memory
from resnet_studio.training.limit import TimeLimit
from resnet_studio.training.machine import other_bits, threads_of
from resnet_studio.training.returning import going_on, refuse_other_images, restore, untold
from resnet_studio.training.sitting import Sitting
from resnet_studio.training.trainer import Trainer
from resnet_studio.training.writer import Writer

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
    with _recording(folder, control, experiment) as (disk, writer):
        if folder.events():
            raise StudioError(f"{folder.path} has been trained already; resume it, or start a new run.")
        images = images or load(experiment.data, progress=progress, should_stop=control.stop.is_set)
        yield from disk.record(_beginning(experiment, images, folder, control, disk, writer))


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
        changes: values by dotted path that are other from here on, such as `RunEnded.mend`; see `going_on`.
        images: what the experiment's data stands for; loaded where they are not given.
        progress: told how far the loading is.

    Raises:
        LoadingStoppedError: a stop was asked for while the data was being loaded; nothing has changed.
        StudioError: there is nothing to go on with, or it can't go on.
    """
    before, events = folder.experiment(), folder.events()
    history = fold(events)
    experiment = going_on(before, history, folder, epochs=epochs, changes=changes)
    with _recording(folder, control, experiment) as (disk, writer), threads_of(disk.environment):
        if folder.events() != events:
            raise StudioError(f"{folder.path} has gone on in another process meanwhile; resume it again.")
        folder.withdraw("stop")
        folder.withdraw("pause")
        images = images or load(experiment.data, progress=progress, should_stop=control.stop.is_set)
        refuse_other_images(folder, images)
        trainer = Trainer(experiment, images)
        training = experiment.training
        notices = [
            *restore(trainer, folder),
            *other_bits(disk.environment, resolve(training.device), deterministic=training.deterministic),
        ]
        if trainer.epoch > training.epochs:
            raise StudioError(f"{folder.path} has {trainer.epoch} epochs already; give --epochs more than that.")
        if experiment != before:
            folder.write_experiment(experiment)
        run = Sitting(trainer, folder, control, disk, writer, TimeLimit(training.max_minutes, events))
        yield from disk.record(_going_on(run, images, before, history, notices))


@contextmanager
def _recording(folder: RunFolder, control: Control, experiment: ExperimentSpec) -> Iterator[tuple[Disk, Writer]]:
    """Be the one who trains this run; at the end, wait for the checkpoint that is being written."""
    with folder.recording() as record, kept_memory(), closing(Writer(folder, record.sync)) as writer:
        yield Disk(folder, control, record, experiment), writer


def _beginning(
    experiment: ExperimentSpec, images: ImageSet, folder: RunFolder, control: Control, disk: Disk, writer: Writer
) -> Iterator[Event]:
    disk.environment = environment(resolve(experiment.training.device), images)
    yield from disk.insist(lambda: folder.write_environment(disk.environment), step=0)
    trainer = Trainer(experiment, images)
    yield story.started(trainer)
    for note in (*images.remarks, *trainer.remarks):
        yield Notice(step=0, message=note)
    yield from _to_the_end(Sitting(trainer, folder, control, disk, writer, TimeLimit(experiment.training.max_minutes)))


def _going_on(
    run: Sitting, images: ImageSet, before: ExperimentSpec, history: History, notices: list[str]
) -> Iterator[Event]:
    trainer = run.trainer
    yield Resumed(step=trainer.step, from_step=trainer.step)
    if not run.disk.environment:
        # it died before its first event
        run.disk.environment = environment(resolve(trainer.experiment.training.device), images)
        yield from run.disk.insist(lambda: run.folder.write_environment(run.disk.environment), trainer.step)
    if history.started is None:
        yield story.started(trainer)
        parent = run.disk.environment.get("parent")
        if parent is not None:
            yield Notice(step=trainer.step, message=f"Goes on from {parent['checkpoint']} of {parent['run']}.")
    for message in notices:
        yield Notice(step=trainer.step, message=message)
    yield from untold(trainer, run.folder, history)
    if not trainer.is_done and trainer.rate != trainer.rate_of(before.training):
        yield LrChanged(step=trainer.step, lr=trainer.rate)
    yield from _to_the_end(run)


def _to_the_end(run: Sitting) -> Iterator[Event]:
    """Train all epochs and test the best, or end with a checkpoint where a stop is asked for."""
    try:
        if (yield from _epochs(run)):
            yield from _finish(run)
    except StudioError as error:
        failure = error
    else:
        return
    # outside of the except block, which would be the context of what is raised here, with all the trainer's frames
    with suppress(NotWrittenError):
        yield from run.leave()
    raise failure


def _epochs(run: Sitting) -> Generator[Event, None, bool]:
    """Train all epochs and return whether they are done; not so where a stop was asked for, or the time is up."""
    trainer, began = run.trainer, time.perf_counter()
    while not trainer.is_done:
        while not trainer.epoch_is_trained:
            trainer.advance(run.is_interrupted)
            if trainer.point_is_due:
                yield story.point(trainer)
            if trainer.checkpoint_is_due or run.disk.is_new:
                yield from run.save()
            elif run.writer.is_held_up:
                yield from run.settle()
            if run.is_interrupted() and not (yield from run.halt()):
                return False
        yield from run.settle()
        validation = trainer.validate(run.is_interrupted)
        if validation is None:
            # the epoch is trained: after a pause, or in a resumed run, only its validation is done again
            if not (yield from run.halt()):
                return False
            continue
        yield story.epoch_done(trainer, validation, time.perf_counter() - began)
        began = time.perf_counter()
        for note in validation.notes:
            yield Notice(step=trainer.step, message=note)
        if trainer.epoch_is_kept or run.disk.is_new:
            yield from run.save()
    if trainer.patience_is_out:
        message = f"No better validation accuracy in {trainer.experiment.training.early_stop_patience} epochs."
        yield Notice(step=trainer.step, message=message)
    return True


def _finish(run: Sitting) -> Iterator[Event]:
    """Test the best average of the weights, where there is one, and the best checkpoint.

    Of either, the last one is tested where the best is not kept any more, or is damaged.
    """
    trainer, folder = run.trainer, run.folder
    yield from run.settle()
    if run.disk.is_new:
        yield from run.save()
        yield from run.settle()
    evaluation: Evaluation | None = None
    for average in (True, False) if folder.checkpoints().find("last/ema") else (False,):
        evaluation = yield from _tested(run, average=average)
        if evaluation is None:
            yield run.stopped()
            return
        yield story.evaluated(trainer, evaluation)
    if evaluation is not None:
        yield story.finished(trainer, evaluation)


def _tested(run: Sitting, *, average: bool) -> Generator[Event, None, Evaluation | None]:
    """Return the figures of the best checkpoint on the test images; None where it was stopped.

    Raises:
        StudioError: no checkpoint is left that is whole.
    """
    trainer, folder, index = run.trainer, run.folder, run.folder.checkpoints()
    wanted = ("ema", "last/ema") if average else ("best", "last")
    found = (index.find(which) for which in wanted)
    for name in dict.fromkeys(each.name for each in found if each is not None):
        try:
            return trainer.test(folder.checkpoints_path / name, run.is_stopped, average=average)
        except DamagedError as error:
            damage = str(error)
        yield Notice(step=trainer.step, message=f"{damage} It was not tested.")
    raise StudioError(f"{folder.path} has no checkpoint left to test; train again.")
