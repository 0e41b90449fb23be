"""Checkpoints written by a thread of their own while training goes on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from resnet_studio.runs.events import CheckpointSaved
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import NotWrittenError
from resnet_studio.training.checkpoint import Snapshot, save_checkpoint


class Writer:
    """Writes one snapshot at a time.

    That a checkpoint stands is told by `settle`, which the training calls at places that don't depend on how quick the
    disk is: so the same run tells the same story on any machine.
    """

    def __init__(self, folder: RunFolder, sync: Callable[[], None]) -> None:
        """Start nothing yet.

        Args:
            folder: the run.
            sync: puts its events on the disk: what happened before a checkpoint must not be lost with the power when
                the checkpoint isn't.
        """
        self._folder, self._sync = folder, sync
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")
        self._snapshot: Snapshot | None = None
        self._writing: Future[CheckpointSaved] | None = None

    @property
    def is_held_up(self) -> bool:
        """Whether the disk didn't take what was begun."""
        writing = self._writing
        return writing is not None and writing.done() and isinstance(writing.exception(), NotWrittenError)

    def begin(self, snapshot: Snapshot) -> None:
        """Write a snapshot while others go on; the one before it must be settled."""
        self._snapshot = snapshot
        self._writing = self._thread.submit(self._write, snapshot)

    def settle(self) -> CheckpointSaved | None:
        """Wait for what was begun, and return what happened; None where there is nothing to tell.

        Raises:
            NotWrittenError: the disk doesn't take it, see `again`.
            UnboundedError: a number in it is not finite.
        """
        if self._writing is None:
            return None
        writing = self._writing
        # what the disk didn't take stays for another attempt
        if not isinstance(writing.exception(), NotWrittenError):
            self._writing = self._snapshot = None
        return writing.result()

    def again(self) -> CheckpointSaved | None:
        """Wait for what was begun; where the disk didn't take it, try once more.

        Raises:
            NotWrittenError: the disk still doesn't take it.
            UnboundedError: a number in it is not finite.
        """
        if self.is_held_up and self._snapshot is not None:
            self.begin(self._snapshot)
        return self.settle()

    def close(self) -> None:
        """Wait for what was begun, whatever becomes of it, and end the thread."""
        self._thread.shutdown()

    def _write(self, snapshot: Snapshot) -> CheckpointSaved:
        snapshot.wait()
        self._sync()
        kept = snapshot.kept
        index = save_checkpoint(self._folder.checkpoints_path, snapshot.position, kept, snapshot.tensors)
        return CheckpointSaved(step=kept.step, checkpoint=kept.name, epoch=kept.epoch, best=index.best)
