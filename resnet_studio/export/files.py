"""What stands in the folder of an export, and which of it is ours to replace."""

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import sync_folder

FORMAT, VERSION = "resnet-studio/classes", 1
CLASSES, NETWORK = "classes.json", "network.json"


def _as_safetensors(tensors: dict[str, Tensor]) -> bytes:
    return safetensors.torch.save(tensors, {"format": "pt"})


def _as_state_dict(tensors: dict[str, Tensor]) -> bytes:
    content = io.BytesIO()
    torch.save(tensors, content)
    return content.getvalue()


WRITERS: dict[str, Callable[[dict[str, Tensor]], bytes]] = {"safetensors": _as_safetensors, "pt": _as_state_dict}
"""What makes the bytes of each format, by its name; the name is the file's suffix too."""
LATER = ("onnx", "python", "package")


def check_formats(formats: tuple[str, ...]) -> None:
    """Refuse formats that can't be written.

    Raises:
        StudioError: none is given, it is unknown, or it comes later.
    """
    known = " or ".join(WRITERS)
    if not formats:
        raise StudioError(f"No format was chosen; choose {known}.")
    for name in formats:
        if name in LATER:
            raise StudioError(f"The format {name} comes later; choose {known}.")
        if name not in WRITERS:
            raise StudioError(f"There is no format {name!r}; choose {known}.")


def sha256(path: Path) -> str:
    """Return the sha256 of a file.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_about(folder: Path) -> dict[str, Any]:
    """Return what `classes.json` of an export says.

    Raises:
        StudioError: the folder isn't there, or it is no export.
    """
    path = folder / CLASSES
    try:
        about = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise StudioError(f"{folder} is no export: it has no {CLASSES}.") from None
    except (OSError, ValueError) as error:
        raise StudioError(f"{path} can't be read: {error}.") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT or not isinstance(about.get("sha256"), dict):
        raise StudioError(f"{path} is not the studio's.")
    if about.get("version", 0) > VERSION:
        raise StudioError(f"{path} was written by a newer studio; update ResNet Studio.")
    return about


def refuse_others_files(to: Path, names: set[str]) -> None:
    """Refuse to replace what an earlier export has not written, or what was changed since.

    Raises:
        StudioError: names the first such file.
    """
    if to.exists() and not to.is_dir():
        raise StudioError(f"{to} is a file; name a folder for the export.")
    there = [name for name in sorted(names | {CLASSES}) if (to / name).exists()]
    if not there:
        return
    # what it says it wrote, and only as long as it still is that
    known = read_about(to)["sha256"] if (to / CLASSES).exists() else {}
    for name in there:
        if name != CLASSES and sha256(to / name) != known.get(name):
            raise StudioError(f"{to / name} is not the studio's, or was changed since; choose another folder.")


@contextmanager
def beside(to: Path) -> Iterator[Path]:
    """Give a new folder beside a place, removed at the end if it is still there.

    Raises:
        StudioError: the parent can't be written.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}.", suffix=".part"))
    except OSError as error:
        raise StudioError(f"No export can be made in {to.parent}: {error.strerror or error}.") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def move(part: Path, to: Path) -> None:
    """Move a whole export to its place: in one go where nothing stood, else file by file, `classes.json` last.

    Files of an earlier export that this one has not are removed, unless they were changed since: the `classes.json`
    that vouched for them is gone.

    Raises:
        StudioError: the place can't be written.
    """
    try:
        if not to.exists():
            part.chmod(0o755)
            part.rename(to)
        else:
            before = read_about(to)["sha256"] if (to / CLASSES).exists() else {}
            for path in sorted(part.iterdir(), key=lambda path: path.name == CLASSES):
                path.replace(to / path.name)
            for name in before.keys() - read_about(to)["sha256"].keys():
                left_over = to / Path(name).name
                if left_over.exists() and sha256(left_over) == before[name]:
                    left_over.unlink()
            sync_folder(to)
        sync_folder(to.parent)
    except OSError as error:
        raise StudioError(f"{to} can't be written: {error.strerror or error}.") from None
