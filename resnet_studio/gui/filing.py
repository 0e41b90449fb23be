"""What the File menu does, and every question on the way that keeps work from being lost."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from resnet_studio.gui.notices import Notices
from resnet_studio.gui.questions import ask_to_overwrite, ask_to_save, ask_what_to_open, ask_where_to_save
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.recovery import Kind, Place
from resnet_studio.gui.recovery_strip import RecoveryStrip
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.spec.errors import StudioError

Leave = Literal["saved", "discard", "stay"]
Dropped = Literal["data", "run", "image", "document"]

IMAGE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"})
"""Of single images, which are no data set."""


def dropped_kind(path: Path) -> Dropped:
    """Return what a path that is dragged onto the window would become."""
    if path.is_dir():
        return "run" if (path / "events.jsonl").exists() else "data"
    ending = path.suffix.lower()
    return "data" if ending == ".npz" else "image" if ending in IMAGE_ENDINGS else "document"


class Filing(QObject):
    """Opens and saves documents and runs for a window; what can't be done is said in one sentence."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        notices: Notices,
        show_page: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        """Work on a session.

        Args:
            session: whose documents these are.
            settings: which remember the recent ones.
            notices: where sentences are said.
            show_page: shows a page of the window by its name.
            parent: the window, over which questions are asked.
        """
        super().__init__(parent)
        self._session, self._documents, self._settings = session, session.documents, settings
        self._notices, self._show_page, self._window = notices, show_page, parent
        self._strip = RecoveryStrip(self._recover)
        notices.add(self._strip)
        session.images_changed.connect(self._remember_data)

    # ---- open

    def new(self) -> None:
        """Start again with the default design."""
        if self.may_leave():
            self._documents.new()

    def open(self) -> None:
        """Ask for a document and open it."""
        if self.may_leave():
            path = ask_what_to_open(self._window, self._folder())
            if path:
                self.open_path(path)

    def open_recent(self, path: Path) -> None:
        """Open a document that was open before."""
        if self.may_leave():
            self.open_path(path)

    def open_run(self) -> None:
        """Ask for the folder of a run and open it."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Open the folder of a run", str(self._session.runs.parent)
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a document, or the folder of a run, without a question."""
        if path.is_dir():
            self._session.runs.open(path)
            self._show_page("train")
            return
        self._notices.hush()
        try:
            self._documents.open(path)
        except StudioError as error:
            self._notices.say(str(error))
            return
        self._settings.remember(path)
        self._show_page("design")
        self._warn_of_another_window()

    def drop(self, paths: Sequence[Path]) -> None:
        """Take what was dropped on the window: a document, a run, or images, which become the data."""
        if len(paths) != 1:
            self._notices.say(f"{len(paths)} things were dropped; drop one folder or file at a time.", "warning")
            return
        path = paths[0]
        kind = dropped_kind(path)
        if kind == "data":
            self._notices.hush()
            self._session.choose_source(str(path))
            self._show_page("data")
        elif kind == "image":
            self._notices.say(f"{path.name} is one image; drop the folder that holds the images of all classes.")
        elif kind == "run" or self.may_leave():
            self.open_path(path)

    def choose_data(self, data: RecentData) -> None:
        """Want a data set that was looked at before, and show it."""
        self._session.choose_source(data.source, root=data.root)
        self._show_page("data")

    def revert(self) -> None:
        """Go back to what the file holds."""
        try:
            self._documents.revert()
        except StudioError as error:
            self._notices.say(str(error))

    # ---- save

    def save(self) -> bool:
        """Save to the document's file, or ask for one; return whether it is saved."""
        path = self._documents.path
        return self._write(path, self._documents.kind) if path else self.save_as()

    def save_as(self, kind: Kind | None = None) -> bool:
        """Ask for a file and save to it; return whether it is saved."""
        suggested = self._documents.path or Path(self._folder()) / f"{self._documents.name}.json"
        chosen = ask_where_to_save(self._window, suggested, kind or self._documents.kind)
        return chosen is not None and self._write(*chosen)

    def may_leave(self) -> bool:
        """Whether another document may take the place of this one; asks where edits would be lost."""
        return self.leave() != "stay"

    def leave(self) -> Leave:
        """Ask what is to become of edits, where there are any."""
        if not self._documents.edited:
            return "saved"
        answer = ask_to_save(self._window, self._documents.name)
        if answer == "save":
            return "saved" if self.save() else "stay"
        return "discard" if answer == "discard" else "stay"

    def _write(self, path: Path, kind: Kind) -> bool:
        documents = self._documents
        conflict = documents.conflict(path)
        if conflict:
            answer = ask_to_overwrite(self._window, path.name, conflict)
            if answer == "reload":
                self.revert()
            elif answer == "save_as":
                return self.save_as()
            if answer != "overwrite":
                return False
        left_out = kind == "network" and documents.leaves_out
        self._notices.hush()
        try:
            documents.save(path, kind)
        except StudioError as error:
            self._notices.say(str(error))
            return False
        self._settings.remember(path)
        if left_out:
            self._notices.say(
                f"{path.name} holds a network alone: data and training are not in it.",
                "info",
                "Save all as…",
                lambda: self.save_as("experiment"),
            )
        return True

    # ---- what others left or hold

    def offer_recovery(self) -> None:
        """Offer what sessions that are gone have not saved."""
        try:
            self._strip.look()
        except OSError as error:
            self._notices.say(f"What was not saved before can't be looked for: {error}.")

    def close(self) -> None:
        """Leave what was offered to the next start."""
        self._strip.leave()

    @Slot()
    def _remember_data(self) -> None:
        """Remember the data set whose images have come."""
        images = self._session.images
        if images is not None and not self._session.loading.active:
            data = RecentData.of(images.spec)
            if data is not None:
                self._settings.remember_data(data)

    def _recover(self, place: Place) -> bool:
        if not self.may_leave():
            return False
        try:
            self._documents.recover(place)
        except StudioError as error:
            self._notices.say(str(error))
            return False
        self._show_page("design")
        self._warn_of_another_window()
        return True

    def _warn_of_another_window(self) -> None:
        if self._documents.elsewhere:
            self._notices.say(
                f"{self._documents.name} is open in another window of the studio; saving here would overwrite what is "
                "done there.",
                "warning",
                "Open a copy",
                self._documents.become_copy,
            )

    def _folder(self) -> str:
        return str(self._documents.path.parent if self._documents.path else Path.home())
