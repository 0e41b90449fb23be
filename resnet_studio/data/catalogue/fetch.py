"""Laying down the files of a data set of the catalogue as torchvision keeps them: downloaded, checked, unpacked."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from resnet_studio.data.catalogue.checksum import has_md5
from resnet_studio.data.catalogue.download import DownloadError, download
from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.catalogue.partial import bytes_kept
from resnet_studio.data.catalogue.remote import REMOTES, Remote
from resnet_studio.data.catalogue.unpack import unpack
from resnet_studio.data.catalogue.wanted_files import absent
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError

_LOOK_AGAIN = 0.1
"""Seconds between two looks whether another process is done."""
_MARGIN = 10_000_000
"""Bytes that are left free on the disk at least."""


def fetch(name: str, root: Path, watch: Watch) -> None:
    """Lay down what isn't there yet; archives that were put there by hand are unpacked.

    Another process that does the same is waited for, and what it has laid down is used.

    Args:
        name: of a data set of the catalogue.
        root: the folder in which torchvision keeps its data sets.
        watch: told how many bytes of each file have come.

    Raises:
        LoadingStoppedError: the caller wants it to stop; what has come is gone on with the next time.
        StudioError: there is no network, no room on the disk, or a file is damaged; says what can be done by hand.
    """
    if not _to_do(name, root):
        return
    folder = root / REMOTES[name][0].folder
    with _alone(name, folder, watch):
        # what another process has laid down meanwhile is no more to be done
        to_do = _to_do(name, root)
        missing = [remote for remote in to_do if not remote.packed(root).is_file()]
        needed = sum(remote.size - bytes_kept(remote.packed(root)) for remote in missing)
        _require_room(name, folder, needed + sum(remote.unpacked for remote in to_do))
        for remote in to_do:
            if remote in missing:
                _download(name, remote, root, watch)
            elif not has_md5(remote.packed(root), remote.md5, watch):
                raise StudioError(
                    f"{remote.packed(root)} is damaged or not whole: it hasn't the checksum {remote.md5}; "
                    "delete it, and it is downloaded anew."
                )
            if remote.unpacked:
                _unpack(remote, root, watch)
                if remote in missing:
                    remote.packed(root).unlink()


def _to_do(name: str, root: Path) -> tuple[Remote, ...]:
    """Return the files that have to be downloaded or unpacked; a single packed file is read as it is."""
    return tuple(
        remote
        for remote in REMOTES.get(name, ())
        if not remote.is_unpacked(root) and (remote.is_archive or not remote.is_there(root))
    )


@contextmanager
def _alone(name: str, folder: Path, watch: Watch) -> Iterator[None]:
    """Let one process at a time lay down the files of a data set; folders that are empty in the end go again."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    path = folder / f".{name}.lock"
    lock = FileLock(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while not lock.is_locked:
            try:
                lock.acquire(timeout=_LOOK_AGAIN)
            except Timeout:
                watch(f"Waiting for another download of {ENTRIES[name].title}", 0, None)
        yield
    except OSError as error:
        raise StudioError(
            f"{ENTRIES[name].title} can't be kept in {folder}: {error.strerror or error}; "
            "let data.root name another folder."
        ) from None
    finally:
        if lock.is_locked:
            if os.name == "posix":
                # whoever waits for it sees that it has gone, and makes another; Windows removes it itself
                path.unlink(missing_ok=True)
            lock.release()
        for one in new:
            # as far as nothing has come into them
            with suppress(OSError):
                one.rmdir()


def _require_room(name: str, folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed + _MARGIN > free:
        raise StudioError(
            f"{ENTRIES[name].title} needs {needed / 1e6:,.0f} MB to be downloaded and unpacked, {folder} has "
            f"{free / 1e6:,.0f} MB left; make room, or let data.root name another folder."
        )


def _download(name: str, remote: Remote, root: Path, watch: Watch) -> None:
    try:
        download(remote.urls, remote.md5, remote.packed(root), watch)
    except DownloadError as error:
        files = ", ".join(one.file for one in absent(name, root))
        raise StudioError(
            f"{ENTRIES[name].title} is not there: {files} missing in {remote.packed(root).parent}, and could not be "
            f"downloaded: {error}; check the network, or fetch by hand what is missing from {remote.mirrors[0]} and "
            "put it there, or let data.root name the folder that has it."
        ) from None


def _unpack(remote: Remote, root: Path, watch: Watch) -> None:
    inside = [Path(path).relative_to(remote.folder).as_posix() for path in remote.gives]
    # twice what the catalogue knows: figures of what is in an archive are rounded
    unpack(remote.packed(root), inside, 2 * remote.unpacked, watch)
