"""Edited experiments kept in the studio's folder until they are saved: what a crash leaves behind can be recovered.

Each session has one place of its own, a file with a lock beside it. A place whose lock can be had is one whose session
is gone: its process has died, or its window was closed on a design that was never saved.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from resnet_studio.spec.errors import StudioError, field_error
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.files import MAX_BYTES, document_bytes, write_bytes
from resnet_studio.spec.home import home
from resnet_studio.spec.lock import locked

FORMAT, VERSION = "resnet-studio/recovery", 1

LATEST = 1e11
"""A time in seconds since the epoch beyond which none is meant."""

Kind = Literal["experiment", "network"]
"""What a document holds: everything that is wanted, or the network alone."""


@dataclass(frozen=True)
class Kept:
    """An experiment that is in no file yet.

    Attributes:
        experiment: as it was edited last.
        path: the file that it came from; None where it has none.
        kind: what that file holds.
        digest: of that file when it was read, to see whether it was changed since.
        time: when it was kept, in seconds since the epoch.
    """

    experiment: ExperimentSpec
    path: Path | None
    kind: Kind
    digest: str
    time: float


class Place:
    """A file of the recovery folder, owned by whoever holds the lock beside it. From one thread at a time."""

    def __init__(self, file: Path) -> None:
        """Take a place.

        Raises:
            BlockingIOError: its session lives.
            OSError: the folder can't be written.
        """
        self.file = file
        self._lock = file.with_suffix(".lock")
        self._stack = ExitStack()
        self._stack.enter_context(locked(self._lock))

    @classmethod
    def new(cls) -> "Place":
        """Take a place that nobody had before."""
        folder = recovery_folder()
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder / f"{uuid.uuid4().hex}.json")

    def write(self, kept: Kept) -> None:
        """Keep an experiment instead of the one before, in one go.

        Raises:
            StudioError: it can't be written; what was kept before still is.
        """
        document = {
            "format": FORMAT,
            "version": VERSION,
            "time": kept.time,
            "path": str(kept.path) if kept.path else None,
            "kind": kept.kind,
            "digest": kept.digest,
            "experiment": kept.experiment.model_dump(mode="json"),
        }
        write_bytes(self.file, document_bytes(document))

    def read(self) -> Kept:
        """Return what is kept here.

        Raises:
            StudioError: the file is faulty, or of a newer studio; it stays as it is.
        """
        try:
            if self.file.stat().st_size > MAX_BYTES:
                raise StudioError(f"{self.file} is too large for a design.")
            return _kept(json.loads(self.file.read_text(encoding="utf-8")))
        except OSError as error:
            raise StudioError(f"{self.file} can't be read: {error.strerror or error}.") from None
        except ValidationError as error:
            raise StudioError(f"{self.file} is faulty: {field_error(error)}") from None
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            raise StudioError(f"{self.file} is faulty: it holds no design that this studio has kept.") from None

    def remove(self) -> None:
        """Drop what is kept here, and the place with it."""
        self.file.unlink(missing_ok=True)
        self.leave()
        # whoever takes the lock from here on finds no file beside it
        self._lock.unlink(missing_ok=True)

    def leave(self) -> None:
        """Let another session have the place and what is kept in it."""
        self._stack.close()


def recovery_folder() -> Path:
    """Return the folder in which all sessions keep what is not saved."""
    return home() / "recovery"


def leftovers() -> Iterator[Place]:
    """Take and yield the places of sessions that are gone, the newest first.

    Raises:
        OSError: the folder can't be read or written.
    """
    files = sorted(recovery_folder().glob("*.json"), key=_age)
    for file in files:
        try:
            place = Place(file)
        except BlockingIOError:
            continue
        if file.exists():
            yield place
        else:
            place.remove()


def _age(file: Path) -> float:
    """Return what sorts the newest first; a file may go at any moment, with the session that it belongs to."""
    try:
        return -file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _kept(document: Any) -> Kept:
    """Return what a document of ours says; anything else ends in a ValueError, KeyError or TypeError."""
    if document["format"] != FORMAT or document["version"] != VERSION:
        raise ValueError(document["version"])
    path, kind, time = document["path"], document["kind"], float(document["time"])
    if not isinstance(path, str | None) or kind not in ("experiment", "network") or not 0 <= time < LATEST:
        raise ValueError(kind)
    experiment = ExperimentSpec.model_validate(document["experiment"])
    return Kept(experiment, Path(path) if path else None, kind, str(document["digest"]), time)
