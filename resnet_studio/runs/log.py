"""The file of events: one JSON object a line, appended, never changed."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resnet_studio.runs.events import Event, from_json, to_json
from resnet_studio.spec.errors import StudioError


def read_events(path: Path, offset: int = 0) -> tuple[list[Event], int]:
    """Return the events of a file from a byte offset on, and the offset at which to go on reading.

    A last line without its end is still being written, or was torn by a crash; it is left for the next time. No file
    is no events.

    Raises:
        StudioError: the file can't be read, or a whole line of it is no event.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read()
    except FileNotFoundError:
        return [], offset
    except OSError as error:
        raise StudioError(f"{path} can't be read: {error.strerror or error}.") from None
    whole = content[: content.rfind(b"\n") + 1]
    return [_event(line, path) for line in whole.splitlines()], offset + len(whole)


class EventLog:
    """The file of events, open at its end."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path
        self._size = os.fstat(descriptor).st_size

    def append(self, event: Event) -> None:
        """Append one event; from the return on it outlives the process.

        Raises:
            StudioError: the disk doesn't take it; no part of the line stays behind.
        """
        line = json.dumps(to_json(event), ensure_ascii=False, allow_nan=False).encode() + b"\n"
        try:
            rest = line
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            os.ftruncate(self._descriptor, self._size)
            raise _not_written(self._path, error) from None
        self._size += len(line)

    def sync(self) -> None:
        """Put what was appended on the disk: from the return on it outlives a power cut.

        Raises:
            StudioError: the disk doesn't take it.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise _not_written(self._path, error) from None


@contextmanager
def appending(path: Path) -> Iterator[EventLog]:
    """Open a file of events at its end, made where there is none; a line torn by a crash is cut off first.

    Raises:
        StudioError: the file can't be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
    except OSError as error:
        raise _not_written(path, error) from None
    try:
        _cut_torn_line(descriptor)
        yield EventLog(descriptor, path)
    finally:
        os.close(descriptor)


def _cut_torn_line(descriptor: int) -> None:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    end, block = size, 1 << 16
    while end > 0:
        start = max(0, end - block)
        os.lseek(descriptor, start, os.SEEK_SET)
        newline = os.read(descriptor, end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        os.ftruncate(descriptor, end)


def _event(line: bytes, path: Path) -> Event:
    try:
        return from_json(json.loads(line))
    except (ValueError, StudioError) as error:
        shown = line[:60].decode(errors="replace")
        raise StudioError(f"{path}: the line {shown!r} is no event: {error}") from None


def _not_written(path: Path, error: OSError) -> StudioError:
    return StudioError(f"{path} can't be written: {error.strerror or error}.")
