"""What the folders of a data set and their names say, before an image is opened."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from resnet_studio.data.checks.finding import NAMED, DataFinding, first_few
from resnet_studio.data.images import counted, printable
from resnet_studio.data.sources.folder import loose_images, no_images, one_class
from resnet_studio.data.sources.source import TRAIN, unknown_class
from resnet_studio.data.sources.survey import Survey

_UNSUPPORTED = frozenset({".heic", ".heif", ".avif", ".jxl", ".jp2", ".svg", ".psd", ".raw", ".dng", ".cr2", ".nef"})
"""Endings of pictures that are not opened; other files next to images are nothing special."""


def layout_findings(found: Survey) -> Iterator[DataFinding]:
    """Yield what the walk through a folder says."""
    yield from _faults(found)
    if found.empty:
        folders = [
            f"{found.folders[part]}{name}"
            for name in found.empty
            for part, classes in found.classes.items()
            if name in classes
        ]
        named = first_few(found.empty)
        yield DataFinding(
            "warning",
            "empty_class",
            counted(
                len(found.empty),
                f"1 class has a folder but no images and is left out: {named}.",
                f"{{}} classes have folders but no images and are left out: {named}.",
            ),
            "skip",
            tuple(folders),
        )
    if found.bare:
        yield DataFinding(
            "warning",
            "empty_split",
            counted(
                len(found.bare),
                f"{found.bare[0]} has no images and is taken as not there.",
                f"{' and '.join(found.bare)} have no images and are taken as not there.",
            ),
            "skip",
            tuple(name.rstrip("/") for name in found.bare),
        )
    yield from _left_out(found)
    yield from _nested(found)
    yield from _similar_names(found)
    if found.others:
        yield _other_files(found.others)


def _faults(found: Survey) -> Iterator[DataFinding]:
    """Yield what keeps training from starting, in the words of its refusal."""
    if not found.class_names:
        yield DataFinding("error", "no_images", f"{no_images(found)}.", "stop")
    elif len(found.class_names) < 2:
        yield DataFinding("error", "one_class", f"{one_class(found)}.", "stop")
    if found.class_names and found.unknown:
        files = [
            file.name for classes in found.classes.values() for name in found.unknown for file in classes.get(name, ())
        ]
        sentences = [unknown_class(name, parts) for name, parts in found.unknown.items()]
        more = f" (and {len(sentences) - 1} more such classes)" if len(sentences) > 1 else ""
        sentence = f"{len(files):,} images can't be used: {sentences[0]}{more}."
        yield DataFinding("error", "unknown_class", sentence, "stop", tuple(files))


def _left_out(found: Survey) -> Iterator[DataFinding]:
    """Yield what lies where no image of a class is looked for."""
    if found.loose:
        yield DataFinding("warning", "loose", loose_images(found), "skip", found.loose)
    if found.beside:
        message = counted(
            len(found.beside),
            f"1 folder beside {found.folders[TRAIN]} is left out: {first_few(found.beside)}.",
            f"{{}} folders beside {found.folders[TRAIN]} are left out: {first_few(found.beside)}.",
        )
        yield DataFinding("warning", "beside", message, "skip", found.beside)
    if found.links:
        message = counted(
            len(found.links),
            "1 link to a folder is not followed, for it may lead in a circle.",
            "{} links to folders are not followed, for they may lead in circles.",
        )
        yield DataFinding("warning", "links", message, "skip", found.links)


def _nested(found: Survey) -> Iterator[DataFinding]:
    """Yield the folders within those of classes; where classes have them in common, they may be the classes."""
    if not found.nested:
        return
    inner = Counter(
        name for folders in found.nested.values() for name in {PurePosixPath(folder).name for folder in folders}
    )
    common = sorted(name for name, classes in inner.items() if classes > 1)
    message = counted(
        len(found.nested),
        f"1 class has images in folders within its own ({first_few(list(found.nested))}): they are images of it too",
        f"{{}} classes have images in folders within their own ({first_few(list(found.nested))}): they are images of "
        "them too",
    )
    if common:
        message += (
            f"; these are called alike in several classes ({first_few(common)}), look whether they are the classes"
        )
    files = tuple(folder for folders in found.nested.values() for folder in folders)
    yield DataFinding("warning" if common else "info", "nested", f"{message}.", "nothing", files)


def _similar_names(found: Survey) -> Iterator[DataFinding]:
    alike: dict[str, dict[str, list[str]]] = {}
    for part, classes in found.classes.items():
        for name in classes:
            names = alike.setdefault(_letters(name), {})
            names.setdefault(name, []).append(f"{found.folders[part]}{name}")
    groups = [names for names in alike.values() if len(names) > 1]
    if groups:
        told = "; ".join(" and ".join(f"'{printable(name)}'" for name in names) for names in groups[:NAMED])
        yield DataFinding(
            "warning",
            "similar_names",
            counted(
                len(groups),
                f"1 class is written in several ways that differ only in case or space, taken as classes of their own: "
                f"{told}.",
                f"{{}} classes are written in several ways that differ only in case or space, taken as classes of "
                f"their own: {told}.",
            ),
            "nothing",
            tuple(folder for names in groups for folders in names.values() for folder in folders),
            tuple(tuple(folder for folders in names.values() for folder in folders) for names in groups),
        )


def _letters(name: str) -> str:
    """Return a name without what an eye overlooks: case, spaces, and how an accented letter is put together."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _other_files(others: tuple[str, ...]) -> DataFinding:
    endings = sorted({PurePosixPath(name).suffix.lower() for name in others})
    pictures = _UNSUPPORTED.intersection(endings)
    told = first_few([ending[1:] or "no ending" for ending in endings])
    return DataFinding(
        "warning" if pictures else "info",
        "other_files",
        counted(
            len(others),
            f"1 file in the folders is of no kind that is read and is left out ({told}).",
            f"{{}} files in the folders are of no kind that is read and are left out ({told}).",
        ),
        "skip",
        others,
    )
