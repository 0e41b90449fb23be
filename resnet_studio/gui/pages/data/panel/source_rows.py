"""Where the images come from: a name of the catalogue, a folder, a file."""

from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.data.panel.resolved import as_wanted
from resnet_studio.gui.pages.data.panel.source_choice import FILE, FOLDER, FORGET, SourceChoice
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.panel import FormRow, Section
from resnet_studio.gui.widgets.path_field import PathField
from resnet_studio.spec.data import CATALOGUE
from resnet_studio.spec.errors import nearest
from resnet_studio.spec.meaning import meaning

EMBEDDED = "digits"
"""The one source that ships with the program and needs no folder."""
PATH = "data.source.path"


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
        self._session, self._section, self._settings = session, section, Settings()
        self._source = SourceChoice(lambda: self._settings.recent_data)
        self._source.activated.connect(self._picked)
        self._source_row = section.add_row("Source", self._source)
        self._path = PathField(name=PATH, label="folder or file of the images")
        self._path.editingFinished.connect(self._path_typed)
        self._path_row = self._row("Folder", self._path, "data.source.choose")
        self._root = PathField(name="data.root", label="folder of the data set", placeholder="studio's own")
        self._root.setToolTip(meaning("data.root"))
        self._root.editingFinished.connect(self._root_typed)
        self._root_row = self._row("Folder", self._root, "data.root.choose")
        self._shown = ""
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
        if not is_path(source):
            return "Choose a folder that has it"
        return "Choose another file" if is_file(source) else "Choose another folder"

    def refresh(self) -> None:
        """Show the source as it is now, and how much there is in it."""
        data = self._session.experiment.data
        source = data.source
        with QSignalBlocker(self._source):
            self._source.set_value(source if not is_path(source) else FILE if is_file(source) else FOLDER)
        self._path_row.setVisible(is_path(source))
        self._path_row.label.setText("File" if is_file(source) else "Folder")
        self._root_row.setVisible(not is_path(source) and source != EMBEDDED)
        # what was typed and isn't there stands with its sentence until the source is another one
        if source != self._shown or not self._path_row.error():
            self._shown = source
            self._say_wrong("")
            self._path.set_text(source if is_path(source) else "")
        self._path.setToolTip(source)
        self._root.set_text(data.root or "")
        self._show_amount()

    def _show_amount(self) -> None:
        found = as_wanted(self._session)
        note = ""
        if found is not None:
            splits = {id(split): split for split in (found.train, found.validation, found.test)}.values()
            note = f"{numbers.count(sum(map(len, splits)))} images, {numbers.count(found.num_classes)} classes"
        for row in (self._source_row, self._path_row, self._root_row):
            row.set_note("")
        is_embedded = self._session.experiment.data.source == EMBEDDED
        row = self._path_row if not self._path_row.isHidden() else self._root_row
        (self._source_row if is_embedded else row).set_note(note)

    def _row(self, label: str, field: PathField, name: str) -> FormRow:
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
        if isinstance(value, RecentData):
            self._session.choose_source(value.source, root=value.root)
            self.refresh()
        elif value == FORGET:
            self._settings.forget_gone_data()
            self.refresh()
        elif value in {FOLDER, FILE}:
            self._ask_for(value)
        else:
            self._session.choose_source(value)

    @Slot()
    def _path_typed(self) -> None:
        typed = self._path.text().strip()
        wrong = _wrong(typed)
        self._say_wrong(wrong)
        if typed and not wrong:
            path = Path(typed).expanduser()
            self._session.choose_source(typed if typed in CATALOGUE else str(path.absolute()))
        self.refresh()

    @Slot()
    def _root_typed(self) -> None:
        self._session.change("data.root", self._root.text().strip() or None)

    def _say_wrong(self, sentence: str) -> None:
        self._path_row.set_error(PATH, sentence or None)
        theme.set_look(self._path, "fault", "error" if sentence else None)

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        row = {"data.source": self._source_row, "data.root": self._root_row}.get(path)
        if row is not None:
            row.set_error(path, sentence or None)


def _wrong(typed: str) -> str:
    """Return why what was typed can't be a source, in one sentence; empty where it can, or is nothing."""
    path = Path(typed).expanduser()
    try:
        if not typed or typed in CATALOGUE or path.is_dir() or (is_file(typed) and path.is_file()):
            return ""
        if path.exists():
            return f"{path.name} is neither a folder of images nor an .npz file."
        beside = sorted(item.name for item in path.parent.iterdir()) if path.parent.is_dir() else []
    except OSError as error:
        return f"{path} can't be looked at: {error.strerror or error}."
    close = nearest(path.name, beside)
    kind = "file" if is_file(typed) else "folder"
    return f"There is no {kind} {path}{close}" if close else f"There is no {kind} {path}."
