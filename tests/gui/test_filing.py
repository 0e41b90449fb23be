"""What the File menu does in the window: what is asked, what is said, and that nothing is lost on the way."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.load import load
from resnet_studio.gui import filing, questions
from resnet_studio.gui.filing import Filing
from resnet_studio.gui.notices import Notices
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.recovery import Kept, Place, recovery_folder
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.spec.files import experiment_document, network_document, read_experiment, write_document
from resnet_studio.spec.presets import preset


class Desk(QWidget):
    """What of the window the File menu needs: quick to make, and several at once."""

    def __init__(self) -> None:
        super().__init__()
        self.session, self.settings, self.notices = Session(self), Settings(), Notices()
        self.pages: list[str] = []
        self.filing = Filing(self.session, self.settings, self.notices, self.pages.append, self)
        QVBoxLayout(self).addWidget(self.notices)


@pytest.fixture
def open_desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    """Opens windows of one user; a modal question that the test does not expect fails it."""

    def unexpected(*arguments: object) -> None:
        raise AssertionError(f"asked for no reason: {arguments}")

    for question in ("ask_to_save", "ask_to_overwrite", "ask_where_to_save", "ask_what_to_open"):
        monkeypatch.setattr(filing, question, unexpected)
    desks: list[Desk] = []

    def opened(path: Path | None = None) -> Desk:
        desk = Desk()
        desks.append(desk)
        desk.show()
        if path:
            desk.filing.open_path(path)
        desk.filing.offer_recovery()
        return desk

    yield opened
    for desk in desks:
        desk.filing.close()
        assert desk.session.close(30, keep=False)
        desk.deleteLater()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.json"
    write_document(path, network_document(preset("cifar_resnet20")))
    return path


def answer(monkeypatch: pytest.MonkeyPatch, question: str, result: Any) -> list[tuple[Any, ...]]:
    """Answer a question; what it was asked with is in the list."""
    asked: list[tuple[Any, ...]] = []

    def ask(_: QWidget, *arguments: Any) -> Any:
        asked.append(arguments)
        return result

    monkeypatch.setattr(filing, question, ask)
    return asked


def strip(desk: Desk, name: str) -> QWidget:
    found = desk.findChild(QWidget, name)
    assert found is not None, name
    return found


def said(desk: Desk, name: str = "view.notice") -> str:
    """What a strip says; nothing where it is not to be seen."""
    found = strip(desk, name)
    return " ".join(label.text() for label in found.findChildren(QLabel) if label.text()) if found.isVisible() else ""


def click(desk: Desk, name: str) -> None:
    QApplication.processEvents()  # a button comes and goes with its sentence, when the event loop comes to it
    buttons = [button for button in desk.findChildren(QPushButton, name) if button.isVisibleTo(desk)]
    assert len(buttons) == 1
    buttons[0].click()


# ---- new, open, save


def test_new_asks_only_where_something_would_be_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session, new = desk.session, desk.filing.new
    new()
    session.change("training.epochs", 3)
    asked = answer(monkeypatch, "ask_to_save", "cancel")
    new()
    assert asked == [("digits_resnet8",)]
    assert session.experiment.training.epochs == 3
    answer(monkeypatch, "ask_to_save", "discard")
    new()
    assert session.experiment == ExperimentSpec()
    assert not session.documents.edited


def test_discarding_and_then_opening_nothing_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.session.change("training.epochs", 3)
    answer(monkeypatch, "ask_to_save", "discard")
    answer(monkeypatch, "ask_what_to_open", tmp_path / "missing.json")
    desk.filing.open()
    assert "There is no file" in said(desk)
    assert desk.session.documents.edited
    assert desk.session.experiment.training.epochs == 3


def test_saving_asks_for_a_name_once_and_offers_both_kinds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "mine.json"
    asked = answer(monkeypatch, "ask_where_to_save", (path, "experiment"))
    for epochs in (3, 4):
        desk.session.change("training.epochs", epochs)
        desk.filing.save()
        assert read_experiment(path).training.epochs == epochs
    assert [(suggested.name, kind) for suggested, kind in asked] == [("digits_resnet8.json", "experiment")]
    assert desk.settings.recent == [path]


def test_the_dialog_names_the_kinds(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []

    def choose(dialog: QFileDialog) -> int:
        seen.extend([dialog.nameFilters(), dialog.selectedNameFilter(), dialog.defaultSuffix()])
        dialog.selectNameFilter("Experiment (*.json)")
        return 1

    monkeypatch.setattr(QFileDialog, "exec", choose)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: [str(tmp_path / "x.json")])
    chosen = questions.ask_where_to_save(desk, tmp_path / "net.json", "network")
    assert seen == [["Experiment (*.json)", "Network (*.json)"], "Network (*.json)", "json"]
    assert chosen == (tmp_path / "x.json", "experiment")


def test_a_network_is_saved_as_one_and_what_that_leaves_out_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path
) -> None:
    desk.filing.open_path(file)
    desk.session.change("network.num_classes", 7)
    desk.filing.save()
    assert not said(desk)
    desk.session.change("training.epochs", 5)
    desk.filing.save()
    assert json.loads(file.read_text())["format"] == "resnet-studio/network"
    assert "holds a network alone" in said(desk)
    asked = answer(monkeypatch, "ask_where_to_save", (tmp_path / "all.json", "experiment"))
    click(desk, "view.notice.do")
    assert asked[0][1] == "experiment"
    assert read_experiment(tmp_path / "all.json").training.epochs == 5
    assert not said(desk)


def test_reverting_to_a_file_that_is_gone_says_so(desk: Desk, file: Path) -> None:
    desk.filing.open_path(file)
    desk.session.change("network.num_classes", 7)
    desk.filing.revert()
    assert desk.session.experiment.network.num_classes == 10
    file.unlink()
    desk.session.change("network.num_classes", 7)
    desk.filing.revert()
    assert "There is no file" in said(desk)
    assert desk.session.experiment.network.num_classes == 7


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no JSON: line 1"),
        ('{"format": "resnet-studio/experiment", "vers', "is no JSON: line 1"),
        ('{"dear": "reader"}', "is no document of the studio"),
        ('{"format": "resnet-studio/network", "version": 2}', "was written by a newer studio"),
        ('{"format": "resnet-studio/network", "version": 1, "groups": 0}', "groups"),
        ('{"a": "' + 100_000_000 * "x" + '"}', "is too large for a design"),
    ],
    ids=["broken", "truncated", "another", "newer", "wrong", "huge"],
)
def test_what_cannot_be_opened_is_one_sentence(content: str, sentence: str, desk: Desk, tmp_path: Path) -> None:
    path, experiment = tmp_path / "odd.json", desk.session.experiment
    path.write_text(content)
    desk.filing.open_path(path)
    assert sentence in said(desk)
    assert "\n" not in said(desk)
    assert desk.session.experiment is experiment
    assert path.stat().st_size == len(content)
    path.unlink()


def test_a_dropped_file_is_opened_and_a_dropped_archive_becomes_the_data(
    desk: Desk, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.filing.drop([file])
    assert desk.session.documents.path == file
    desk.filing.drop([tmp_path / "images.npz"])
    assert desk.session.experiment.data.source == str(tmp_path / "images.npz")
    assert desk.pages == ["design", "data"]
    asked = answer(monkeypatch, "ask_to_save", "cancel")
    desk.filing.drop([file])
    assert asked == [("net.json",)]


def test_a_dropped_folder_becomes_the_data_as_one_step(desk: Desk, tmp_path: Path) -> None:
    desk.filing.drop([tmp_path])
    assert desk.session.experiment.data.source == str(tmp_path)
    assert (desk.pages, desk.session.undo_stack.count()) == (["data"], 1)
    desk.session.undo_stack.undo()
    assert desk.session.experiment == ExperimentSpec()


def test_several_things_or_one_image_dropped_are_one_sentence(desk: Desk, file: Path, tmp_path: Path) -> None:
    desk.filing.drop([file, tmp_path])
    assert said(desk) == "2 things were dropped; drop one folder or file at a time."
    desk.filing.drop([tmp_path / "cat.JPG"])
    assert said(desk) == "cat.JPG is one image; drop the folder that holds the images of all classes."
    assert desk.session.undo_stack.isClean()
    assert not desk.pages
    desk.filing.drop([tmp_path])
    assert not said(desk), "the sentence goes with what it was about"


def test_images_that_came_are_remembered(desk: Desk, tmp_path: Path) -> None:
    images = load(DataSpec())
    session, folder = desk.session, tmp_path / "photos"
    folder.mkdir()

    def come(**values: object) -> None:
        session.loading.images = replace(images, spec=images.spec.model_copy(update=values))
        session.images_changed.emit()

    come()
    assert not desk.settings.recent_data, "the digits are always at hand"
    come(source=str(folder))
    come(source="mnist")
    come(source="mnist", root=str(tmp_path))
    session.loading.active = True
    come(source="/not/loaded/yet")
    assert desk.settings.recent_data == [RecentData("mnist", str(tmp_path)), RecentData(str(folder))]
    desk.filing.choose_data(desk.settings.recent_data[0])
    assert (session.experiment.data.source, session.experiment.data.root) == ("mnist", str(tmp_path))
    assert (session.undo_stack.count(), desk.pages) == (1, ["data"])


# ---- other windows, other programs


def test_the_second_window_says_so_and_offers_a_copy(open_desk: Callable[..., Desk], file: Path) -> None:
    first, second = open_desk(file), open_desk(file)
    assert not said(first)
    assert "net.json is open in another window of the studio" in said(second)
    click(second, "view.notice.do")
    assert not said(second)
    assert second.session.documents.path is None
    assert second.session.experiment.network == preset("cifar_resnet20")


def test_saving_from_the_second_window_asks(
    open_desk: Callable[..., Desk], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(file)
    second = open_desk(file)
    second.session.change("network.num_classes", 7)
    content, save = file.read_bytes(), second.filing.save
    asked = answer(monkeypatch, "ask_to_overwrite", "cancel")
    save()
    assert asked == [("net.json", "open")]
    assert file.read_bytes() == content
    answer(monkeypatch, "ask_to_overwrite", "save_as")
    answer(monkeypatch, "ask_where_to_save", (tmp_path / "other.json", "network"))
    save()
    assert file.read_bytes() == content
    assert second.session.documents.path == tmp_path / "other.json"
    save()


def test_a_window_of_another_process_is_seen(open_desk: Callable[..., Desk], file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from resnet_studio.gui.hold import Hold; "
        "hold = Hold(); print(hold.take(Path(sys.argv[1])), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        desk = open_desk(file)
        assert "open in another window" in said(desk)
        other.kill()
        other.wait(10)
        assert desk.session.documents.conflict(file) == "", "the dead hold nothing"


@pytest.mark.parametrize("choice", ["overwrite", "reload", "cancel"])
def test_a_file_that_another_program_changed(
    choice: str, desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.filing.open_path(file)
    desk.session.change("network.num_classes", 7)
    write_document(file, network_document(preset("cifar_resnet32")))
    theirs = file.read_bytes()
    asked = answer(monkeypatch, "ask_to_overwrite", choice)
    desk.filing.save()
    assert asked == [("net.json", "changed")]
    network, edited = desk.session.experiment.network, desk.session.documents.edited
    if choice == "overwrite":
        assert json.loads(file.read_text())["num_classes"] == 7
        assert not edited
        return
    assert file.read_bytes() == theirs
    assert (network == preset("cifar_resnet32")) == (choice == "reload")
    assert edited == (choice == "cancel")
    if choice == "reload":
        desk.session.undo_stack.undo()
        assert desk.session.experiment.network.num_classes == 7, "nothing was lost"


@pytest.mark.parametrize(
    ("conflict", "buttons"),
    [("open", ["Save as…", "Overwrite"]), ("changed", ["Save as…", "Overwrite", "Reload the file"])],
)
def test_the_question_before_overwriting(
    conflict: Any, buttons: list[str], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = dict(zip(["Save as…", "Overwrite", "Reload the file", "Cancel"],
                       ["save_as", "overwrite", "reload", "cancel"], strict=True))  # fmt: skip
    for text in (*buttons, "Cancel"):
        offered: list[str] = []

        def choose(box: QMessageBox, wanted: str = text, found: list[str] = offered) -> int:
            found += [button.text().replace("&", "") for button in box.buttons()]
            next(button for button in box.buttons() if button.text().replace("&", "") == wanted).click()
            return 0

        monkeypatch.setattr(QMessageBox, "exec", choose)
        assert questions.ask_to_overwrite(desk, "net.json", conflict) == answers[text]
        assert sorted(offered) == sorted([*buttons, "Cancel"])


# ---- after a crash


def keep(path: Path | None, epochs: int, time: float) -> None:
    """Keep a design as a session does that is gone."""
    place = Place.new()
    experiment = with_values(ExperimentSpec(), {"training.epochs": epochs})
    place.write(Kept(experiment, path, "experiment", "", time))
    os.utime(place.file, (time, time))
    place.leave()


def test_what_was_not_saved_is_offered_one_after_the_other(
    open_desk: Callable[..., Desk], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(file, 5, 1_700_000_000)
    keep(None, 6, 1_700_000_100)
    desk = open_desk()
    assert "The design digits_resnet8 from 14 November, " in said(desk, "view.recovery")
    assert "was never saved." in said(desk, "view.recovery")
    click(desk, "view.recovery.discard")
    assert "An edited design of net.json from 14 November, " in said(desk, "view.recovery")
    desk.session.change("training.epochs", 2)
    answer(monkeypatch, "ask_to_save", "cancel")
    click(desk, "view.recovery.open")
    assert said(desk, "view.recovery"), "what is not opened stays"
    answer(monkeypatch, "ask_to_save", "discard")
    click(desk, "view.recovery.open")
    assert not said(desk, "view.recovery")
    assert desk.session.documents.path == file
    assert desk.session.experiment.training.epochs == 5
    assert desk.session.documents.edited


def test_two_windows_do_not_offer_the_same(open_desk: Callable[..., Desk]) -> None:
    keep(None, 6, 1_700_000_100)
    first, second = open_desk(), open_desk()
    assert said(first, "view.recovery")
    assert not said(second, "view.recovery")
    first.filing.close()
    assert said(open_desk(), "view.recovery"), "what was neither opened nor discarded is offered again"


def test_a_faulty_leftover_is_one_sentence_and_no_crash(open_desk: Callable[..., Desk]) -> None:
    recovery_folder().mkdir()
    (recovery_folder() / "odd.json").write_text("{")
    desk = open_desk()
    assert "odd.json is faulty" in said(desk, "view.recovery")
    click(desk, "view.recovery.discard")
    assert not said(desk, "view.recovery")
    assert not list(recovery_folder().iterdir())


EDITOR = """
import sys
from PySide6.QtWidgets import QApplication
from resnet_studio.gui.app import create_window
app = QApplication([])
window = create_window([sys.argv[1]])
window.session.change("training.epochs", 33)
window.session.autosaved.connect(lambda: print("kept", flush=True))
app.exec()
"""


def test_an_edit_survives_a_killed_process(open_desk: Callable[..., Desk], tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "mine.json"
    write_document(path, experiment_document(ExperimentSpec()))
    content = path.read_bytes()
    command = [sys.executable, "-c", EDITOR, str(path)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as editor:
        assert editor.stdout is not None
        assert editor.stdout.readline() == "kept\n"
        assert not said(open_desk(), "view.recovery"), "its session lives"
        assert "open in another window" in said(open_desk(path))
        editor.kill()
        editor.wait(10)
    assert path.read_bytes() == content
    desk = open_desk()
    assert "An edited design of mine.json from " in said(desk, "view.recovery")
    click(desk, "view.recovery.open")
    assert desk.session.documents.path == path
    assert desk.session.documents.edited
    assert desk.session.experiment.training.epochs == 33
    assert desk.filing.save()
    assert read_experiment(path).training.epochs == 33
    qtbot.waitUntil(lambda: not list(recovery_folder().glob("*.json")), timeout=10_000)
