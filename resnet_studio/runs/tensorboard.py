"""The curves of a run as TensorBoard's event files.

tensorboardX's record writer is driven directly: its `SummaryWriter` hands everything to a thread of its own through a
bounded queue, on which training would hang for ever once that thread died of a full disk, and it overwrites the file
of a run that is resumed within the same second.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from resnet_studio.runs.events import EpochDone, Event, Resumed, RunEnded, Step
from resnet_studio.spec.errors import StudioError

_PER_EVENT = {
    "step": {"loss": "loss/train", "accuracy": "accuracy/train", "lr": "lr", "images_per_second": "images_per_second"},
    "epoch_done": {"val_loss": "loss/validation", "val_accuracy": "accuracy/validation"},
}


class TensorBoard:
    """Writes points of the curves into one new event file.

    Importing tensorboardX loads torch, so it is imported here: reading a run needs neither.
    """

    def __init__(self, folder: Path) -> None:
        from tensorboardX.record_writer import RecordWriter

        self._path = folder / f"events.out.tfevents.{time.time_ns() / 1e9:.6f}.{socket.gethostname()}"
        with self._sentence():
            self._writer = RecordWriter(str(self._path))
            self._put(time.time(), file_version="brain.Event:2")

    def write(self, event: Event) -> None:
        """Write what of an event belongs into curves; at the end of an epoch, put everything on the disk.

        Raises:
            StudioError: the disk doesn't take it.
        """
        with self._sentence():
            if isinstance(event, Resumed):
                self._hide_from(event.from_step + 1, event.time)
            elif isinstance(event, (Step, EpochDone)):
                self._scalars(event)
            if isinstance(event, (EpochDone, RunEnded)):
                self._writer.flush()

    def close(self) -> None:
        """Put everything on the disk and close the file.

        Raises:
            StudioError: the disk doesn't take it.
        """
        with self._sentence():
            self._writer.close()

    @contextmanager
    def _sentence(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StudioError(f"{self._path} can't be written: {error.strerror or error}.") from None

    def _scalars(self, event: Event) -> None:
        from tensorboardX.proto.summary_pb2 import Summary

        values = [
            Summary.Value(tag=tag, simple_value=getattr(event, name)) for name, tag in _PER_EVENT[event.type].items()
        ]
        self._put(event.time, step=event.step, summary=Summary(value=values))

    def _hide_from(self, step: int, moment: float) -> None:
        """Tell TensorBoard to forget what older files of this folder hold from a step on."""
        from tensorboardX.proto.event_pb2 import SessionLog

        self._put(moment, step=step, session_log=SessionLog(status=SessionLog.START))

    def _put(self, moment: float, **content: Any) -> None:
        from tensorboardX.proto.event_pb2 import Event as Record

        self._writer.write(Record(wall_time=moment, **content).SerializeToString())
