"""The window as a whole: pages, themes, a run from Train to its end, and what closing asks."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui import filing, theme
from resnet_studio.gui import main_window as module
from resnet_studio.gui.actions import PAGES, THEMES
from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.menus import RecentDataMenu
from resnet_studio.gui.pages.data.pictures.image_grid import ImageGrid
from resnet_studio.gui.pages.design.diagram.view import Diagram
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.recovery import leftovers
from resnet_studio.runs.events import RunEnded, Step
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.presets import preset


def child(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None, name
    return found


def test_every_action_has_its_name_and_says_what_it_does(window: MainWindow) -> None:
    named = {action.objectName(): action for action in window.findChildren(QAction) if action.objectName()}
    wanted = {"open", "save", "undo", "redo", "train", "pause", "stop", "resume", "export"}
    wanted |= {f"page.{page}" for page in PAGES} | {f"theme.{mode}" for mode in THEMES}
    assert {f"action.{name}" for name in wanted} <= named.keys()
    assert all(named[f"action.{name}"].toolTip() for name in wanted)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_shown_by_its_action(window: MainWindow, page: str) -> None:
    window.actions_by_name[f"page.{page}"].trigger()
    assert child(window, f"page.{page}").isVisible()
    assert window.actions_by_name[f"page.{page}"].isChecked()


def test_the_theme_is_remembered(window: MainWindow) -> None:
    window.actions_by_name["theme.dark"].trigger()
    assert theme.current().dark
    assert window.settings.mode == "dark"
    window.actions_by_name["theme.light"].trigger()
    assert not theme.current().dark


def test_a_run_from_train_to_its_end(window: MainWindow, qtbot: QtBot) -> None:
    session, actions = window.session, window.actions_by_name
    session.change_many({"training.epochs": 2, "training.device": "cpu"}, "short")
    assert actions["train"].isEnabled()
    assert not actions["stop"].isEnabled()
    actions["train"].trigger()
    assert not actions["train"].isEnabled()
    assert actions["stop"].isEnabled()
    assert child(window, "page.train").isVisible()
    qtbot.waitUntil(lambda: not session.runs.going_on, timeout=120_000)
    assert session.runs.current is not None
    assert session.runs.phase == "finished", session.runs.current.message
    assert session.runs.folder is not None
    assert (session.runs.folder / "checkpoints" / "index.json").exists()
    ended = session.runs.events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.test_accuracy is not None
    assert actions["train"].isEnabled()
    assert actions["export"].isEnabled()


def test_pause_go_on_stop_and_resume(window: MainWindow, qtbot: QtBot) -> None:
    session, actions = window.session, window.actions_by_name
    session.change_many({"training.epochs": 40, "training.device": "cpu", "training.log_every": 1}, "longer")
    actions["train"].trigger()
    qtbot.waitUntil(lambda: any(isinstance(event, Step) for event in session.runs.events), timeout=60_000)
    actions["pause"].trigger()
    qtbot.waitUntil(lambda: session.runs.phase == "paused", timeout=30_000)
    actions["pause"].trigger()
    qtbot.waitUntil(lambda: session.runs.phase == "training", timeout=30_000)
    actions["stop"].trigger()
    qtbot.waitUntil(lambda: not session.runs.going_on, timeout=30_000)
    assert session.runs.current is not None
    assert session.runs.phase == "stopped"
    stopped_at = session.runs.events[-1].step
    assert actions["resume"].isEnabled()
    actions["resume"].trigger()
    qtbot.waitUntil(
        lambda: any(isinstance(event, Step) and event.step > stopped_at for event in session.runs.events),
        timeout=60_000,
    )
    actions["stop"].trigger()
    qtbot.waitUntil(lambda: not session.runs.going_on, timeout=30_000)


def _close(window: MainWindow) -> bool:
    event = QCloseEvent()
    window.closeEvent(event)
    return event.isAccepted()


def test_closing_during_training_asks(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    session = window.session
    session.change_many({"training.epochs": 60, "training.device": "cpu"}, "long")
    session.runs.start()
    qtbot.waitUntil(lambda: session.runs.phase == "training", timeout=60_000)
    monkeypatch.setattr(module, "ask_about_run", lambda _: "cancel")
    assert not _close(window)
    assert session.runs.going_on
    monkeypatch.setattr(module, "ask_about_run", lambda _: "keep")
    assert not _close(window)
    assert window.isHidden()
    assert session.runs.going_on
    window._leaving = False
    monkeypatch.setattr(module, "ask_about_run", lambda _: "stop")
    assert _close(window)
    assert session.runs.current is not None
    assert session.runs.folder is not None
    assert (session.runs.folder / "checkpoints" / "index.json").exists()
    assert not [thread for thread in threading.enumerate() if thread.name == "trainer"]


def test_an_edited_document_is_asked_about(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.json"
    window.session.documents.save(path)
    window.session.change("training.epochs", 77)
    assert window.isWindowModified()
    monkeypatch.setattr(filing, "ask_to_save", lambda *_: "cancel")
    assert not _close(window)
    monkeypatch.setattr(filing, "ask_to_save", lambda *_: "save")
    assert _close(window)
    assert '"epochs": 77' in path.read_text()


def test_the_title_and_revert_follow_the_document(window: MainWindow, tmp_path: Path) -> None:
    session, revert = window.session, window.actions_by_name["revert"]
    document = child(window, "view.document")
    assert isinstance(document, QLabel)
    assert document.text() == "digits_resnet8, not saved"
    session.change("training.epochs", 3)
    assert document.text() == "digits_resnet8, edited"
    assert not revert.isEnabled()
    assert revert.toolTip() == "The design has no file yet."
    session.documents.save(tmp_path / "mine.json")
    assert document.text() == "mine.json"
    assert window.windowTitle() == "mine.json[*] – ResNet Studio"
    assert not window.isWindowModified()
    assert revert.toolTip() == "Nothing differs from the file."
    session.change("training.epochs", 4)
    assert window.windowTitle() == "mine.json, edited[*] – ResNet Studio"
    assert window.isWindowModified()
    revert.trigger()
    assert session.experiment.training.epochs == 3
    assert not revert.isEnabled()
    window.actions_by_name["undo"].trigger()
    assert document.text() == "mine.json, edited"


def test_edits_that_may_go_are_kept_no_longer(window: MainWindow, tmp_path: Path) -> None:
    window.session.documents.save(tmp_path / "mine.json")
    window.session.change("training.epochs", 77)
    assert _close(window)  # the answer is to discard
    assert list(leftovers()) == []


def test_an_unsaved_experiment_is_kept_on_closing(window: MainWindow) -> None:
    window.session.change("training.epochs", 77)
    assert _close(window)
    (kept,) = [place.read() for place in leftovers()]
    assert kept.path is None
    assert kept.experiment.training.epochs == 77


def _drag(window: MainWindow, path: Path, *, drop: bool) -> None:
    """Drag a file or folder over the window, as the platform tells it, and let it go there or leave."""
    mime, action = QMimeData(), Qt.DropAction.CopyAction
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    button, keys, at = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(600, 300)
    handle = window.windowHandle()
    QApplication.sendEvent(handle, QDragEnterEvent(at, action, mime, button, keys))
    assert child(window, "view.drop").isVisible()
    QApplication.sendEvent(handle, QDragMoveEvent(at, action, mime, button, keys))
    last = QDropEvent(QPointF(at), action, mime, button, keys) if drop else QDragLeaveEvent()
    QApplication.sendEvent(handle, last)
    assert child(window, "view.drop").isHidden()


def test_a_dropped_folder_becomes_the_data(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    _drag(window, tmp_path / "empty", drop=True)
    qtbot.waitUntil(lambda: bool(window.session.loading.error), timeout=30_000)
    assert "empty" in window.session.loading.error
    assert not window.actions_by_name["train"].isEnabled()
    window.session.undo_stack.undo()
    qtbot.waitUntil(lambda: window.session.images is not None, timeout=30_000)


@pytest.mark.parametrize("page", PAGES)
def test_a_drop_on_every_page_shows_the_data(window: MainWindow, tmp_path: Path, page: str) -> None:
    window.show_page(page)
    _drag(window, tmp_path / "images.npz", drop=False)
    assert child(window, f"page.{page}").isVisible()
    assert window.session.experiment.data.source == "digits"
    _drag(window, tmp_path / "images.npz", drop=True)
    assert child(window, "page.data").isVisible()
    assert window.session.experiment.data.source == str(tmp_path / "images.npz")


def test_recent_data_stand_in_the_file_menu(window: MainWindow, tmp_path: Path) -> None:
    window.settings.remember_data(RecentData(str(tmp_path)))
    (menu,) = window.findChildren(RecentDataMenu)
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    assert window.session.experiment.data.source == str(tmp_path)
    assert child(window, "page.data").isVisible()


def test_what_cannot_be_opened_is_said_in_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "letter.json"
    path.write_text('{"dear": "reader"}')
    experiment = window.session.experiment
    window.filing.open_path(path)
    notice = child(window, "view.notice")
    assert notice.isVisible()
    assert any("no document of the studio" in label.text() for label in notice.findChildren(QLabel))
    assert window.session.experiment is experiment


def test_the_plain_twin_and_back_are_two_steps_and_the_same_network(window: MainWindow) -> None:
    session, twin = window.session, window.actions_by_name["plain_twin"]
    session.replace(with_values(session.experiment, {"network": preset("cifar_resnet20").model_dump()}), "test")
    steps = session.undo_stack.count()
    twin.trigger()
    assert session.experiment.network == preset("cifar_plain20")
    assert session.undo_stack.undoText() == "plain twin"
    twin.trigger()
    assert session.experiment.network == preset("cifar_resnet20")
    assert session.undo_stack.count() == steps + 2
    session.change_many({"network.name": "mine", "network.shortcut": "projection_all"}, "test")
    twin.trigger()
    twin.trigger()
    assert session.experiment.network.shortcut == "projection_all"


@pytest.mark.parametrize("name", ["network.block_sizes.0", "network.dropout"])
def test_undo_and_redo_work_from_a_field_that_is_being_edited(window: MainWindow, qtbot: QtBot, name: str) -> None:
    session = window.session
    before = session.experiment
    field = window.findChild(QAbstractSpinBox, name)
    assert field is not None
    window.activateWindow()
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    after = session.experiment
    assert after != before
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.experiment == before
    qtbot.keySequence(field, window.actions_by_name["redo"].shortcut())
    assert session.experiment == after


def test_what_is_in_sight_is_enlarged_whatever_has_the_focus(window: MainWindow) -> None:
    diagram, zoom = window.findChild(Diagram), window.actions_by_name["zoom_in"]
    assert isinstance(diagram, Diagram)
    window.show_page("data")
    grid, source = window.findChild(ImageGrid), window.findChild(QWidget, "data.source")
    assert isinstance(grid, ImageGrid)
    assert isinstance(source, QWidget)
    source.setFocus()
    scale, side = diagram.transform().m11(), grid.tiling.image[0]
    zoom.trigger()
    assert grid.tiling.image[0] > side
    window.actions_by_name["fit"].trigger()
    assert grid.tiling.image[0] == side
    assert diagram.transform().m11() == scale
    window.show_page("train")
    assert not zoom.isEnabled()
    window.show_page("design")
    zoom.trigger()
    assert diagram.transform().m11() > scale
    assert grid.tiling.image[0] == side
