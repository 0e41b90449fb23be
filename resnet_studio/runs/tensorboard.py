"""The curves of a run as TensorBoard's event files.

Its records are put together here: tensorboardX's `SummaryWriter` hands everything to a thread of its own through a
bounded queue, on which training would hang for ever once that thread died of a full disk, it overwrites the file of a
run that is resumed within the same second, and its `RecordWriter` leaves half a record where the disk is full.
"""

import socket
import struct
import time
from pathlib import Path
from typing import Any

from resnet_studio.runs.appended import AppendedFile
from resnet_studio.runs.events import EpochDone, Event, Resumed, Step
from resnet_studio.spec.errors import StudioError

_PER_EVENT = {
    "step": {"loss": "loss/train", "accuracy": "accuracy/train", "lr": "lr", "images_per_second": "images_per_second"},
    "epoch_done": {
        "val_loss": "loss/validation",
        "val_accuracy": "accuracy/validation",
        "ema_val_loss": "loss/validation of the average",
        "ema_val_accuracy": "accuracy/validation of the average",
    },
}


class TensorBoard:
    """Writes points of the curves into one new event file.

    Importing tensorboardX loads torch, so it is imported where it is used: reading a run needs neither.
    """

    def __init__(self, folder: Path) -> None:
        """Make the file.

        Raises:
            NotWrittenError: the folder can't be written.
        """
        self._file = AppendedFile(folder / f"events.out.tfevents.{time.time_ns() / 1e9:.6f}.{socket.gethostname()}")
        try:
            self._put(time.time(), file_version="brain.Event:2")
        except StudioError:
            self._file.close()
            raise

    def write(self, event: Event) -> None:
        """Write what of an event belongs into curves.

        Raises:
            NotWrittenError: the disk doesn't take it; no part of it stays behind.
        """
        if isinstance(event, Resumed):
            self._hide_from(event.from_step + 1, event.time)
        elif isinstance(event, (Step, EpochDone)):
            self._scalars(event)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _scalars(self, event: Event) -> None:
        from tensorboardX.proto.summary_pb2 import Summary

        found = ((tag, getattr(event, name)) for name, tag in _PER_EVENT[event.type].items())
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in found if value is not None]
        self._put(event.time, step=event.step, summary=Summary(value=values))

    def _hide_from(self, step: int, moment: float) -> None:
        """Tell TensorBoard to forget what older files of this folder hold from a step on."""
        from tensorboardX.proto.event_pb2 import SessionLog

        self._put(moment, step=step, session_log=SessionLog(status=SessionLog.START))

    def _put(self, moment: float, **content: Any) -> None:
        from tensorboardX.proto.event_pb2 import Event as Record

        data = Record(wall_time=moment, **content).SerializeToString()
        size = struct.pack("<Q", len(data))
        self._file.append(size + _checksum(size) + data + _checksum(data))


def _checksum(data: bytes) -> bytes:
    """Return what guards bytes in a TFRecord: their CRC-32C, turned and shifted."""
    from tensorboardX.crc32c import crc32c

    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
