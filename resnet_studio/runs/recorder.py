"""Putting events into a run's folder as they happen; what the disk doesn't take is kept until it does."""

from collections import deque
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeVar

from resnet_studio.runs.events import Event
from resnet_studio.runs.log import EventLog
from resnet_studio.runs.tensorboard import TensorBoard
from resnet_studio.spec.errors import NotWrittenError, StudioError
from resnet_studio.spec.lock import locked

AnyEvent = TypeVar("AnyEvent", bound=Event)


class Recorder:
    """Appends events to a run's file and to its TensorBoard curves, in their order and each one once."""

    def __init__(self, folder: Path) -> None:
        """Take the folder's lock and open its files.

        Raises:
            StudioError: another process records into it already.
            NotWrittenError: the folder can't be written.
        """
        self._unwritten: deque[Event] = deque()
        self._undrawn: deque[Event] = deque()
        self._opened, self._log, self._board = _opened(folder)

    def __call__(self, event: AnyEvent) -> AnyEvent:
        """Record an event, after those that the disk didn't take before, and return it.

        Raises:
            NotWrittenError: the disk doesn't take it now; it is kept for the next time.
        """
        self.add(event)
        self.catch_up()
        return event

    def add(self, event: Event) -> None:
        """Put an event into the line of those to record; `catch_up` does it."""
        self._unwritten.append(event)

    def catch_up(self) -> None:
        """Record the events that the disk didn't take before.

        Raises:
            NotWrittenError: it still doesn't.
        """
        while self._unwritten:
            self._log.append(self._unwritten[0])
            self._undrawn.append(self._unwritten.popleft())
        while self._undrawn:
            self._board.write(self._undrawn[0])
            self._undrawn.popleft()

    def move(self, folder: Path) -> None:
        """Go on in another folder, or in a new one of the same name, with all the events so far.

        Raises:
            StudioError: another process records into that one.
            NotWrittenError: it can't be written, or it holds another run; nothing has changed.
        """
        opened, log, board = _opened(folder)
        with opened:
            # a folder that was away and came back has what it had
            if not self._log.content.startswith(log.content):
                raise NotWrittenError(folder, "it holds the events of another run; choose another folder")
            log.extend(bytes(self._log.content[len(log.content) :]))
            self._opened.close()
            self._opened, self._log, self._board = opened.pop_all(), log, board

    def sync(self) -> None:
        """Put everything recorded on the disk; any thread may ask for it.

        Raises:
            NotWrittenError: the disk doesn't take it.
        """
        self._log.sync()

    def close(self) -> None:
        """Close the files and leave the folder to others."""
        self._opened.close()


def _opened(folder: Path) -> tuple[ExitStack, EventLog, TensorBoard]:
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder / ".lock"))
        except BlockingIOError:
            raise StudioError(f"{folder} is being trained already; wait for it or stop it first.") from None
        except OSError as error:
            raise NotWrittenError(folder, error) from None
        log = stack.enter_context(closing(EventLog(folder / "events.jsonl")))
        board = stack.enter_context(closing(TensorBoard(folder)))
        return stack.pop_all(), log, board
