"""A walk through a folder of images: which parts, classes and files there are. No file is opened.

Laid out are `train/`, `val/` and `test/` with a folder per class in each, or a folder per class alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.images import printable
from resnet_studio.data.sources.source import TEST, TRAIN, VALIDATION
from resnet_studio.data.sources.walk import File, Walk
from resnet_studio.data.watch import Watch
from resnet_studio.spec.errors import StudioError

_PARTS = {
    "train": TRAIN,
    "training": TRAIN,
    "validation": VALIDATION,
    "val": VALIDATION,
    "valid": VALIDATION,
    "test": TEST,
    "testing": TEST,
}
"""What the folders of a split may be called, in letters of either case."""


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
    loose: tuple[str, ...] = ()
    """Images beside the folders of classes."""
    beside: tuple[str, ...] = ()
    """Folders beside those of the parts."""
    links: tuple[str, ...] = ()
    """Links to folders that are not followed."""

    @cached_property
    def nested(self) -> dict[str, tuple[str, ...]]:
        """Folders with images within those of classes, relative to the source, by class; images of the class too."""
        found: dict[str, dict[str, None]] = {}
        for part, classes in self.classes.items():
            for name, files in classes.items():
                depth = len(f"{self.folders[part]}{name}")
                for file in files:
                    folder = file.name.rpartition("/")[0]
                    if len(folder) > depth:
                        found.setdefault(name, {})[folder] = None
        return {name: tuple(folders) for name, folders in found.items()}

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """Every class with an image to train on."""
        return tuple(name for name, files in self.classes[TRAIN].items() if files)

    @cached_property
    def unknown(self) -> dict[str, tuple[str, ...]]:
        """Classes with images in other parts but none to train on, and the parts that have them."""
        found: dict[str, tuple[str, ...]] = {}
        trained = set(self.class_names)
        for part, classes in self.classes.items():
            for name, files in classes.items():
                if files and name not in trained:
                    found[name] = (*found.get(name, ()), part)
        return found

    @cached_property
    def empty(self) -> tuple[str, ...]:
        """Classes that have a folder and no image anywhere."""
        names = dict.fromkeys(name for classes in self.classes.values() for name in classes)
        with_images = {*self.class_names, *self.unknown}
        return tuple(name for name in names if name not in with_images)

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
    walk = Walk(path, watch)
    try:
        layout, beside = _layout(path, watch)
        if path not in layout.values():
            # for the images beside the parts
            walk.folders(path)
        classes = {part: _classes(folder, walk, needed=part == TRAIN) for part, folder in layout.items()}
    except OSError as error:
        place = printable(str(error.filename or path))
        raise StudioError(f"{place} can't be read: {error.strerror or error}; check its permissions.") from None
    folders = {part: "" if folder == path else f"{folder.name}/" for part, folder in layout.items()}
    bare = {part: folders.pop(part) for part, ones in classes.items() if part != TRAIN and not any(ones.values())}
    return Survey(
        path,
        {part: ones for part, ones in classes.items() if part not in bare},
        folders,
        tuple(sorted(walk.others)),
        tuple(bare.values()),
        tuple(sorted(set(walk.loose))),
        beside,
        tuple(sorted(set(walk.links))),
    )


def _layout(path: Path, watch: Watch) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Return the folder of each part, the folder itself where it holds the classes, and names of folders beside."""
    # what it passes by on the way is not kept: a class may be called train
    walk = Walk(path, watch)
    folders = walk.folders(path)
    parts: dict[str, Path] = {}
    for folder in folders:
        part = _PARTS.get(folder.name.lower())
        if part in parts:
            raise StudioError(
                f"{printable(str(path))} has both {parts[part].name}/ and {folder.name}/; keep one of them."
            )
        if part is not None:
            parts[part] = folder
    if TRAIN in parts and (len(parts) > 1 or walk.folders(parts[TRAIN])):
        used = {part: parts[part] for part in (TRAIN, VALIDATION, TEST) if part in parts}
        return used, tuple(folder.name for folder in folders if folder not in used.values())
    if parts and len(parts) == len(folders) and TRAIN not in parts:
        raise StudioError(f"{printable(str(path))} has {folders[0].name}/ but no train/; the training images go there.")
    return {TRAIN: path}, ()


def _classes(folder: Path, walk: Walk, *, needed: bool) -> dict[str, list[File]]:
    """Return the files of each class of a part, in the order of their names; `needed`: there must be a class."""
    folders = walk.folders(folder)
    has_images = not folders and any(walk.files(folder))
    if has_images or (needed and not folders):
        reason = "no folders of classes, only images" if has_images else "no images"
        raise StudioError(
            f"{printable(str(folder))} has {reason}; put the images of each class in a folder of its own."
        )
    return {one.name: walk.files(one) for one in folders}
