"""The folder into which is exported."""

import shutil
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from resnet_studio.gui.run_state import RunState
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.text_field import TextField


class Destination(QObject):
    """A field and a dialog; each run has its own folder until the user names another one."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session, self._section = session, section
        self._run: Path | None = None
        self._field = TextField(name="export.folder", label="folder of the export")
        self._field.textChanged.connect(self._say)
        choose = Button("Choose", name="export.choose", tip="Choose the folder in a dialog")
        choose.setAccessibleName("choose the folder of the export")
        choose.clicked.connect(self._choose)
        self._row = section.add_row("Folder", self._field, choose)
        self._bytes = 0

    def path(self) -> Path:
        """The folder, absolute."""
        text = self._field.text().strip()
        return Path(text).expanduser().absolute() if text else self._own()

    def follow(self, run: RunState | None, size: int) -> None:
        """Take another run, whose export will be so many bytes large."""
        folder = run.folder if run else None
        if folder != self._run:
            self._run = folder
            self._field.set_text(str(self._own()) if folder else "")
            self._field.end(False)  # noqa: FBT003 - Qt's signature; the end of a long path says most
        self._bytes = size
        self._say()

    def _own(self) -> Path:
        return self._session.runs.parent.parent / "exports" / (self._run.name if self._run else "export")

    @Slot()
    def _choose(self) -> None:
        there = next(folder for folder in (self.path(), *self.path().parents) if folder.is_dir())
        name = QFileDialog.getExistingDirectory(self._section.window(), "The folder of the export", str(there))
        if name:
            self._field.set_text(name)

    @Slot()
    def _say(self) -> None:
        """Say below the field what will happen there."""
        self._field.setToolTip(str(self.path()))
        self._row.set_note(outlook(self.path(), self._bytes))


def outlook(path: Path, size: int) -> str:
    """Return what an export of so many bytes meets in a folder, in a few words."""
    if path.is_file():
        return "this is a file, name a folder"
    there = "new folder"
    if path.is_dir() and any(path.iterdir()):
        there = "the export there is replaced" if (path / "classes.json").is_file() else "other files are left alone"
    nearest = next(folder for folder in (path, *path.parents) if folder.is_dir())
    free = shutil.disk_usage(nearest).free
    needed = f"{size / 1e6:,.1f} MB of " if size else ""
    return f"{there}, {needed}{free / 1e9:,.0f} GB free"
