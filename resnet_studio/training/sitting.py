"""One sitting of a run, from its start or resumption to its end: what it keeps on the disk, and where it waits."""

from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass

from resnet_studio.runs.events import CheckpointSaved, Event, Paused, Resumed, RunEnded
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import NotWrittenError
from resnet_studio.training import story
from resnet_studio.training.checkpoint import UnboundedError
from resnet_studio.training.control import Control
from resnet_studio.training.disk import Disk
from resnet_studio.training.failures import NotFiniteError, spoiled
from resnet_studio.training.limit import TimeLimit
from resnet_studio.training.memory import smaller_batches, within_memory
from resnet_studio.training.schedule import rate_at
from resnet_studio.training.trainer import Trainer
from resnet_studio.training.writer import Writer


@dataclass(frozen=True)
class Sitting:
    """What a run goes on with."""

    trainer: Trainer
    folder: RunFolder
    control: Control
    disk: Disk
    writer: Writer
    limit: TimeLimit

    def is_interrupted(self) -> bool:
        """Whether a stop or a pause is asked for, or the time is up."""
        return self.limit.is_reached or self.control.request(self.folder) is not None

    def is_stopped(self) -> bool:
        """Whether a stop is asked for."""
        return self.control.request(self.folder) == "stop"

    def save(self) -> Iterator[Event]:
        """Begin to write a checkpoint of the run as it stands, after the one before it.

        Raises:
            StudioError: the loss or the gradient of a step is not finite, or the memory of the device is too small.
        """
        yield from self.settle()
        self.disk.is_new = False
        self.writer.begin(within_memory(self.trainer.snapshot, *smaller_batches(self.trainer.experiment.training)))

    def settle(self) -> Iterator[Event]:
        """Wait for the checkpoint that was begun, and tell that it stands.

        Where a run does so is part of its story, and never depends on how quick the disk is: before the next
        checkpoint, before the epoch's validation, and before it waits or ends.

        Raises:
            NotFiniteError: the weights in it are not, so that it was not written.
        """
        saved: list[CheckpointSaved | None] = []
        try:
            yield from self.disk.insist(lambda: saved.append(self.writer.again()), self.trainer.step)
        except UnboundedError as error:
            failure = self._spoiled(error)
        else:
            yield from (each for each in saved if each is not None)
            return
        raise failure

    def leave(self) -> Iterator[Event]:
        """Tell of the checkpoint that was begun before a run failed: it counts all the same.

        Raises:
            NotFiniteError: the weights in it are not finite: what failed has begun before it.
            NotWrittenError: the disk doesn't take it.
        """
        try:
            saved = self.writer.settle()
        except UnboundedError as error:
            failure = self._spoiled(error)
        else:
            if saved is not None:
                yield saved
            return
        raise failure

    def halt(self) -> Generator[Event, None, bool]:
        """Save, wait while a pause is asked for, and return whether to go on."""
        trainer, control, folder = self.trainer, self.control, self.folder
        yield from self.settle()
        if not trainer.is_saved or self.disk.is_new:
            yield from self.save()
            yield from self.settle()
        if self.limit.is_reached:
            yield self.stopped(self.limit.sentence)
            return False
        if control.request(folder) == "pause":
            yield Paused(step=trainer.step)
            with self.limit.resting():
                control.wait(folder)
            if control.request(folder) is None:
                yield Resumed(step=trainer.step, from_step=trainer.step)
        if not self.is_stopped():
            return True
        yield self.stopped()
        return False

    def stopped(self, why: str = "") -> RunEnded:
        """Return the end of a run that was asked to stop, or stops by itself for a reason; the request is done with."""
        with suppress(NotWrittenError):  # one that stays does no harm: `resume` drops those from before
            self.folder.withdraw("stop")
        return story.stopped(self.trainer, why)

    def _spoiled(self, error: UnboundedError) -> NotFiniteError:
        last, training = self.folder.checkpoints().find("last"), self.trainer.experiment.training
        rate = rate_at(training, error.step - 1, self.trainer.steps_per_epoch)
        return spoiled(training, error.key, error.step, rate, last.step if last else 0)
