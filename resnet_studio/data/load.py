"""The door of this room: any source of labelled images, loaded."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from resnet_studio.data.arrange import arranged
from resnet_studio.data.augment import suited
from resnet_studio.data.catalogue.fetch import fetch
from resnet_studio.data.catalogue.wanted_files import Missing, NotDownloadedError, missing, root_of
from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.images import Images, ImageSet
from resnet_studio.data.remembered import remembered
from resnet_studio.data.sources.digits import digits
from resnet_studio.data.sources.flowers import flowers102
from resnet_studio.data.sources.folder import image_folder
from resnet_studio.data.sources.npz import npz
from resnet_studio.data.sources.source import TRAIN, Source
from resnet_studio.data.sources.torchvision_files import FOLDERS, idx_files
from resnet_studio.data.sources.torchvision_sets import torchvision_set
from resnet_studio.data.statistics import mean_and_std
from resnet_studio.data.store.alike import alike, kept_apart
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.data import CATALOGUE, DataSpec
from resnet_studio.spec.errors import FieldError, StudioError, field_error, nearest
from resnet_studio.spec.paths import absolute, is_folder

__all__ = ["LoadingStoppedError", "Missing", "NotDownloadedError", "Progress", "load", "missing"]


def load(
    spec: DataSpec,
    *,
    default_size: tuple[int, int] | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    download: bool = True,
) -> ImageSet:
    """Return the images that are wanted, all of one size, with every open question of the spec answered.

    Images whose size or channels must change, and every folder, are decoded into the studio's cache and mapped from
    there; the next time they are there at once. They have the larger size of training and evaluation, unless the
    source is an array of smaller images. Files that can't be read are skipped, and listed in `skipped`.
    Loading `ImageSet.spec` again gives the same images.

    Args:
        spec: what is wanted.
        default_size: height and width where `image_size` is null and the images of the source differ in size.
        progress: told how far a download or the decoding is, in the calling thread.
        should_stop: asked at the same moments.
        download: files of a data set of the catalogue that aren't there are downloaded, see `missing`.

    Raises:
        FieldError: a value that doesn't fit another.
        LoadingStoppedError: `should_stop` said so; a download goes on from there the next time.
        NotDownloadedError: files aren't there, and `download` is false.
        StudioError: the source isn't there, isn't whole or doesn't fit; the sentence says which and what mends it.
    """
    watch = Watch(progress, should_stop)
    source = open_source(spec, watch, download=download)
    decoding = _decoding(spec, source, default_size)
    stored = replace(decoding, size=_stored_size(decoding.size, spec, source))
    found = alike(source, stored, watch)
    is_mapped = isinstance(found.parts[TRAIN].images, np.memmap)
    keep = partial(kept_apart, source, found.fingerprint) if is_mapped else None
    train, validation, test, notes = arranged(found.parts, spec, keep)
    key = fingerprint("statistics", found.fingerprint, spec.validation, spec.split_seed)
    each = _statistics(spec, train.images, key if is_mapped else None)
    mean, std = (numbers * decoding.channels if len(numbers) == 1 else numbers for numbers in each)
    return ImageSet(
        source.name,
        source.title,
        source.class_names,
        train,
        validation,
        test,
        mean,
        std,
        _resolved(spec, source, decoding, mean, std),
        found.fingerprint,
        source.licence,
        source.citation,
        source.notes + notes,
        found.skipped,
    )


def open_source(spec: DataSpec, watch: Watch, *, download: bool = True) -> Source:
    """Return what `source` names, nothing of it decoded yet; `root` is where torchvision's files are.

    Raises:
        LoadingStoppedError: the caller wants it to stop.
        NotDownloadedError: files aren't there, and `download` is false.
        StudioError: it isn't there or isn't whole.
    """
    root = root_of(spec)
    wanted = missing(spec)
    if wanted is not None and not download:
        raise NotDownloadedError(wanted)
    if spec.source in CATALOGUE:
        return _catalogued(spec.source, root, watch)
    path = absolute(spec.source)
    if is_folder(path):
        return image_folder(path, spec, watch)
    if path.suffix.lower() == ".npz" and path.is_file():
        return npz(path)
    if path.exists():
        raise StudioError(f"{path} is neither a folder of images nor an .npz file; name one of these.")
    if len(Path(spec.source).parts) == 1 and not path.suffix:
        raise StudioError(f"There is no data set and no folder {spec.source!r}{nearest(spec.source, CATALOGUE)}")
    raise StudioError(f"There is no folder and no file {path}; check data.source.")


def _catalogued(name: str, root: Path, watch: Watch) -> Source:
    fetch(name, root, watch)
    if name == "digits":
        return digits()
    if name == "flowers102":
        return flowers102(root, watch)
    return idx_files(name, root) if name in FOLDERS else torchvision_set(name, root, watch)


def _decoding(spec: DataSpec, source: Source, default_size: tuple[int, int] | None) -> Decoding:
    size = spec.image_size or source.size or default_size
    if size is None:
        raise StudioError(f"The images of {source.title} differ in size; set data.image_size to the one wanted.")
    decoding = Decoding(size, spec.channels or source.channels, spec.resize)
    for field, given in (("mean", spec.mean), ("std", spec.std)):
        # one value is for all channels
        if given is not None and len(given) not in {1, decoding.channels}:
            path, count = f"data.{field}", decoding.channels
            raise FieldError(path, f"{path} needs one value for each channel of the images, {count}, not {len(given)}.")
    return decoding


def _stored_size(size: tuple[int, int], spec: DataSpec, source: Source) -> tuple[int, int]:
    """Return height and width in which the images are kept: batches are made smaller or larger from these.

    What training and evaluation see are the same parts of the images, so both have one shape.
    """
    wanted = spec.eval_size
    if wanted is None:
        return size
    (height, width), (eval_height, eval_width) = size, wanted
    if abs(eval_height - height * eval_width / width) >= 1:
        raise FieldError(
            "data.eval_size",
            f"data.eval_size: {eval_height}x{eval_width} has another shape than the {height}x{width} of training; "
            f"take {max(4, round(height * eval_width / width))}x{eval_width}.",
        )
    larger = max(size, wanted)
    # pixels that the source doesn't have would only blur what training sees
    arrays = [part.array for part in source.parts.values() if part.array is not None]
    has_them = all(own >= each for array in arrays for own, each in zip(array.shape[1:3], larger, strict=True))
    return larger if has_them else size


def _statistics(spec: DataSpec, images: Images, key: str | None) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation: what is given, else what is measured, once where there is a key for it."""
    if spec.mean is not None and spec.std is not None:
        return spec.mean, spec.std
    if key is None:
        mean, std = mean_and_std(images)
    else:
        mean, std = remembered(key, lambda: list(mean_and_std(images)))
    return spec.mean or tuple(mean), spec.std or tuple(std)


def _resolved(
    spec: DataSpec, source: Source, decoding: Decoding, mean: tuple[float, ...], std: tuple[float, ...]
) -> DataSpec:
    answers = {
        "source": source.name,
        "root": None if spec.root is None else str(absolute(spec.root)),
        "image_size": decoding.size,
        "channels": decoding.channels,
        "mean": mean,
        "std": std,
        "augment": suited(spec.augment, source, decoding.size).model_dump(),
    }
    try:
        return DataSpec.model_validate(spec.model_dump() | answers)
    except ValidationError as error:
        # an image of 3x3 pixels, say
        raise StudioError(f"{source.title}: {field_error(error, 'data')}") from None
