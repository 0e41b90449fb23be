"""Training as one generator of events: what happens, in the order in which it happens.

It knows no thread, no window and no terminal: whoever takes the events decides where it runs. Each event is in the
run's folder before it is handed out. Closing the generator early is a crash: `resume` goes on from the last checkpoint
that was begun.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.data.watch import Progress
from resnet_studio.runs.events import CheckpointSaved, Event, LrChanged, Notice, Paused, Resumed, RunEnded
from resnet_studio.runs.failure import with_changes
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import History, fold
from resnet_studio.spec.errors import NotWrittenError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training import story
from resnet_studio.training.arithmetic import kept_memory
from resnet_studio.training.control import Control
from resnet_studio.training.device import resolve
from resnet_studio.training.disk import Disk
from resnet_studio.training.environment import environment
from resnet_studio.training.evaluate import Evaluation, Validation
from resnet_studio.training.limit import TimeLimit
from resnet_studio.training.returning import prolonged, refuse_other_images, restore, untold
from resnet_studio.training.trainer import Trainer
from resnet_studio.training.writer import Writer

Watcher = Callable[[Progress], None]


@dataclass(frozen=True)
class _Run:
    """What a run goes on with."""

    trainer: Trainer
    folder: RunFolder
    control: Control
    disk: Disk
    writer: Writer
    limit: TimeLimit

    def is_interrupted(self) -> bool:
        return self.limit.is_reached or self.control.request(self.folder) is not None

    def is_stopped(self) -> bool:
        return self.control.request(self.folder) == "stop"


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
        changes: values by dotted path that are other from here on, such as `RunEnded.mend`; see `with_changes`.
        images: what the experiment's data stands for; loaded where they are not given.
        progress: told how far the loading is.

    Raises:
        LoadingStoppedError: a stop was asked for while the data was being loaded; nothing has changed.
        StudioError: there is nothing to go on with, or it can't go on.
    """
    before, events = folder.experiment(), folder.events()
    history = fold(events)
    experiment = with_changes(prolonged(before, history, epochs, folder), changes or {})
    with _recording(folder, control, experiment) as (disk, writer):
        folder.withdraw("stop")
        folder.withdraw("pause")
        images = images or load(experiment.data, progress=progress, should_stop=control.stop.is_set)
        refuse_other_images(folder, images)
        trainer = Trainer(experiment, images)
        notices = restore(trainer, folder)
        if trainer.epoch > experiment.training.epochs:
            raise StudioError(f"{folder.path} has {trainer.epoch} epochs already; give --epochs more than that.")
        if experiment != before:
            folder.write_experiment(experiment)
        run = _Run(trainer, folder, control, disk, writer, TimeLimit(experiment.training.max_minutes, events))
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
    yield from _to_the_end(_Run(trainer, folder, control, disk, writer, TimeLimit(experiment.training.max_minutes)))


def _going_on(
    run: _Run, images: ImageSet, before: ExperimentSpec, history: History, notices: list[str]
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


def _to_the_end(run: _Run) -> Iterator[Event]:
    """Train all epochs and test the best, or end with a checkpoint where a stop is asked for."""
    try:
        if (yield from _epochs(run)):
            yield from _finish(run)
    except StudioError:
        # what was begun before counts all the same: it is whole, or has failed before
        with suppress(NotWrittenError):
            saved = run.writer.settle()
            if saved is not None:
                yield saved
        raise


def _epochs(run: _Run) -> Generator[Event, None, bool]:
    """Train all epochs and return whether they are done; not so where a stop was asked for, or the time is up."""
    trainer, began = run.trainer, time.perf_counter()
    while not trainer.is_done:
        while not trainer.epoch_is_trained:
            trainer.advance(run.is_interrupted)
            if trainer.point_is_due:
                yield story.point(trainer)
            if trainer.checkpoint_is_due or run.disk.is_new:
                yield from _save(run)
            elif run.writer.is_held_up:
                yield from _settle(run)
            if run.is_interrupted() and not (yield from _halt(run)):
                return False
        yield from _settle(run)
        validation = trainer.validate(run.is_interrupted)
        if validation is None:
            # the epoch is trained: after a pause, or in a resumed run, only its validation is done again
            if not (yield from _halt(run)):
                return False
            continue
        yield story.epoch_done(trainer, validation, time.perf_counter() - began)
        began = time.perf_counter()
        for note in validation.notes:
            yield Notice(step=trainer.step, message=note)
        if trainer.epoch_is_kept or run.disk.is_new:
            yield from _save(run, validation)
    if trainer.patience_is_out:
        message = f"No better validation accuracy in {trainer.experiment.training.early_stop_patience} epochs."
        yield Notice(step=trainer.step, message=message)
    return True


def _save(run: _Run, validation: Validation | None = None) -> Iterator[Event]:
    """Begin to write a checkpoint of the run as it stands, after the one before it."""
    yield from _settle(run)
    run.disk.is_new = False
    run.writer.begin(run.trainer.snapshot(validation))


def _settle(run: _Run) -> Iterator[Event]:
    """Wait for the checkpoint that was begun, and tell that it stands.

    Where a run does so is part of its story, and never depends on how quick the disk is: before the next checkpoint,
    before the epoch's validation, and before it waits or ends.
    """
    saved: list[CheckpointSaved | None] = []
    yield from run.disk.insist(lambda: saved.append(run.writer.again()), run.trainer.step)
    yield from (each for each in saved if each is not None)


def _halt(run: _Run) -> Generator[Event, None, bool]:
    """Save, wait while a pause is asked for, and return whether to go on."""
    trainer, control, folder = run.trainer, run.control, run.folder
    yield from _settle(run)
    if not trainer.is_saved or run.disk.is_new:
        yield from _save(run)
        yield from _settle(run)
    if run.limit.is_reached:
        yield _stopped(run, run.limit.sentence)
        return False
    if control.request(folder) == "pause":
        yield Paused(step=trainer.step)
        with run.limit.resting():
            control.wait(folder)
        if control.request(folder) is None:
            yield Resumed(step=trainer.step, from_step=trainer.step)
    if not run.is_stopped():
        return True
    yield _stopped(run)
    return False


def _finish(run: _Run) -> Iterator[Event]:
    """Test the best average of the weights, where there is one, and the best checkpoint.

    Of either, the last one is tested where the best is not kept any more.
    """
    trainer, folder = run.trainer, run.folder
    yield from _settle(run)
    if run.disk.is_new:
        yield from _save(run)
        yield from _settle(run)
    index = folder.checkpoints()
    ema, best = index.find("ema") or index.find("last/ema"), index.find("best") or index.find("last")
    if best is None:
        raise StudioError(f"{folder.path} has no checkpoint left to test; train again.")
    candidates = [(best, False)] if ema is None else [(ema, True), (best, False)]
    evaluations: list[Evaluation] = []
    for tested, average in candidates:
        evaluation = trainer.test(folder.checkpoints_path / tested.name, run.is_stopped, average=average)
        if evaluation is None:
            yield _stopped(run)
            return
        evaluations.append(evaluation)
        yield story.evaluated(trainer, evaluation)
    yield story.finished(trainer, evaluations[-1])


def _stopped(run: _Run, why: str = "") -> RunEnded:
    with suppress(NotWrittenError):  # a request that can't be taken away does no harm: `resume` drops those from before
        run.folder.withdraw("stop")
    return story.stopped(run.trainer, why)
