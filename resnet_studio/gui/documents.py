"""The file that the experiment lies in: what it holds, whether the two differ, and who else has it open."""

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from resnet_studio.gui.autosave import Autosave
from resnet_studio.gui.hold import Hold
from resnet_studio.gui.recovery import Kept, Kind, Place
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.files import (
    NETWORK_FORMAT,
    digest,
    document_bytes,
    experiment_document,
    network_document,
    read_document,
    read_experiment,
    read_network,
    write_bytes,
)

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session

Conflict = Literal["", "open", "changed"]
"""Why saving would overwrite what someone else did: another window has the file, or it was changed on the disk."""


class Documents:
    """One document at a time. GUI thread.

    Attributes:
        path: its file; None before it has one.
        kind: what the file holds; a network stays one, and is saved without data and training.
        elsewhere: whether another window had the file open first.
        saved_at: when it was saved here, in seconds since the epoch.
        autosave: keeps what is not saved.
    """

    def __init__(self, session: "Session") -> None:
        self.path: Path | None = None
        self.kind: Kind = "experiment"
        self.elsewhere = False
        self.saved_at: float | None = None
        self._session = session
        self._saved: ExperimentSpec | None = session.experiment
        self._digest = ""
        self._hold = Hold()
        self.autosave = Autosave(session, self._kept)

    @property
    def edited(self) -> bool:
        """Whether the experiment differs from its file, or from the design that a new one starts with."""
        return self._session.experiment != self._saved

    @property
    def name(self) -> str:
        """The file's name; the network's where there is none."""
        return self.path.name if self.path else self._session.experiment.network.name

    @property
    def leaves_out(self) -> bool:
        """Whether data or training were edited too, for which a network's file has no place."""
        now, saved = self._session.experiment, self._saved
        return self.kind == "network" and (saved is None or (now.data, now.training) != (saved.data, saved.training))

    # ---- open

    def new(self) -> None:
        """Start again with the default design, without a file."""
        self._begin(ExperimentSpec(), None, "experiment", "")

    def open(self, path: Path) -> None:
        """Put the network or experiment of a file in the place of this one; a network keeps data and training.

        Raises:
            StudioError: the file is none of ours; nothing changes.
        """
        read = digest(path)  # before it is read: what is written meanwhile is seen as a change
        experiment, kind = self._read(path, self._session.experiment)
        self._begin(experiment, path, kind, read)

    def recover(self, place: Place) -> None:
        """Go on with what a session that is gone has kept, as an undoable edit of the file that it came from.

        Raises:
            StudioError: it can't be read; nothing changes.
        """
        kept = place.read()
        saved: ExperimentSpec | None = None if kept.path else ExperimentSpec()
        if kept.path:
            try:
                saved, _ = self._read(kept.path, kept.experiment)
            except StudioError:
                saved = None  # the file is gone or was broken since: saving writes it again
        self._begin(saved or kept.experiment, kept.path, kept.kind, kept.digest)
        self._session.replace(kept.experiment, "edits that were recovered")
        if saved is None:
            self._saved = None
            self._session.undo_stack.resetClean()
        self.autosave.adopt(place, kept)
        self._session.document_changed.emit()

    def become_copy(self) -> None:
        """Let go of the file: the same experiment, to be saved under another name."""
        self.path, self.elsewhere, self._digest = None, False, ""
        self._hold.release()
        self._session.document_changed.emit()

    def revert(self) -> None:
        """Go back to what the file holds now, as one undoable step.

        Raises:
            StudioError: the file can't be read any more; nothing changes.
        """
        if self.path is None:
            return
        read = digest(self.path)
        experiment, self.kind = self._read(self.path, self._saved or self._session.experiment)
        self._saved, self._digest = experiment, read
        self._session.replace(experiment, f"revert to {self.path.name}")
        self._session.undo_stack.setClean()
        self._session.document_changed.emit()

    # ---- save

    def conflict(self, path: Path) -> Conflict:
        """Return why saving to a file would overwrite what someone else did; empty where it would not."""
        if self.path is None or path.resolve() != self.path.resolve():
            other = Hold()
            taken = self._take(other, path)
            other.release()
            return "" if taken else "open"
        if self.elsewhere and not self._claim(path):
            return "open"
        now = digest(path)
        return "changed" if now and now != self._digest else ""

    def save(self, path: Path, kind: Kind | None = None) -> None:
        """Write the experiment to a file in one go, or its network alone where that is the document's kind.

        Raises:
            StudioError: it can't be written; what stood there still does.
        """
        session, kind = self._session, kind or self.kind
        experiment = session.experiment
        document = network_document(experiment.network) if kind == "network" else experiment_document(experiment)
        content = document_bytes(document)
        write_bytes(path.resolve(), content)  # a link stays one
        if path != self.path:
            self._claim(path)
        self.path, self.kind, self._saved = path, kind, experiment
        self._digest, self.saved_at = hashlib.sha256(content).hexdigest(), time.time()
        session.undo_stack.setClean()
        session.document_changed.emit()

    def close(self, timeout: float, *, keep: bool) -> bool:
        """Let go of the file, and keep what is not saved or drop it; return whether the thread ended in time."""
        self._hold.release()
        return self.autosave.close(timeout, keep=keep)

    # ---- the parts of both

    def _read(self, path: Path, beside: ExperimentSpec) -> tuple[ExperimentSpec, Kind]:
        """Return what a file holds; a network gets the data and training that are there."""
        if read_document(path)["format"] == NETWORK_FORMAT:
            return with_values(beside, {"network": read_network(path).model_dump()}), "network"
        return read_experiment(path), "experiment"

    def _begin(self, experiment: ExperimentSpec, path: Path | None, kind: Kind, read: str) -> None:
        session = self._session
        session.undo_stack.clear()
        self.path, self.kind, self._saved = path, kind, experiment
        self._digest, self.saved_at = read, None
        self._claim(path)
        session.show(experiment)
        session.undo_stack.setClean()
        session.select(1, 0)
        session.document_changed.emit()

    def _claim(self, path: Path | None) -> bool:
        """Claim the file for this window, and let go of the one before; return whether no other has it."""
        if path is None:
            self._hold.release()
        self.elsewhere = path is not None and not self._take(self._hold, path)
        return not self.elsewhere

    def _take(self, hold: Hold, path: Path) -> bool:
        try:
            return hold.take(path)
        except OSError as error:
            # the file itself may well be opened and saved
            why = f"Whether {path.name} is open in another window can't be known: {error.strerror or error}."
            self._session.refused.emit("", why)
            return True

    def _kept(self) -> Kept | None:
        if not self.edited:
            return None
        return Kept(self._session.experiment, self.path, self.kind, self._digest, time.time())
