"""Where the images come from: a name of the catalogue, a folder, a file."""

from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow, Section
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.spec.data import CATALOGUE
from resnet_studio.spec.meaning import meaning

EMBEDDED = "digits"
"""The one source that ships with the program and needs no folder."""
FOLDER, FILE = "folder of images…", ".npz file…"


def is_path(source: str) -> bool:
    """Whether a source is a folder or a file, not a name of the catalogue."""
    return source not in CATALOGUE


def is_file(source: str) -> bool:
    """Whether a source is, or would be, an .npz file."""
    return is_path(source) and source.lower().endswith(".npz")


class SourceRows(QObject):
    """The source, and its folder or file where it has one."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session, self._section = session, section
        names = [(name, name) for name in CATALOGUE]
        self._source = Choice([*names, (FOLDER, FOLDER), (FILE, FILE)], name="data.source", label="source")
        self._source.setToolTip(meaning("data.source"))
        self._source.activated.connect(self._picked)
        self._source_row = section.add_row("Source", self._source)
        self._path = TextField(name="data.source.path", label="folder or file of the images")
        self._path.editingFinished.connect(self._path_typed)
        self._path_row = self._row("Folder", self._path, "data.source.choose")
        self._root = TextField(name="data.root", label="folder of the data set", placeholder="the studio's own")
        self._root.setToolTip(meaning("data.root"))
        self._root.editingFinished.connect(self._root_typed)
        self._root_row = self._row("Folder", self._root, "data.root.choose")
        session.refused.connect(self._refused)

    @Slot()
    def choose(self) -> None:
        """Ask for the folder or file of the source as it stands."""
        source = self._session.experiment.data.source
        if is_path(source):
            self._ask_for(FILE if is_file(source) else FOLDER)
            return
        there = self._session.experiment.data.root or str(Path.home())
        name = QFileDialog.getExistingDirectory(self._window(), f"The folder of {source}", there)
        if name:
            self._session.change("data.root", name)

    def choose_words(self) -> str:
        """What the button that calls `choose` says where something is wrong; empty: there is nothing to choose."""
        source = self._session.experiment.data.source
        if source == EMBEDDED:
            return ""
        return "Choose another file" if is_file(source) else "Choose another folder"

    def refresh(self) -> None:
        """Show the source as it is now."""
        data = self._session.experiment.data
        source = data.source
        with QSignalBlocker(self._source):
            self._source.set_value(source if not is_path(source) else FILE if is_file(source) else FOLDER)
        self._path_row.setVisible(is_path(source))
        self._path_row.label.setText("File" if is_file(source) else "Folder")
        self._root_row.setVisible(not is_path(source) and source != EMBEDDED)
        for field, text in ((self._path, source if is_path(source) else ""), (self._root, data.root or "")):
            field.set_text(text)
            if not field.hasFocus():
                field.end(False)  # noqa: FBT003 - Qt's signature; the end of a long path says most
        self._path.setToolTip(source)

    def _row(self, label: str, field: TextField, name: str) -> FormRow:
        button = Button("Choose", name=name, tip="Choose it in a dialog")
        button.setAccessibleName(f"choose the {field.accessibleName()}")
        button.clicked.connect(self.choose)
        return self._section.add_row(label, field, button)

    def _ask_for(self, kind: str) -> None:
        source = self._session.experiment.data.source
        there = str(Path(source).parent) if is_path(source) else str(Path.home())
        if kind == FILE:
            name, _ = QFileDialog.getOpenFileName(self._window(), "An .npz file of images", there, "Arrays (*.npz)")
        else:
            name = QFileDialog.getExistingDirectory(self._window(), "A folder of images", there)
        if name:
            self._session.choose_source(name)
        self.refresh()

    def _window(self) -> QWidget:
        return self._section.window()

    @Slot()
    def _picked(self) -> None:
        value = self._source.value()
        if value in {FOLDER, FILE}:
            self._ask_for(value)
        else:
            self._session.choose_source(value)

    @Slot()
    def _path_typed(self) -> None:
        if self._path.text().strip():
            self._session.choose_source(self._path.text().strip())
        self.refresh()

    @Slot()
    def _root_typed(self) -> None:
        self._session.change("data.root", self._root.text().strip() or None)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        row = {"data.source": self._source_row, "data.root": self._root_row}.get(path)
        if row is not None:
            row.set_error(path, sentence or None)
