"""Going on from a kept checkpoint, as a user does."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QRadioButton, QToolButton
from pytestqt.qtbot import QtBot

from resnet_studio.gui import trainer_thread
from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.pages.train.branch_sheet import BranchSheet
from resnet_studio.gui.pages.train.page import TrainPage
from resnet_studio.runs.events import EpochDone
from resnet_studio.runs.folder import RunFolder

QUICK = {"training.epochs": 2, "training.batch_size": 256, "training.device": "cpu", "training.ema_decay": 0.5}


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> TrainPage:
    """The page of a run that has come to its end, with checkpoints after steps 5 and 10."""
    session = window.session
    session.runs.parent = tmp_path
    session.change_many(QUICK, "quick")
    window.show_page("train")
    session.runs.start()
    ended(window, qtbot)
    found = window.findChild(TrainPage)
    assert found is not None
    return found


def ended(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session.runs.phase == "finished", timeout=60_000)


def opened(page: TrainPage) -> BranchSheet:
    button = page.findChild(QPushButton, "button.branch")
    assert button is not None
    assert button.isVisible()
    button.click()
    assert page.sheet.isVisible()
    return page.sheet


def radio(sheet: BranchSheet, name: str) -> QRadioButton:
    found = sheet.findChild(QRadioButton, f"branch.checkpoint.{name}")
    assert found is not None
    return found


def test_a_new_run_goes_on_from_any_kept_checkpoint_with_another_rate(
    page: TrainPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session, runs = window.session, window.session.runs
    first = runs.folder
    assert first is not None
    before = (first / "events.jsonl").read_bytes()
    session.change("training.learning_rate", 0.01)
    sheet = opened(page)
    assert radio(sheet, "step-10").isChecked()
    assert "last" in radio(sheet, "step-10").accessibleName()
    radio(sheet, "step-5").click()
    assert not sheet.prolong.isEnabled()
    assert "newest" in sheet.prolong.toolTip()
    assert sheet.epochs.value() == 2
    assert "rate 0.1 → 0.01" in sheet._said.text()
    sheet.branch.click()
    assert not sheet.isVisible()
    ended(window, qtbot)
    assert runs.folder != first
    assert runs.folder is not None
    new = RunFolder.open(runs.folder)
    assert new.environment()["parent"] == {"run": str(first), "checkpoint": "step-5", "step": 5}
    assert new.experiment().training.learning_rate == 0.01
    assert (first / "events.jsonl").read_bytes() == before
    assert [event.epoch for event in runs.events if isinstance(event, EpochDone)] == [2]
    qtbot.waitUntil(lambda: page.strip.value("step") == "10")
    assert f"Goes on from step-5 of {first}" in page.finding.accessibleName()
    qtbot.waitUntil(lambda: page.plots.loss.parent_run.x.tolist() == [1, 2, 3, 4, 5])
    qtbot.waitUntil(lambda: page.plots.loss.view.viewRange()[0][0] == 0)
    origin = opened(page).origin
    assert origin.isVisible()
    assert origin.text().startswith(f"Goes on from step-5 of {first.name}.")

    shutil.copytree(runs.folder, tmp_path / "copy")
    runs.open(tmp_path / "copy")
    assert runs.current is not None
    assert runs.current.origin is not None
    assert runs.current.origin.run == first, "read from the folder"


def test_a_finished_run_is_prolonged(page: TrainPage, window: MainWindow, qtbot: QtBot) -> None:
    session, runs = window.session, window.session.runs
    folder, edits = runs.folder, session.undo_stack.count()
    sheet = opened(page)
    assert sheet.epochs.value() == 3, "half as many again"
    sheet.epochs.setValue(2)
    assert not sheet.prolong.isEnabled()
    assert not sheet.branch.isEnabled()
    assert "2 epochs already" in sheet._error.text()
    sheet.epochs.setValue(4)
    assert "stretched to 4 epochs" in sheet._said.text()
    sheet.prolong.click()
    assert runs.phase == "preparing"
    qtbot.waitUntil(lambda: page.strip.value("step") == "20", timeout=60_000)
    ended(window, qtbot)
    assert runs.folder == folder
    assert [event.epoch for event in runs.events if isinstance(event, EpochDone)] == [1, 2, 3, 4]
    words = [figure._below.text() for figure in (page.strip._figures["epoch"], page.strip._figures["step"])]
    assert words == ["of 4", "of 20"]
    assert session.experiment.training.epochs == 4
    assert session.undo_stack.count() == edits + 1


def test_a_branch_that_can_not_be_made_leaves_everything_as_it_was(
    page: TrainPage, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = window.session.runs
    folder, events = runs.folder, runs.events
    assert folder is not None
    weights = folder / "checkpoints" / "step-10" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    opened(page).branch.click()
    qtbot.waitUntil(lambda: not runs.going_on, timeout=60_000)
    assert "step-10" in window.notices.sentence
    assert (runs.folder, runs.phase, runs.events) == (folder, "finished", events)
    qtbot.waitUntil(lambda: page.strip.value("step") == "10")
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("in the studio itself")

    monkeypatch.setattr(trainer_thread, "branch", broken)
    with qtbot.waitSignal(window.session.unexpected, timeout=60_000) as told:
        opened(page).branch.click()
    assert isinstance(told.args[0], ZeroDivisionError)
    assert "in the studio itself. The details are in" in window.notices.sentence
    assert (runs.folder, runs.phase, runs.events) == (folder, "finished", events)

    sheet = opened(page)
    qtbot.keyClick(sheet.kept.first(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    runs.current = None
    window.session.run_changed.emit()
    action = window.actions_by_name["branch"]
    assert not action.isEnabled()
    assert "No run is open" in action.toolTip()
    assert not page.controls.branch.isVisible()


@pytest.mark.parametrize("here", [False, True])
def test_return_goes_on(page: TrainPage, window: MainWindow, qtbot: QtBot, here: bool) -> None:
    runs = window.session.runs
    first, sheet = runs.folder, opened(page)
    focused = sheet.prolong if here else radio(sheet, "step-10")
    focused.setFocus()
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    wanted = sheet.epochs.value()
    qtbot.waitUntil(
        lambda: any(isinstance(event, EpochDone) and event.epoch == wanted for event in runs.events), timeout=60_000
    )
    ended(window, qtbot)
    assert (runs.folder == first) == here


def test_return_on_the_button_that_closes_closes(page: TrainPage, window: MainWindow, qtbot: QtBot) -> None:
    runs, sheet = window.session.runs, opened(page)
    close = sheet.findChild(QToolButton, "view.branch.close")
    assert close is not None
    close.setFocus()
    qtbot.keyClick(close, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    assert runs.phase == "finished"
