"""The folder of a checkpoint: written whole or not at all, and what processes that were killed have left beside it."""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from resnet_studio.spec.files import sync_folder, write_bytes


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder beside its place, then move it there; what stood there is replaced.

    Raises:
        OSError: it can't be moved; what stood there stands.
        NotWrittenError: a file can't be written; the same.
    """
    folder.parent.mkdir(exist_ok=True)
    part, old = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.old")
    for left_over in (part, old):
        shutil.rmtree(left_over, ignore_errors=True)
    try:
        part.mkdir()
        for name, content in contents.items():
            write_bytes(part / name, content)
        if folder.exists():
            folder.rename(old)
        try:
            part.rename(folder)
        except OSError:
            bring_back(folder.parent)
            raise
        sync_folder(folder.parent)
    finally:
        for left_over in (part, old):
            shutil.rmtree(left_over, ignore_errors=True)


def bring_back(parent: Path) -> None:
    """Put each folder back into its place that was moved away for a newer one that has not come.

    Raises:
        OSError: the system refuses it.
    """
    for old in parent.glob(".step-*.old"):
        folder = parent / old.name.removeprefix(".").removesuffix(".old")
        if not folder.exists():
            old.rename(folder)


def remove_others(parent: Path, names: Collection[str]) -> None:
    """Remove the checkpoints that are none of some, and what processes that were killed have left.

    Raises:
        OSError: the system refuses it.
    """
    for left_over in (*parent.glob(".step-*.part"), *parent.glob(".step-*.old")):
        shutil.rmtree(left_over)
    for left_over in parent.glob(".index.json.*.part"):
        left_over.unlink()
    for path in parent.glob("step-*"):
        if path.name not in names and path.name.removeprefix("step-").isdigit():
            shutil.rmtree(path)
