"""Decoding the files of a source with all cores, in order.

Much work is done by processes of their own, so that neither the interpreter's lock nor a reader that crashes is felt
in the window. Little work is done by threads, which start at once. The result is the same in every case.
"""

import math
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Examined, examined
from resnet_studio.data.decoding.process import Worker
from resnet_studio.data.memory import available_memory

MOST_WORKERS = 16
CHUNK = 16
"""Images that a worker decodes at a time, fewer where they are large."""
_CHUNK_BYTES = 8 << 20
_MEMORY = 512 << 20
"""What one worker may need for one image, in bytes."""
_MUCH_BYTES, _MANY_FILES = 16 << 20, 4000
"""From one of these on, processes decode sooner than they start late: about two seconds of one core."""
_ASKED_EVERY = 0.1
"""Seconds between two looks whether to stop."""

P = TypeVar("P")
T = TypeVar("T")


def examined_in_order(
    root: Path,
    parts: Sequence[Sequence[str]],
    decoding: Decoding,
    *,
    total_bytes: int,
    keep: bool = True,
    idle: Callable[[], None] = lambda: None,
    workers: int | None = None,
) -> Generator[Examined, None, None]:
    """Decode files with several workers, and yield what they find in the order of the files.

    Closing the generator ends its threads and processes. Never more than a few chunks wait, so that the memory is
    bounded.

    Args:
        root: folder of the source.
        parts: names of the files of each part, relative to it; nothing that is yielded has files of two parts.
        decoding: how they are made equal in shape.
        total_bytes: of the files: tells whether processes are worth their start.
        keep: whether the pixels are wanted; without, `images` of what is yielded is empty.
        idle: called in the calling thread every now and then while the workers work; what it raises ends them.
        workers: how many; None: as many as suit the machine.
    """
    size = max(1, min(CHUNK, _CHUNK_BYTES // math.prod(decoding.shape)))
    chunks = [names[start : start + size] for names in parts for start in range(0, len(names), size)]
    count = max(1, min(suited_workers() if workers is None else workers, len(chunks)))
    if count > 1 and sys.executable and (total_bytes >= _MUCH_BYTES or sum(map(len, parts)) >= _MANY_FILES):
        processes = _Processes(count, root, decoding, keep=keep)
        yield from in_order(processes.examined, chunks, count, idle, processes.end)
    else:
        yield from in_order(partial(examined, root, decoding=decoding, keep=keep), chunks, count, idle)


def in_order(
    work: Callable[[P], T],
    pieces: Sequence[P],
    workers: int,
    idle: Callable[[], None] = lambda: None,
    end: Callable[[], None] = lambda: None,
) -> Generator[T, None, None]:
    """Do pieces of work in threads and yield the results in order, with a few pieces in the making at a time.

    Args:
        work: does a piece, in one of the threads.
        pieces: what is to be done.
        workers: number of threads.
        idle: called in the calling thread while it waits; what it raises ends the work.
        end: called when all is done or nothing more is wanted, before the threads are waited for.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="decode")
    waiting: deque[Future[T]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) >= 3 * workers:
                yield _result(waiting.popleft(), idle)
        while waiting:
            yield _result(waiting.popleft(), idle)
    finally:
        end()
        pool.shutdown(cancel_futures=True)


def suited_workers() -> int:
    """Return how many workers suit the cores that this process may use, and the memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = available_memory()
    return max(1, min(cores, MOST_WORKERS, cores if memory is None else memory // _MEMORY))


class _Processes:
    """As many processes as there are threads to ask them."""

    def __init__(self, count: int, root: Path, decoding: Decoding, *, keep: bool) -> None:
        self._all = [Worker(root, decoding, keep=keep) for _ in range(count)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)

    def examined(self, names: Sequence[str]) -> Examined:
        worker = self._idle.get()
        try:
            return worker.examined(names)
        finally:
            self._idle.put(worker)

    def end(self) -> None:
        for worker in self._all:
            worker.end()


def _result(future: Future[T], idle: Callable[[], None]) -> T:
    while not wait([future], timeout=_ASKED_EVERY).done:
        idle()
    return future.result()
