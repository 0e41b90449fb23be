"""Folders in the making: nobody touches one while the process lives that writes it, anybody removes it afterwards."""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from resnet_studio.spec.lock import locked

_DAY = 24 * 3600.0


@contextmanager
def in_the_making(parent: Path) -> Iterator[Path]:
    """Give a new, hidden folder for the length of a `with` block; it is gone afterwards unless it was renamed.

    Raises:
        OSError: it can't be made.
    """
    name = secrets.token_hex(8)
    partial, lock = parent / f".{name}.part", parent / f".{name}.lock"
    with ExitStack() as held:
        held.callback(lock.unlink, missing_ok=True)
        # some disks on the network know no locks: a day is waited there
        with suppress(OSError):
            held.enter_context(locked(lock))
        partial.mkdir()
        held.callback(shutil.rmtree, partial, ignore_errors=True)
        yield partial


def remove_leftovers(parent: Path) -> None:
    """Remove what killed processes left half-written in a folder: at once where a lock tells, else after a day."""
    for partial in parent.glob(".*.part"):
        if _is_left(partial):
            shutil.rmtree(partial, ignore_errors=True)
    for lock in parent.glob(".*.lock"):
        if not lock.with_suffix(".part").exists() and _is_free(lock) is not False:
            with suppress(OSError):
                lock.unlink()


def _is_left(partial: Path) -> bool:
    is_free = _is_free(partial.with_suffix(".lock"))
    if is_free is not None:
        return is_free
    try:
        written = max(one.stat().st_mtime for one in (partial, *partial.iterdir()))
    except FileNotFoundError:
        # another process has just finished it
        return False
    return written < time.time() - _DAY


def _is_free(lock: Path) -> bool | None:
    """Whether nobody holds a lock; None: there is none, or the disk knows no locks."""
    if not lock.exists():
        return None
    try:
        with locked(lock):
            return True
    except BlockingIOError:
        return False
    except OSError:
        return None
