"""Documents: networks and experiments as JSON files with a format name and a version."""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from resnet_studio.spec.errors import NotWrittenError, StudioError, field_error
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.network import NetworkSpec

NETWORK_FORMAT = "resnet-studio/network"
EXPERIMENT_FORMAT = "resnet-studio/experiment"
VERSION = 1
MAX_BYTES = 4_000_000


def network_document(network: NetworkSpec) -> dict[str, Any]:
    """Return the network as a plain JSON document."""
    return {"format": NETWORK_FORMAT, "version": VERSION, **network.model_dump(mode="json")}


def experiment_document(experiment: ExperimentSpec) -> dict[str, Any]:
    """Return the experiment as a plain JSON document."""
    return {"format": EXPERIMENT_FORMAT, "version": VERSION, **experiment.model_dump(mode="json")}


def read_document(path: Path) -> dict[str, Any]:
    """Return a document of ours as it stands in its file, with `format` and `version`.

    Raises:
        StudioError: not there, not readable, not JSON, not ours, or from a newer version; the file stays as it is.
    """

    def no_constant(text: str) -> float:
        raise StudioError(f"{path}: {text} is no finite number.")

    try:
        if path.is_dir():
            raise StudioError(f"{path} is a folder; name a JSON file of a network or an experiment.")
        if path.stat().st_size > MAX_BYTES:
            raise StudioError(f"{path} is too large for a design ({path.stat().st_size:,} bytes).")
        document = json.loads(path.read_text(encoding="utf-8"), parse_constant=no_constant)
    except FileNotFoundError:
        raise StudioError(f"There is no file {path}; check the name.") from None
    except OSError as error:
        raise StudioError(f"{path} can't be read: {error.strerror or error}.") from None
    except (UnicodeDecodeError, RecursionError):
        raise StudioError(f"{path} is no JSON document of the studio; name a network or an experiment.") from None
    except json.JSONDecodeError as error:
        raise StudioError(f"{path} is no JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except ValueError:
        raise StudioError(f"{path} holds a number of too many digits.") from None
    return _checked(document, path)


def read_network(path: Path) -> NetworkSpec:
    """Return the network in a file, of an experiment too.

    Raises:
        StudioError: the file is none of ours, or a field has a wrong value, which is named.
    """
    document = read_document(path)
    kind = document.pop("format")
    document.pop("version")
    if kind == EXPERIMENT_FORMAT:
        return read_experiment(path).network
    try:
        return NetworkSpec.model_validate(document)
    except ValidationError as error:
        raise StudioError(f"{path}: {field_error(error)}") from None


def read_experiment(path: Path) -> ExperimentSpec:
    """Return the experiment in a file.

    Raises:
        StudioError: the file is none of ours, or a field has a wrong value, which is named.
    """
    document = read_document(path)
    if document["format"] != EXPERIMENT_FORMAT:
        raise StudioError(f"{path} holds a {document['format'].rpartition('/')[2]}, not an experiment.")
    fields = {key: value for key, value in document.items() if key not in {"format", "version"}}
    try:
        return ExperimentSpec.model_validate(fields)
    except ValidationError as error:
        raise StudioError(f"{path}: {field_error(error)}") from None


def write_document(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document in one go: either the whole new file stands there, or the old one.

    Raises:
        StudioError: the folder can't be written.
    """
    write_bytes(path, document_bytes(document))


def document_bytes(document: dict[str, Any]) -> bytes:
    """Return what the file of a JSON document holds."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def digest(path: Path) -> str:
    """Return the sha256 of a file in hex, to see later whether it was changed; empty where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one go: temporary file beside it, fsync, verify, replace, fsync of the folder.

    Raises:
        NotWrittenError: the folder can't be written or the disk gave other bytes back.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if temporary.read_bytes() != content:
            raise NotWrittenError(path, "the disk gave other bytes back", len(content))
        temporary.chmod(0o644)
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise NotWrittenError(path, error, len(content)) from None
    finally:
        if temporary is not None:
            with suppress(OSError):  # a disk that turned read-only keeps it, and what was said of that counts
                temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last over a power cut, where the system can (not on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _checked(document: Any, path: Path) -> dict[str, Any]:
    known = (EXPERIMENT_FORMAT, NETWORK_FORMAT)
    if not isinstance(document, dict) or document.get("format") not in known:
        raise StudioError(f'{path} is no document of the studio: it has no "format" of {" or ".join(known)}.')
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise StudioError(f'{path}: "version" is {version!r}, not a whole number from 1.')
    if version > VERSION:
        raise StudioError(
            f"{path} was written by a newer studio (version {version} of the format, this one reads up to {VERSION}); "
            "update ResNet Studio. The file was left as it is."
        )
    return document
