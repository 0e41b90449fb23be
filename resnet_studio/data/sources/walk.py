"""Going through the folders of images, link by link and file by file, without opening one."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from resnet_studio.data.decoding.image_error import ENDINGS
from resnet_studio.data.watch import Watch

_TOLD_EVERY = 2000
_LEFT_BEHIND = (".", "__MACOSX", "@eaDir")
"""How the names begin of what is hidden, or what archives and disk stations leave behind: no images of anybody's."""
_LITTER = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})
"""What file managers leave behind."""


class File(NamedTuple):
    """A file as the walk finds it."""

    name: str
    """Path relative to the source, with slashes."""
    size: int
    """In bytes; 0 where the file can't be looked at, which is told when it is opened."""
    changed: int
    """Time of change in nanoseconds."""


class Walk:
    """Goes through folders and keeps what is seen on the way.

    Attributes:
        others: files in the folders of classes that are no images by their names.
        loose: images beside the folders of classes.
        links: links to folders that are not followed.
    """

    def __init__(self, root: Path, watch: Watch) -> None:
        self.others: list[str] = []
        self.loose: list[str] = []
        self.links: list[str] = []
        self._watch, self._seen = watch, 0
        self._root = Path(os.path.realpath(root))
        self._start = len(os.path.join(root, ""))  # noqa: PTH118 - with its last separator, which Path drops

    def folders(self, folder: Path) -> list[Path]:
        """Return the folders in a folder in the order of their names; images beside them are kept as `loose`."""
        found = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if _is_left_behind(entry):
                    continue
                if _is_folder(entry):
                    if self._leads_back(entry):
                        self.links.append(self._name(entry))
                    else:
                        found.append(Path(entry.path))
                elif _has_images_ending(entry):
                    self.loose.append(self._name(entry))
        return sorted(found)

    def files(self, folder: Path) -> list[File]:
        """Return the images in a folder and in the folders below it, in the order of their names."""
        return sorted(self._files(str(folder)))

    def _files(self, folder: str) -> Iterator[File]:
        # no recursion: it has an end where folders may have none yet
        waiting = [folder]
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if _is_left_behind(entry):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_symlink() and _is_folder(entry):
                        # they may lead in circles
                        self.links.append(self._name(entry))
                    else:
                        yield from self._file(entry)

    def _file(self, entry: os.DirEntry[str]) -> Iterator[File]:
        self._seen += 1
        if self._seen % _TOLD_EVERY == 0:
            self._watch("Looking through the folders", self._seen, None)
        name = self._name(entry)
        if not _has_images_ending(entry):
            self.others.append(name)
            return
        try:
            known = entry.stat()
        except OSError:
            # gone since, or a link that leads nowhere or in a circle: who opens it says so
            yield File(name, 0, 0)
            return
        if stat.S_ISREG(known.st_mode):
            yield File(name, known.st_size, known.st_mtime_ns)
        else:
            # a pipe, say: opening it would wait for ever
            self.others.append(name)

    def _name(self, entry: os.DirEntry[str]) -> str:
        return entry.path[self._start :].replace(os.sep, "/")

    def _leads_back(self, entry: os.DirEntry[str]) -> bool:
        """Whether a folder is a link to the source itself or to a folder around it."""
        if not entry.is_symlink():
            return False
        return self._root.is_relative_to(os.path.realpath(entry.path))


def _is_left_behind(entry: os.DirEntry[str]) -> bool:
    return entry.name.startswith(_LEFT_BEHIND) or entry.name.lower() in _LITTER


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # a link that leads in a circle leads to no folder
        return False


def _has_images_ending(entry: os.DirEntry[str]) -> bool:
    return entry.name[entry.name.rfind(".") :].lower() in ENDINGS
