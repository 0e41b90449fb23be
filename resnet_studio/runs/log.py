"""The file of events: one JSON object a line, appended, never changed."""

import json
from pathlib import Path

from resnet_studio.runs.appended import AppendedFile
from resnet_studio.runs.events import Event, Notice, from_json, to_json
from resnet_studio.spec.errors import StudioError


def read_events(path: Path, offset: int = 0) -> tuple[list[Event], int]:
    """Return the events of a file from a byte offset on, and the offset at which to go on reading.

    A last line without its end is still being written, or was torn by a crash; it is left for the next time. A whole
    line that is no event costs nothing but what it said: a notice stands in its place. No file is no events.

    Raises:
        StudioError: the file can't be read.
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
    events: list[Event] = []
    for line in whole.splitlines():
        try:
            events.append(from_json(json.loads(line)))
        except (ValueError, StudioError):
            message = f"{path}: the line {line[:60].decode(errors='replace')!r} is damaged and left out."
            step, time = (events[-1].step, events[-1].time) if events else (0, 0.0)
            events.append(Notice(step=step, time=time, message=message))
    return events, offset + len(whole)


class EventLog:
    """The file of events, open at its end, and all that it holds: should its folder vanish, another is filled from it.

    Attributes:
        content: the bytes of the file.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, made where there is none; a line torn by a crash is cut off first.

        Raises:
            NotWrittenError: it can't be written.
        """
        self._file = AppendedFile(path)
        try:
            content = self._file.read()
            self.content = bytearray(content[: content.rfind(b"\n") + 1])
            if len(self.content) < len(content):
                self._file.cut(len(self.content))
        except StudioError:
            self._file.close()
            raise

    def append(self, event: Event) -> None:
        """Append one event; from the return on it outlives the process.

        Raises:
            NotWrittenError: the disk doesn't take it; no part of the line stays behind.
        """
        self.extend(json.dumps(to_json(event), ensure_ascii=False, allow_nan=False).encode() + b"\n")

    def extend(self, lines: bytes) -> None:
        """Append the lines of another file of events.

        Raises:
            NotWrittenError: the disk doesn't take them; no part of them stays behind.
        """
        self._file.append(lines)
        self.content += lines

    def sync(self) -> None:
        """Put what was appended on the disk: from the return on it outlives a power cut.

        Raises:
            NotWrittenError: the disk doesn't take it.
        """
        self._file.sync()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
