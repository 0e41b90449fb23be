"""Threads that each work alone, for batches that are made on the CPU.

torch shares out every single operation among its threads, which wait for each other after it. A batch takes some
hundred short operations, and wherever another program has one of the cores for a moment, all of them wait: on two
cores with one of them half taken, batches came forty times as slowly. Here each thread does all operations of some of
the images, and waits once.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier

import torch


def shared_out(work: Callable[[int], None], pieces: Iterable[int]) -> None:
    """Do pieces of work with as many threads as torch would take, and return when all are done.

    Args:
        work: does a piece; what it raises is raised here.
        pieces: are given to it.
    """
    count = torch.get_num_threads()
    done = map(work, pieces) if count == 1 else _crew(count).map(work, pieces)
    for _ in done:
        pass


@cache
def _crew(count: int) -> ThreadPoolExecutor:
    """Return threads in which torch uses no others; they stay, as they are wanted again for the next batch.

    Threads that use torch already keep their number, and so does the one that calls, which trains. One that uses it for
    the first time in the millisecond that this takes is slower from then on: it has one thread, too.
    """
    before = torch.get_num_threads()
    crew = ThreadPoolExecutor(count, "batches", initializer=_alone)
    all_here = Barrier(count + 1)
    try:
        for _ in range(count):
            crew.submit(all_here.wait)
        all_here.wait()
    except RuntimeError:
        # the system gives no more threads: those that are here would wait for the others for ever
        all_here.abort()
        raise
    finally:
        # the number is each thread's own, but the last one that was set is also that of threads to come
        torch.set_num_threads(before)
    return crew


def _alone() -> None:
    torch.set_num_threads(1)
    # at its first use in a thread, torch gives it the number that was set last, by whichever thread: that is now
    torch.get_num_threads()
