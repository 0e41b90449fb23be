"""A file that only grows, a whole line or record at a time."""

import os
from contextlib import suppress
from errno import ENOENT
from pathlib import Path

from resnet_studio.spec.errors import NotWrittenError


class AppendedFile:
    """A file, open at its end; it is made where there is none."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            NotWrittenError: it can't be.
        """
        self._path = path
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise NotWrittenError(path, error) from None
        self._size = os.fstat(self._descriptor).st_size

    def read(self) -> bytes:
        """Return all that the file holds.

        Raises:
            NotWrittenError: it can't be read.
        """
        parts: list[bytes] = []
        try:
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            while part := os.read(self._descriptor, 1 << 20):
                parts.append(part)
        except OSError as error:
            raise NotWrittenError(self._path, error) from None
        return b"".join(parts)

    def cut(self, size: int) -> None:
        """Keep the first bytes alone.

        Raises:
            NotWrittenError: the disk doesn't let the rest go.
        """
        try:
            os.ftruncate(self._descriptor, size)
        except OSError as error:
            raise NotWrittenError(self._path, error) from None
        self._size = size

    def append(self, content: bytes) -> None:
        """Append bytes; from the return on they outlive the process.

        Raises:
            NotWrittenError: the disk doesn't take them, or the file was removed; no part of them stays behind.
        """
        try:
            there = os.fstat(self._descriptor)
            if there.st_nlink == 0:
                raise FileNotFoundError(ENOENT, "it was removed")
            if there.st_size > self._size:
                # part of what the disk didn't take, and didn't let go either
                os.ftruncate(self._descriptor, self._size)
            rest = content
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            self._cut_back()
            raise NotWrittenError(self._path, error, len(content)) from None
        self._size += len(content)

    def sync(self) -> None:
        """Put what was appended on the disk: from the return on it outlives a power cut.

        Raises:
            NotWrittenError: the disk doesn't take it.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise NotWrittenError(self._path, error) from None

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _cut_back(self) -> None:
        with suppress(OSError):  # tried again before the next bytes, and when the file is opened again
            os.ftruncate(self._descriptor, self._size)
