"""A thread for the life of the program that runs generators, and the one door through which their results come back.

A job is a plain generator that knows nothing of Qt. What it yields goes into a deque; a timer of the GUI thread takes
it out in batches. No signal crosses a thread: a queued signal per step costs 7 us against 0.2 us, and a slot of an
object that lives in a busy thread never runs.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 40


class Job:
    """One generator to be run; `stale` may be set by any thread and is looked at by the generator itself."""

    def __init__(
        self,
        steps: Callable[["Job"], Iterator[Any]],
        on_items: Callable[[list[Any]], None],
        on_end: Callable[[BaseException | None], None],
    ) -> None:
        self.steps, self.on_items, self.on_end = steps, on_items, on_end
        self._stale = threading.Event()
        self._results: deque[tuple[Job, bool, Any]] | None = None

    def post(self, item: Any) -> None:
        """Hand over something beside what the generator yields, such as the progress of a long call."""
        if self._results is not None:
            self._results.append((self, False, item))

    def cancel(self) -> None:
        """Ask the generator to end; what it still yields is dropped, `on_end` is not called. From any thread."""
        self._stale.set()

    def stale(self) -> bool:
        """Whether nobody wants the result any more. From any thread."""
        return self._stale.is_set()


class Worker(QObject):
    """Runs jobs one after the other in a thread of its own; callbacks run in the GUI thread."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._results: deque[tuple[Job, bool, Any]] = deque()
        self._open = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._deliver)

    def run(
        self,
        steps: Callable[[Job], Iterator[Any]],
        *,
        on_items: Callable[[list[Any]], None] = lambda _: None,
        on_end: Callable[[BaseException | None], None],
    ) -> Job:
        """Run a generator in the thread; not at all once it is closed, as if it were cancelled at once. GUI thread.

        Args:
            steps: makes the generator, in the worker's thread; `Job.stale` tells it to end early.
            on_items: takes what it yields, in batches, in the GUI thread.
            on_end: takes None or the exception that ended it, in the GUI thread.
        """
        job = Job(steps, on_items, on_end)
        if self._closed:
            job.cancel()
            return job
        job._results = self._results
        if not self._thread.is_alive():
            self._thread.start()
        self._open += 1
        self._timer.start()
        self._jobs.put(job)
        return job

    @property
    def busy(self) -> bool:
        """Whether a job is waiting or running."""
        return self._open > 0

    def close(self, timeout: float) -> bool:
        """End the thread after the job it runs; return whether it ended within so many seconds. GUI thread."""
        self._timer.stop()
        # how a job ended is told below, and whoever hears of it may want another one
        self._closed = True
        if not self._thread.is_alive():
            return True
        self._jobs.put(None)
        self._thread.join(timeout)
        # what came at the very end is told too: how a run ended
        self._deliver()
        return not self._thread.is_alive()

    def _work(self) -> None:
        """Run the jobs. Worker's thread."""
        while (job := self._jobs.get()) is not None:
            error: BaseException | None = None
            try:
                if not job.stale():
                    for item in job.steps(job):
                        self._results.append((job, False, item))
            except BaseException as caught:  # noqa: BLE001 - it goes to the GUI thread whole, which tells the user
                error = caught
            self._results.append((job, True, error))
            # nothing of the window is kept alive here while the thread waits for another job
            del job, error

    @Slot()
    def _deliver(self) -> None:
        """Hand out what came since the last time. GUI thread."""
        batch: list[Any] = []
        while self._results:
            job, ended, item = self._results.popleft()
            if not ended:
                batch.append(item)
            another = bool(self._results) and self._results[0][0] is job and not self._results[0][1]
            if batch and not another and not job.stale():
                job.on_items(batch)
            if not another:
                batch = []
            if ended:
                self._open -= 1
                if not job.stale():
                    job.on_end(item)
        if not self._open:
            self._timer.stop()
