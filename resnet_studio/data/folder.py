"""A folder of images: `train/`, `val/` and `test/` with a folder per class in each, or a folder per class alone.

First names, sizes and times of change are read, then headers as far as size and colour have to be known; pixels are
decoded later. Nothing in the folder is ever changed.
"""

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from resnet_studio.data.decode import ENDINGS, Decoding, decoded_file, header
from resnet_studio.data.images import Images
from resnet_studio.data.source import TEST, TRAIN, VALIDATION, Part, Source
from resnet_studio.data.store import fingerprint, remembered
from resnet_studio.data.watch import Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

_PARTS = {"train": TRAIN, "validation": VALIDATION, "val": VALIDATION, "valid": VALIDATION, "test": TEST}
"""What the folders of a split may be called."""

_File = tuple[str, int, int]
"""Path relative to the source, bytes, time of change in nanoseconds."""


def image_folder(path: Path, spec: DataSpec, watch: Watch) -> Source:
    """Return the images of a folder, not decoded yet.

    Args:
        path: the folder, absolute.
        spec: headers are read only where it leaves the size or the channels open.
        watch: told how many headers have been read.

    Raises:
        StudioError: the folder isn't laid out as it should be, or a header can't be read.
    """
    try:
        classes = {part: _classes(path, folder) for part, folder in _layout(path).items()}
    except OSError as error:
        raise StudioError(f"{error.filename or path} can't be read: {error.strerror or error}.") from None
    names = tuple(classes[TRAIN])
    _check_classes(path, classes)
    files = {part: [file for one in found.values() for file in one] for part, found in classes.items()}
    identity = fingerprint("folder", str(path), files)
    every = [path / name for found in files.values() for name, _, _ in found]
    return Source(
        str(path),
        path.name,
        names,
        {part: _part(path, names, found) for part, found in classes.items()},
        spec.image_size or _size(every, identity, watch),
        spec.channels or _channels(every, identity, watch),
        identity,
    )


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


def _classes(root: Path, folder: Path) -> dict[str, list[_File]]:
    """Return the files of each class of a part, in the order of their names."""
    folders = _subfolders(folder)
    if not folders:
        reason = "no folders of classes, only images" if any(_files(root, folder)) else "no images"
        raise StudioError(f"{folder} has {reason}; put the images of each class in a folder of its own.")
    classes = {one.name: sorted(_files(root, one)) for one in folders}
    for name, files in classes.items():
        if not files:
            endings = ", ".join(sorted(ending[1:] for ending in ENDINGS))
            raise StudioError(f"The class folder {folder / name} has no images ({endings}); fill it or remove it.")
    return classes


def _check_classes(path: Path, classes: Mapping[str, Mapping[str, list[_File]]]) -> None:
    if len(classes[TRAIN]) < 2:
        raise StudioError(
            f"{path} has one class only, {next(iter(classes[TRAIN]))}; a classifier needs two, each in its folder."
        )
    for part, found in classes.items():
        unknown = [name for name in found if name not in classes[TRAIN]]
        if unknown:
            raise StudioError(
                f"{path}: the {part} images have the class {unknown[0]}, which no training image has; "
                "give training images of it or remove it."
            )


def _part(root: Path, names: tuple[str, ...], classes: Mapping[str, list[_File]]) -> Part:
    counts = [len(classes.get(name, ())) for name in names]
    files = tuple(file[0] for name in names for file in classes.get(name, ()))
    return Part(np.repeat(np.arange(len(names)), counts), partial(_decoded, root, files), files)


def _decoded(root: Path, files: tuple[str, ...], number: int, decoding: Decoding) -> Images:
    return decoded_file(root / files[number], decoding)


def _size(files: list[Path], identity: str, watch: Watch) -> tuple[int, int] | None:
    """Return height and width of all images, None where they differ."""

    def find() -> list[int]:
        first: tuple[int, int] | None = None
        for height, width, _ in _headers(files, watch):
            first = first or (height, width)
            if first != (height, width):
                return []
        return list(first or ())

    size = remembered(fingerprint("size", identity), find)
    return (size[0], size[1]) if size else None


def _channels(files: list[Path], identity: str, watch: Watch) -> Literal[1, 3]:
    """Return 1 where all images are grey, else 3."""
    (coloured,) = remembered(
        fingerprint("coloured", identity), lambda: [any(channels == 3 for _, _, channels in _headers(files, watch))]
    )
    return 3 if coloured else 1


def _headers(files: list[Path], watch: Watch) -> Iterator[tuple[int, int, int]]:
    for number, file in enumerate(files):
        if number % 100 == 0:
            watch("Looking at the images", number, len(files))
        yield header(file)


def _subfolders(folder: Path) -> list[Path]:
    """Return the folders in a folder in the order of their names, but hidden ones and what archives leave behind."""
    with os.scandir(folder) as entries:
        return sorted(
            Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith((".", "__MACOSX"))
        )


def _files(root: Path, folder: Path) -> Iterator[_File]:
    """Yield the images in a folder and in the folders below it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "__MACOSX")):
                continue
            # links to folders are not followed any further: they may lead in circles
            if entry.is_dir(follow_symlinks=False):
                yield from _files(root, Path(entry.path))
            elif os.path.splitext(entry.name)[1].lower() in ENDINGS and entry.is_file():  # noqa: PTH122 - a hot loop
                known = entry.stat()
                yield Path(entry.path).relative_to(root).as_posix(), known.st_size, known.st_mtime_ns
