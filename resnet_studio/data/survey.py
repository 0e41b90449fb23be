"""A walk through a folder of images: which parts, classes and files there are. No file is opened.

Laid out are `train/`, `val/` and `test/` with a folder per class in each, or a folder per class alone.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from resnet_studio.data.decode import ENDINGS
from resnet_studio.data.source import TEST, TRAIN, VALIDATION
from resnet_studio.data.store import fingerprint
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError

_PARTS = {"train": TRAIN, "validation": VALIDATION, "val": VALIDATION, "valid": VALIDATION, "test": TEST}
"""What the folders of a split may be called."""
_TOLD_EVERY = 2000


class File(NamedTuple):
    """A file as the walk finds it."""

    name: str
    """Path relative to the source, with slashes."""
    size: int
    """In bytes."""
    changed: int
    """Time of change in nanoseconds."""


@dataclass(frozen=True)
class Survey:
    """What was found in a folder of images."""

    path: Path
    classes: Mapping[str, Mapping[str, list[File]]]
    """The images of each class of each part, `train` among them, all in the order of names; classes may be empty."""
    folders: Mapping[str, str]
    """The folder of each part, relative to the source with a slash at its end; empty where it is the source itself."""
    others: tuple[str, ...]
    """Files in the folders of classes that are no images by their names."""
    bare: tuple[str, ...] = ()
    """Folders of validation or test without a single image, as in `folders`: as good as not there."""

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """Every class with an image to train on."""
        return tuple(name for name, files in self.classes[TRAIN].items() if files)

    @cached_property
    def unknown(self) -> dict[str, tuple[str, ...]]:
        """Classes with images in other parts but none to train on, and the parts that have them."""
        found: dict[str, tuple[str, ...]] = {}
        for part, classes in self.classes.items():
            for name, files in classes.items():
                if files and name not in self.class_names:
                    found[name] = (*found.get(name, ()), part)
        return found

    @cached_property
    def empty(self) -> tuple[str, ...]:
        """Classes that have a folder and no image anywhere."""
        names = dict.fromkeys(name for classes in self.classes.values() for name in classes)
        return tuple(name for name in names if name not in self.class_names and name not in self.unknown)

    def files(self, part: str) -> list[File]:
        """Return the images of a part, class after class."""
        return [file for files in self.classes[part].values() for file in files]

    @cached_property
    def identity(self) -> str:
        """Changes whenever the images may have changed."""
        return fingerprint("folder", str(self.path), {part: self.files(part) for part in self.classes})


def survey(path: Path, watch: Watch) -> Survey:
    """Walk through a folder of images.

    Args:
        path: the folder, absolute.
        watch: told how many files have been seen.

    Raises:
        StudioError: the folder isn't laid out as it should be, or can't be read.
    """
    walk = _Walk(path, watch)
    try:
        layout = _layout(path)
        classes = {part: walk.classes(folder, needed=part == TRAIN) for part, folder in layout.items()}
    except OSError as error:
        raise StudioError(f"{error.filename or path} can't be read: {error.strerror or error}.") from None
    folders = {part: "" if folder == path else f"{folder.name}/" for part, folder in layout.items()}
    bare = {part: folders.pop(part) for part, ones in classes.items() if part != TRAIN and not any(ones.values())}
    used = {part: ones for part, ones in classes.items() if part not in bare}
    return Survey(path, used, folders, tuple(sorted(walk.others)), tuple(bare.values()))


def _layout(path: Path) -> dict[str, Path]:
    """Return the folder of each part; the folder itself is the only one where it holds the classes."""
    folders = _subfolders(path)
    parts: dict[str, Path] = {}
    for folder in folders:
        part = _PARTS.get(folder.name.lower())
        if part in parts:
            raise StudioError(f"{path} has both {parts[part].name}/ and {folder.name}/; keep one of them.")
        if part is not None:
            parts[part] = folder
    if TRAIN in parts and (len(parts) > 1 or _subfolders(parts[TRAIN])):
        return {part: parts[part] for part in (TRAIN, VALIDATION, TEST) if part in parts}
    if parts and len(parts) == len(folders) and TRAIN not in parts:
        raise StudioError(f"{path} has {folders[0].name}/ but no train/; the training images go there.")
    return {TRAIN: path}


class _Walk:
    """Goes through folders and keeps what is seen on the way."""

    def __init__(self, root: Path, watch: Watch) -> None:
        self.others: list[str] = []
        self._watch, self._seen = watch, 0
        self._start = len(os.path.join(root, ""))  # noqa: PTH118 - with its last separator, which Path drops

    def classes(self, folder: Path, *, needed: bool) -> dict[str, list[File]]:
        """Return the files of each class of a part, in the order of their names; `needed`: there must be a class."""
        folders = _subfolders(folder)
        has_images = not folders and any(self._files(str(folder)))
        if has_images or (needed and not folders):
            reason = "no folders of classes, only images" if has_images else "no images"
            raise StudioError(f"{folder} has {reason}; put the images of each class in a folder of its own.")
        return {one.name: sorted(self._files(str(one))) for one in folders}

    def _files(self, folder: str) -> Iterator[File]:
        """Yield the images in a folder and in the folders below it."""
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith((".", "__MACOSX")):
                    continue
                # links to folders are not followed any further: they may lead in circles
                if entry.is_dir(follow_symlinks=False):
                    yield from self._files(entry.path)
                elif entry.is_file():
                    self._seen += 1
                    if self._seen % _TOLD_EVERY == 0:
                        self._watch("Looking through the folders", self._seen, None)
                    name = entry.path[self._start :].replace(os.sep, "/")
                    if os.path.splitext(entry.name)[1].lower() in ENDINGS:  # noqa: PTH122 - a hot loop
                        known = entry.stat()
                        yield File(name, known.st_size, known.st_mtime_ns)
                    else:
                        self.others.append(name)


def _subfolders(folder: Path) -> list[Path]:
    """Return the folders in a folder in the order of their names, but hidden ones and what archives leave behind."""
    with os.scandir(folder) as entries:
        return sorted(
            Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith((".", "__MACOSX"))
        )
