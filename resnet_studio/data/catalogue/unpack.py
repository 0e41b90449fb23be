"""Taking files out of an archive: only those that are asked for, into no other folder, all of them or none."""

import gzip
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Collection
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, Any

from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import sync_folder

_BLOCK = 1 << 20
_DAMAGED = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile)


def unpack(archive: Path, wanted: Collection[str], most: int, watch: Watch) -> None:
    """Take files out of a gzipped file or a gzipped tar archive, into the folder in which it stands.

    They are written to a folder of their own first, and get their names when all of them are there. Nothing that
    stands there is replaced. Links, devices and names that lead elsewhere are never taken out.

    Args:
        archive: its name ends in `.tar.gz` or `.tgz`, or in `.gz` for a single file.
        wanted: what is taken out: files, and folders with the files in them, but not those in further folders;
            names as in the archive, with slashes.
        most: bytes that they may have in all.
        watch: told how many bytes of the archive have been read.

    Raises:
        LoadingStoppedError: the caller wants it to stop; nothing of it stays.
        StudioError: it is damaged or lacks a file, or the disk can't be written.
    """
    partial = archive.with_name(f".{archive.name}.unpacking")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        with (
            closing(_Read(archive, watch)) as read,
            gzip.GzipFile(fileobj=io.BufferedReader(read, _BLOCK), mode="rb") as content,
        ):
            _take_out(content, archive, wanted, _Room(archive, partial, most))
        for name in wanted:
            if not (partial / name).exists():
                raise StudioError(f"{archive} has no {name} in it; delete it, and download it anew.")
        _settle(partial, archive.parent)
    except _DAMAGED:
        raise StudioError(f"{archive} is damaged; delete it, and it is downloaded anew.") from None
    except OSError as error:
        raise StudioError(f"{archive} can't be unpacked: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


class _Read(io.RawIOBase):
    """A file that is read, and tells how far."""

    def __init__(self, path: Path, watch: Watch) -> None:
        self._file, self._watch = path.open("rb"), watch
        self._what, self._total = f"Unpacking {path.name}", path.stat().st_size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._file.readinto(buffer)
        self._watch(self._what, self._file.tell(), self._total, in_bytes=True)
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


class _Room:
    """Takes what comes out of an archive, up to so many bytes: one that never ends does."""

    def __init__(self, archive: Path, folder: Path, most: int) -> None:
        self._archive, self._folder, self._left = archive, folder, most

    def write(self, name: str, content: IO[bytes] | gzip.GzipFile) -> None:
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            while block := content.read(_BLOCK):
                self._left -= len(block)
                if self._left < 0:
                    raise StudioError(f"{self._archive} holds more than it should; delete it, and download it anew.")
                file.write(block)


def _take_out(content: gzip.GzipFile, archive: Path, wanted: Collection[str], room: _Room) -> None:
    if not archive.name.endswith((".tar.gz", ".tgz")):
        room.write(archive.stem, content)
        return
    with tarfile.open(fileobj=content, mode="r|") as members:
        for member in members:
            name = member.name.removeprefix("./")
            taken = members.extractfile(member) if member.isreg() and _is_wanted(name, wanted) else None
            if taken is not None:
                room.write(name, taken)
    while content.read(_BLOCK):
        # gzip's own checksum stands behind the last byte
        pass


def _is_wanted(name: str, wanted: Collection[str]) -> bool:
    """Whether a member of an archive is one of the files, or directly in one of the folders; `..` is no file's name."""
    parts = PurePosixPath(name).parts
    inside = len(parts) > 1 and parts[-1] != ".." and "/".join(parts[:-1]) in wanted
    return name in wanted or (inside and name == "/".join(parts) and "\\" not in name)


def _settle(partial: Path, folder: Path) -> None:
    """Give everything its name; files of a folder that stands there already join the others."""
    if hasattr(os, "sync"):
        # once for thousands of files: their names must not last over a power cut without their bytes
        os.sync()
    for path in partial.iterdir():
        if not (folder / path.name).exists():
            path.rename(folder / path.name)
            continue
        for file in path.iterdir() if path.is_dir() else ():
            if not (folder / path.name / file.name).exists():
                file.rename(folder / path.name / file.name)
    sync_folder(folder)
