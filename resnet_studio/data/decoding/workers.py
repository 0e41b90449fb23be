"""Decoding the files of a source with all cores, in order.

Much work is done by processes of their own, so that neither the interpreter's lock nor a reader that crashes is felt
in the window. They are started as programs, not with `multiprocessing`: that would fork threads' locks, or run the
user's own script once more, and its processes outlive a studio that is killed. Little work is done by threads, which
start at once. The result is the same in every case.
"""

import json
import math
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import TypeVar

import numpy as np

import resnet_studio
from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Examined, Facts, examined
from resnet_studio.data.decoding.worker import READY
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
_PACKAGES = Path(resnet_studio.__file__).parents[1]
"""Where a process finds the studio, installed or not."""

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
    count = max(1, min(_suited() if workers is None else workers, len(chunks)))
    if count > 1 and sys.executable and (total_bytes >= _MUCH_BYTES or sum(map(len, parts)) >= _MANY_FILES):
        processes = _Processes(count, root, decoding, keep=keep)
        yield from in_order(processes.examined, chunks, count, idle, processes.end)
    else:
        yield from in_order(partial(_in_this_process, root, decoding, keep), chunks, count, idle)


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


class Worker:
    """A process that decodes; started again where a file has crashed it."""

    def __init__(self, root: Path, decoding: Decoding, *, keep: bool) -> None:
        self._decoding, self._keep = decoding, keep
        job = {
            "root": str(root),
            "size": decoding.size,
            "channels": decoding.channels,
            "resize": decoding.resize,
            "keep": keep,
        }
        self._job = json.dumps(job).encode() + b"\n"
        self._root, self._lock = root, Lock()
        self._ended = self._broken = self._ready = self._has_answered = False
        self.process: subprocess.Popen[bytes] | None = None
        self._start()

    def examined(self, names: Sequence[str]) -> Examined:
        """Return what the process finds in some files; one that crashes it can't be used, and is said to.

        Raises:
            RuntimeError: a fault of the program's own, with its traceback.
        """
        # a single file gets a second chance: where memory is short, the system ends a process at any file
        for _ in range(2 if len(names) == 1 else 1):
            if self._broken:
                return _in_this_process(self._root, self._decoding, self._keep, names)
            try:
                return self._asked(names)
            except (EOFError, OSError):
                self._start_again()
        if len(names) == 1 and not self._broken:
            crashed = Facts("damaged", "can't be read as an image (it crashes the reader)")
            return Examined((crashed,), np.empty((0, *self._decoding.shape), np.uint8))
        found = [self.examined([name]) for name in names]
        return Examined(
            tuple(facts for one in found for facts in one.facts), np.concatenate([one.images for one in found])
        )

    def end(self) -> None:
        """End the process, whatever it is doing."""
        with self._lock:
            self._ended = True
            _finish(self.process)

    def _start_again(self) -> None:
        """Take the place of a process that died, unless it was ended."""
        with self._lock:
            if self._ended:
                raise EOFError
            _finish(self.process)
            if self._has_answered:
                self._start()
            else:
                # one that never answered can't be started on this machine
                self._broken = True

    def _start(self) -> None:
        paths = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
        try:
            self.process = subprocess.Popen(
                # what lies in the folder from which the studio was started is none of its modules
                [sys.executable, "-P", "-W", "ignore", "-m", "resnet_studio.data.decoding.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": paths},
                # Ctrl-C is for the studio, which then ends its workers itself
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            # no more processes, or no memory for one
            self.process, self._broken = None, True
            return
        assert self.process.stdin  # noqa: S101 - it was asked for
        self.process.stdin.write(self._job)
        self._ready = False

    def _asked(self, names: Sequence[str]) -> Examined:
        assert self.process  # noqa: S101 - the worker is broken otherwise
        asked, answers = self.process.stdin, self.process.stdout
        assert asked  # noqa: S101 - both were asked for
        assert answers  # noqa: S101
        asked.write(json.dumps(list(names)).encode() + b"\n")
        asked.flush()
        if not self._ready:
            if answers.readline() != READY:
                raise EOFError
            self._ready = self._has_answered = True
        line = answers.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        told = json.loads(line)
        if "failed" in told:
            raise RuntimeError(told["failed"])
        facts = tuple(map(Facts._make, told["facts"]))
        count = sum(not one.problem for one in facts) if self._keep else 0
        shape = (count, *self._decoding.shape)
        pixels = answers.read(math.prod(shape))
        if len(pixels) != math.prod(shape):
            raise EOFError
        return Examined(facts, np.frombuffer(pixels, np.uint8).reshape(shape))


class _Processes:
    """As many processes as there are threads to ask them."""

    def __init__(self, count: int, root: Path, decoding: Decoding, *, keep: bool) -> None:
        self._all: list[Worker] = []
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        try:
            for _ in range(count):
                self._all.append(Worker(root, decoding, keep=keep))
                self._idle.put(self._all[-1])
        except BaseException:
            self.end()
            raise

    def examined(self, names: Sequence[str]) -> Examined:
        worker = self._idle.get()
        try:
            return worker.examined(names)
        finally:
            self._idle.put(worker)

    def end(self) -> None:
        for worker in self._all:
            worker.end()


def _in_this_process(root: Path, decoding: Decoding, keep: bool, names: Sequence[str]) -> Examined:
    found = examined(root, names, decoding)
    return found if keep else Examined(found.facts, found.images[:0])


def _result(future: Future[T], idle: Callable[[], None]) -> T:
    while not wait([future], timeout=_ASKED_EVERY).done:
        idle()
    return future.result()


def _suited() -> int:
    """Return how many workers suit the cores that this process may use, and the memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = available_memory()
    return max(1, min(cores, MOST_WORKERS, cores if memory is None else memory // _MEMORY))


def _finish(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            try:
                pipe.close()
            except OSError:
                # what was still to be written has nobody to read it
                continue
