"""Every way to say where the images come from, in the panel."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.pages.data.panel.source_choice import BELOW, FILE, FOLDER, FORGET, TITLE, SourceChoice
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.path_field import PathField
from resnet_studio.spec.data import CATALOGUE

Show = Callable[..., None]
Control = TypeVar("Control", bound=QWidget)


def _find(panel: SourcePanel, kind: type[Control], name: str) -> Control:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def _pick(choice: Choice, value: object) -> None:
    """Choose as a user does."""
    choice.set_value(value)
    choice.activated.emit(choice.currentIndex())


def test_every_name_of_the_catalogue_can_be_chosen(panel: SourcePanel, session: Session) -> None:
    source = _find(panel, Choice, "data.source")
    offered = [source.itemData(place) for place in range(source.count())]
    assert [value for value in offered if value is not None] == [FOLDER, FILE, *CATALOGUE]
    _pick(source, "mnist")
    assert session.experiment.data.source == "mnist"
    session.undo_stack.undo()
    assert source.value() == "digits"


def test_a_folder_is_chosen_in_a_dialog(
    panel: SourcePanel, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, path = _find(panel, Choice, "data.source"), _find(panel, PathField, "data.source.path")
    assert not path.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    _pick(source, FOLDER)
    assert source.value() == session.experiment.data.source == "digits"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    _pick(source, FOLDER)
    assert session.experiment.data.source == str(tmp_path)
    assert source.value() == FOLDER
    assert path.isVisible()
    assert path.text() == str(tmp_path)


def test_a_file_is_chosen_in_a_dialog(panel: SourcePanel, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/a/images.npz", "Arrays (*.npz)"))
    _pick(_find(panel, Choice, "data.source"), FILE)
    assert session.experiment.data.source == "/a/images.npz"
    assert _find(panel, Choice, "data.source").value() == FILE


def _type(panel: SourcePanel, text: str) -> PathField:
    path = _find(panel, PathField, "data.source.path")
    path.setText(text)
    path.editingFinished.emit()
    return path


def _said(field: QWidget) -> str:
    row = field.parentWidget()
    assert isinstance(row, FormRow)
    return row.error()


def test_a_path_can_be_typed(
    panel: SourcePanel, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("b", "home"):
        (tmp_path / name).mkdir()
    (tmp_path / "home" / "images.npz").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    session.change("data.source", "/a/photos")
    path = _type(panel, f" {tmp_path / 'b'} ")
    assert session.experiment.data.source == path.text() == str(tmp_path / "b")
    _type(panel, "  ")
    assert session.experiment.data.source == path.text() == str(tmp_path / "b")
    _type(panel, "~/images.npz")
    assert session.experiment.data.source == str(tmp_path / "home" / "images.npz")
    _type(panel, "home")
    assert session.experiment.data.source == str(tmp_path / "home"), "not where the studio happens to be started"
    _type(panel, "mnist")
    assert session.experiment.data.source == "mnist"


def test_a_path_that_is_not_there_is_said_and_nothing_is_lost(
    panel: SourcePanel, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "clothing").mkdir()
    (tmp_path / "letter.txt").touch()
    session.change("data.source", str(tmp_path / "clothing"))
    steps = session.undo_stack.count()
    path = _type(panel, str(tmp_path / "cloting"))
    assert _said(path) == f"There is no folder {tmp_path / 'cloting'}; did you mean clothing?"
    assert path.property("fault") == "error"
    assert path.text() == str(tmp_path / "cloting"), "what was typed stays to be mended"
    assert (session.experiment.data.source, session.undo_stack.count()) == (str(tmp_path / "clothing"), steps)
    session.change("data.resize", "pad")
    assert path.text() == str(tmp_path / "cloting"), "an edit elsewhere takes nothing away"
    _type(panel, str(tmp_path / "letter.txt"))
    assert _said(path) == "letter.txt is neither a folder of images nor an .npz file."
    _type(panel, str(tmp_path / "no" / "images.npz"))
    assert _said(path) == f"There is no file {tmp_path / 'no' / 'images.npz'}."
    _type(panel, str(tmp_path / "clothing"))
    assert not _said(path)
    assert path.property("fault") is None


def test_another_source_takes_the_sentence_away(panel: SourcePanel, session: Session, tmp_path: Path) -> None:
    session.change("data.source", "/a/photos")
    path = _type(panel, "/nowhere/at/all")
    session.choose_source(str(tmp_path))
    assert not _said(path)
    assert path.text() == str(tmp_path)


def test_how_much_there_is_in_it(panel: SourcePanel, session: Session, show: Show, digits: ImageSet) -> None:
    show(digits)
    assert "1,797 images, 10 classes" in _words(_find(panel, SourceChoice, "data.source"))
    session.change("data.augment.pad_crop", 2)
    assert "1,797 images, 10 classes" in _words(_find(panel, SourceChoice, "data.source"))
    session.choose_source("mnist")
    assert "1,797 images, 10 classes" not in _words(_find(panel, SourceChoice, "data.source"))
    session.choose_source("/a/photos")
    show(replace(digits, source="/a/photos"))
    assert "1,797 images, 10 classes" in _words(_find(panel, PathField, "data.source.path"))


def _words(field: QWidget) -> list[str]:
    row = field.parentWidget()
    assert isinstance(row, FormRow)
    return [label.text() for label in row.findChildren(QLabel) if label.isVisible()]


def test_what_was_looked_at_can_be_chosen_again(panel: SourcePanel, session: Session, tmp_path: Path) -> None:
    photos, sets = RecentData(str(tmp_path)), RecentData("mnist", str(tmp_path))
    for data in (photos, sets):
        Settings().remember_data(data)
    source = _find(panel, SourceChoice, "data.source")
    source.refill()
    assert [source.itemData(place) for place in (3, 4)] == [sets, photos]
    assert (source.itemText(4), source.itemData(4, BELOW)) == (tmp_path.name, str(tmp_path))
    _pick(source, sets)
    assert (session.experiment.data.source, session.experiment.data.root) == ("mnist", str(tmp_path))
    assert (source.value(), session.undo_stack.count()) == ("mnist", 1)
    _pick(source, photos)
    assert (session.experiment.data.source, source.value()) == (str(tmp_path), FOLDER)


def test_what_is_gone_is_shown_and_can_be_forgotten(panel: SourcePanel, session: Session, tmp_path: Path) -> None:
    gone, there = RecentData("/gone/away"), RecentData(str(tmp_path))
    for data in (gone, there):
        Settings().remember_data(data)
    source = _find(panel, SourceChoice, "data.source")
    source.refill()
    assert source.itemData(4, BELOW) == "not there: /gone/away"
    assert not source.model().index(4, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    assert source.model().index(3, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    _pick(source, FORGET)
    assert Settings().recent_data == [there]
    assert source.value() == session.experiment.data.source == "digits"
    source.refill()
    assert FORGET not in [source.itemData(place) for place in range(source.count())]


def test_names_stand_below_their_titles(panel: SourcePanel, qtbot: QtBot) -> None:
    source = _find(panel, SourceChoice, "data.source")
    place = source.findText("fashion-mnist")
    assert (source.itemData(place, TITLE), source.itemData(place, BELOW)) == (
        "Fashion-MNIST",
        "fashion-mnist, 70,000 of 28×28, grey",
    )
    source.showPopup()
    qtbot.waitUntil(source.view().isVisible)
    assert not source.view().grab().isNull()
    assert source.view().sizeHintForRow(place) > source.view().sizeHintForRow(0)
    source.hidePopup()


def test_the_folder_of_a_known_data_set(panel: SourcePanel, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _find(panel, PathField, "data.root")
    assert not root.isVisible()
    session.change("data.source", "mnist")
    assert root.isVisible()
    root.setText("/sets")
    root.editingFinished.emit()
    assert session.experiment.data.root == "/sets"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/other")
    _find(panel, QPushButton, "data.root.choose").click()
    assert (session.experiment.data.source, session.experiment.data.root) == ("mnist", "/other")
    root.setText("")
    root.editingFinished.emit()
    assert session.experiment.data.root is None


def test_another_source_is_measured_anew(panel: SourcePanel, session: Session) -> None:
    session.change_many({"data.mean": (0.5,), "data.std": (0.2,)}, "given")
    session.choose_source("mnist")
    data = session.experiment.data
    assert (data.source, data.mean, data.std) == ("mnist", None, None)
    session.undo_stack.undo()
    assert session.experiment.data.mean == (0.5,)


def test_photographs_are_not_shrunk_to_the_size_of_digits(panel: SourcePanel, session: Session) -> None:
    session.choose_source("/a/photos")
    assert session.experiment.data.image_size == (96, 96)
    session.choose_source("digits")
    assert session.experiment.data.image_size is None
    session.change("network.input_shape", (3, 64, 64))
    session.choose_source("/a/photos")
    assert session.experiment.data.image_size is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_K])
def test_keys_open_the_list_and_choose_nothing_on_the_way(
    key: Qt.Key, panel: SourcePanel, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unexpected(*_: object) -> None:
        raise AssertionError("asked for no reason")

    for dialog in ("getExistingDirectory", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, dialog, unexpected)
    source = _find(panel, SourceChoice, "data.source")
    source.setFocus()
    QTest.keyClick(source, key)
    qtbot.waitUntil(source.view().isVisible)
    assert session.experiment.data.source == "digits"
    if key == Qt.Key.Key_K:
        assert source.view().currentIndex().data() == "kmnist"
        QTest.keyClick(source.view(), Qt.Key.Key_Return)
        assert session.experiment.data.source == "kmnist"
    source.hidePopup()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("digits", ""),
        ("mnist", "Choose a folder that has it"),
        ("/a/photos", "Choose another folder"),
        ("/a/images.npz", "Choose another file"),
    ],
)
def test_what_can_be_chosen_where_something_is_wrong(
    source: str, words: str, panel: SourcePanel, session: Session
) -> None:
    session.change("data.source", source)
    assert panel.source.choose_words() == words
