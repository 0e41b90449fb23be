"""A folder of images as a source: its classes, and what its images have in common. Pixels are decoded later.

After the walk, headers are read as far as size and colour have to be known. Nothing in the folder is ever changed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np

from resnet_studio.data.decoding.decode import header
from resnet_studio.data.decoding.image_error import ENDINGS, ImageError
from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.images import counted, printable
from resnet_studio.data.remembered import remembered
from resnet_studio.data.sources.about import citation_of, licence_of
from resnet_studio.data.sources.source import TRAIN, Part, Source, unknown_class
from resnet_studio.data.sources.survey import Survey, survey
from resnet_studio.data.watch import Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError


def image_folder(path: Path, spec: DataSpec, watch: Watch) -> Source:
    """Return the images of a folder, not decoded yet.

    Args:
        path: the folder, absolute.
        spec: headers are read only where it leaves the size or the channels open.
        watch: told how many headers have been read.

    Raises:
        StudioError: the folder isn't laid out as it should be, or no image in it can be read.
    """
    found = survey(path, watch)
    _refuse(found)
    return Source(
        str(path),
        printable(path.name),
        # names are written into runs, whatever bytes the disk takes
        tuple(map(printable, found.class_names)),
        {part: _part(found, part) for part in found.classes},
        *_common(found, spec, watch),
        found.identity,
        licence_of(path),
        citation_of(path),
        notes=tuple(_notes(found)),
    )


def _notes(found: Survey) -> Iterator[str]:
    yield from (f"The class folder {printable(name)} has no images and is left out." for name in found.empty)
    yield from (f"The folder {name} has no images and is taken as not there." for name in found.bare)
    if found.loose:
        yield loose_images(found)
    yield from (f"The folder {printable(name)} is beside those of the splits and is left out." for name in found.beside)
    yield from (f"The link {printable(name)} to a folder is not followed." for name in found.links)


def loose_images(found: Survey) -> str:
    """Return what becomes of the images beside the folders of classes, as a sentence."""
    return counted(
        len(found.loose),
        "1 image lies beside the folders of classes and is left out.",
        "{} images lie beside the folders of classes and are left out.",
    )


def no_images(found: Survey) -> str:
    """Return what is wrong with a folder without an image to train on."""
    endings = ", ".join(sorted(ending[1:] for ending in ENDINGS))
    return f"{found.path} has no images to train on ({endings}); put those of each class in its folder"


def one_class(found: Survey) -> str:
    """Return what is wrong with a folder with a single class."""
    (name,) = found.class_names
    empty = f" ({found.empty[0]} has no images)" if found.empty else ""
    if name in found.nested:
        within = found.path / found.folders[TRAIN] / name
        return f"{found.path} has one class only, {name}{empty}; choose {within} if the folders in it are the classes"
    return f"{found.path} has one class only, {name}{empty}; a classifier needs two, each in its folder"


def _refuse(found: Survey) -> None:
    if not found.class_names:
        raise StudioError(f"{no_images(found)}.")
    for name, parts in found.unknown.items():
        raise StudioError(f"{found.path}: {unknown_class(name, parts)}.")
    if len(found.class_names) < 2:
        raise StudioError(f"{one_class(found)}.")


def _part(found: Survey, part: str) -> Part:
    classes = [found.classes[part].get(name, []) for name in found.class_names]
    files = [file for one in classes for file in one]
    labels = np.repeat(np.arange(len(classes)), [len(one) for one in classes])
    return Part(labels, None, found.path, tuple(file.name for file in files), sum(file.size for file in files))


def _common(found: Survey, spec: DataSpec, watch: Watch) -> tuple[tuple[int, int] | None, Literal[1, 3]]:
    """Return height and width of all images, None where they differ, and 1 where all are grey, else 3.

    What the spec answers is not looked for.
    """
    open_size, open_channels = spec.image_size is None, spec.channels is None

    def find() -> list[Any]:
        first, differ, coloured = (0, 0), not open_size, not open_channels
        for height, width, channels in _headers(found, watch):
            first = first if any(first) else (height, width)
            differ = differ or first != (height, width)
            coloured = coloured or channels == 3
            if differ and coloured:
                break
        return [None if differ or not any(first) else first, 3 if coloured else 1]

    if not (open_size or open_channels):
        return spec.image_size, spec.channels or 3
    size, channels = remembered(fingerprint("common", found.identity, open_size, open_channels), find)
    return spec.image_size or (size and (size[0], size[1])), spec.channels or channels


def _headers(found: Survey, watch: Watch) -> Iterator[tuple[int, int, int]]:
    """Yield what the headers tell; files that can't be read are skipped and told when they are decoded."""
    files = [file for part in found.classes for file in found.files(part)]
    for number, file in enumerate(files):
        if number % 100 == 0:
            watch("Looking at the images", number, len(files))
        try:
            told = header(found.path / file.name)
        except ImageError:
            continue
        yield told
