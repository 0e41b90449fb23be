"""An `.npz` file in MedMNIST's layout: `train_images`, `train_labels`, and the same with `val_` and `test_`.

Images are uint8 (N, H, W) or (N, H, W, 1 or 3), labels whole numbers from 0, (N,) or (N, 1).
"""

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_studio.data.images import Images, Labels
from resnet_studio.data.memory import require_memory
from resnet_studio.data.sources.source import TEST, TRAIN, VALIDATION, Part, Source, unknown_class
from resnet_studio.spec.errors import StudioError

_PREFIXES = {TRAIN: "train", VALIDATION: "val", TEST: "test"}


def npz(path: Path) -> Source:
    """Return the images in an `.npz` file in MedMNIST's layout.

    The classes are named by their numbers, for the layout has no names.

    Args:
        path: of the file.

    Raises:
        StudioError: the file is no such file or damaged, an array is missing or wrong, or the memory is too small.
    """
    arrays = _arrays(path)
    parts = {name: _part(path, prefix, arrays) for name, prefix in _PREFIXES.items() if f"{prefix}_images" in arrays}
    if TRAIN not in parts:
        raise StudioError(f"{path} has no train_images; an .npz file needs train_images and train_labels.")
    shapes = {part.array.shape[1:] for part in parts.values() if part.array is not None}
    if len(shapes) > 1:
        told = " and ".join(sorted("x".join(map(str, shape)) for shape in shapes))
        raise StudioError(f"{path}: the images of its parts have different shapes, {told}; make them equal.")
    height, width, channels = shapes.pop()
    classes = _count_classes(path, parts)
    return Source(
        str(path),
        path.stem,
        tuple(map(str, range(classes))),
        parts,
        (height, width),
        channels,
        # grey arrays are mostly characters or scans, which mean something else in a mirror
        horizontal_flip=0.5 if channels == 3 else 0.0,
    )


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of the layout that the file has."""
    wanted = [f"{prefix}_{what}" for prefix in _PREFIXES.values() for what in ("images", "labels")]
    try:
        with zipfile.ZipFile(path) as packed:
            sizes = {entry.filename.removesuffix(".npy"): entry.file_size for entry in packed.infolist()}
        require_memory(sum(sizes.get(name, 0) for name in wanted), f"The arrays in {path}")
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in wanted if name in file.files}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        # RuntimeError: packed in another way, or behind a password
        raise StudioError(f"{path} is no .npz file, or it is damaged; numpy.savez writes such files.") from None
    except ValueError as error:
        # objects, which only pickle could read, and headers that lie
        raise StudioError(f"{path} can't be read: {str(error).splitlines()[0].rstrip('.')}.") from None
    except MemoryError:
        raise StudioError(f"The arrays in {path} don't fit in memory; make the file smaller.") from None
    except OSError as error:
        raise StudioError(f"{path} can't be read: {error.strerror or error}.") from None


def _part(path: Path, prefix: str, arrays: dict[str, NDArray[Any]]) -> Part:
    images = _images(f"{path}: {prefix}_images", arrays[f"{prefix}_images"])
    if f"{prefix}_labels" not in arrays:
        raise StudioError(
            f"{path} has {prefix}_images but no {prefix}_labels; each image needs the number of its class."
        )
    labels = _labels(f"{path}: {prefix}_labels", arrays[f"{prefix}_labels"])
    if len(images) != len(labels):
        raise StudioError(f"{path} has {len(images)} {prefix}_images but {len(labels)} {prefix}_labels.")
    return Part.of_array(images, labels)


def _images(what: str, images: NDArray[Any]) -> Images:
    if images.dtype != np.uint8:
        raise StudioError(f"{what} is {images.dtype}, not uint8; save grey or RGB values from 0 to 255.")
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.ndim != 4 or images.shape[3] not in {1, 3} or 0 in images.shape:
        raise StudioError(f"{what} has the shape {images.shape}, not (images, height, width) or with 1 or 3 channels.")
    return np.ascontiguousarray(images)


def _labels(what: str, labels: NDArray[Any]) -> Labels:
    if not np.issubdtype(labels.dtype, np.integer):
        raise StudioError(f"{what} is {labels.dtype}, not whole numbers; save the number of each image's class.")
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise StudioError(f"{what} has the shape {labels.shape}, not one class an image.")
    if len(labels) and labels.min() < 0:
        raise StudioError(f"{what} has the class {labels.min()}; classes are counted from 0.")
    return labels.astype(np.int64)


def _count_classes(path: Path, parts: dict[str, Part]) -> int:
    trained: set[int] = set(parts[TRAIN].labels.tolist())
    for name, part in parts.items():
        unknown = sorted(set(part.labels.tolist()) - trained)
        if unknown:
            raise StudioError(f"{path}: {unknown_class(str(unknown[0]), (name,))}.")
    if len(trained) < 2:
        raise StudioError(f"{path} has one class only, {trained.pop()}; a classifier needs two.")
    highest, images = max(trained), len(parts[TRAIN].labels)
    if highest >= images:
        raise StudioError(f"{path} has the class {highest} but only {images} images; count the classes from 0.")
    return highest + 1
