"""The C library's heap: what a step frees is kept for the next one."""

import ctypes
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

# glibc's malloc.h
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3

_lock = Lock()
_users: list[None] = []
"""One for each who has asked for it; a run may end in another thread than it began in."""


@contextmanager
def kept_memory() -> Iterator[None]:
    """Let the C library keep freed memory instead of handing it back to the system and asking for it again.

    Every step frees and takes the same tensors of some megabytes. Handed back, each of their pages costs a fault when
    it is written again: 8,000 a step of cifar_resnet20 at 28x28, batch 128, and a fifth of the images per second.
    Threads other than the first have heaps of 64 MiB each, which go back whole unless that much room is to be left on
    top: 4,000 faults a step in the window, whose trainer is such a thread. Linux with glibc; elsewhere nothing happens.

    The heap is the whole process's: it goes back to glibc's ways when the last one who asked is done.
    """
    libc = _glibc()
    if libc is None:
        yield
        return
    _enter(libc)
    try:
        yield
    finally:
        _leave(libc)


def _enter(libc: ctypes.CDLL) -> None:
    with _lock:
        _users.append(None)
        libc.mallopt(_MMAP_THRESHOLD, 1 << 30)
        libc.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
        libc.mallopt(_TOP_PAD, 256 << 20)


def _leave(libc: ctypes.CDLL) -> None:
    with _lock:
        _users.pop()
        if _users:
            return
        # where glibc's own adaptation ends after large tensors were freed
        libc.mallopt(_MMAP_THRESHOLD, 32 << 20)
        libc.mallopt(_TRIM_THRESHOLD, 64 << 20)
        libc.mallopt(_TOP_PAD, 128 << 10)
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return None
    return ctypes.CDLL(None)
