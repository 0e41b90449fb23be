"""MNIST and its kin, read from the files in which torchvision keeps them: `<root>/<name>/raw/*-ubyte`, or `.gz`."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.images import Images
from resnet_studio.data.sources.source import TEST, TRAIN, Part, Source, catalogued
from resnet_studio.spec.errors import StudioError

FOLDERS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "kmnist": "KMNIST"}
"""The names of torchvision's classes, which are those of their folders too."""

_PARTS = {TRAIN: "train", TEST: "t10k"}
_IMAGES, _LABELS = "{}-images-idx3-ubyte", "{}-labels-idx1-ubyte"
_UNSIGNED_BYTE = 8


def idx_files(name: str, root: Path) -> Source:
    """Return `mnist`, `fashion-mnist` or `kmnist`, whose files are there.

    Args:
        name: of the catalogue.
        root: the folder in which torchvision keeps its data sets.

    Raises:
        StudioError: a file is damaged or can't be read.
    """
    folder = root / FOLDERS[name] / "raw"
    return catalogued(name, {part: _part(folder, prefix, name) for part, prefix in _PARTS.items()})


def read_idx(path: Path) -> Images:
    """Return the array in a file of MNIST's own format, of one byte a value (LeCun's description of it).

    Raises:
        StudioError: the file is not what it should be, or can't be read.
    """
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _damaged(path) from None
    except OSError as error:
        raise StudioError(f"{path} can't be read: {error.strerror or error}.") from None
    if len(content) < 4 or content[:3] != bytes([0, 0, _UNSIGNED_BYTE]):
        raise _damaged(path)
    start = 4 + 4 * content[3]
    shape = tuple(np.frombuffer(content[4:start], ">u4").tolist())
    if start + int(np.prod(shape, dtype=object)) != len(content):
        raise _damaged(path)
    # a writable copy: torch warns of arrays that are not
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()


def _part(folder: Path, prefix: str, name: str) -> Part:
    at_images, at_labels = (_file(folder / pattern.format(prefix)) for pattern in (_IMAGES, _LABELS))
    images, labels = read_idx(at_images), read_idx(at_labels)
    side, classes = ENTRIES[name].side, len(ENTRIES[name].class_names)
    if images.shape[1:] != (side, side) or not len(images):
        raise _damaged(at_images)
    if labels.shape != images.shape[:1] or labels.max() >= classes:
        raise _damaged(at_labels)
    return Part.of_array(images[..., np.newaxis], labels.astype(np.int64))


def _file(path: Path) -> Path:
    """Return the path, or that of the compressed file where only that is there."""
    packed = path.with_name(path.name + ".gz")
    return packed if packed.is_file() and not path.is_file() else path


def _damaged(path: Path) -> StudioError:
    return StudioError(f"{path} is damaged; delete it, and it is downloaded anew where there is a network.")
