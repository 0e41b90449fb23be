"""The list of edits: where it stands, what is saved, and going there."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QUndoView
from pytestqt.qtbot import QtBot

from resnet_studio.gui.main_window import MainWindow


@pytest.fixture
def steps(window: MainWindow, tmp_path: Path) -> QUndoView:
    """The list, shown, after two edits with a save in between."""
    window.actions_by_name["history"].trigger()
    session = window.session
    session.change("network.block_sizes.0", 3)
    session.documents.save(tmp_path / "mine.json")
    session.change("network.num_classes", 7)
    found = window.findChild(QUndoView, "view.history")
    assert isinstance(found, QUndoView)
    return found


def words(steps: QUndoView) -> list[str]:
    """What the delegate draws in each row."""
    delegate, model = steps.itemDelegate(), steps.model()
    assert isinstance(delegate, QStyledItemDelegate)
    found = []
    for row in range(model.rowCount()):
        option = QStyleOptionViewItem()
        delegate.initStyleOption(option, model.index(row, 0))
        found.append(option.text)
    return found


def test_it_names_each_step_and_what_is_saved(steps: QUndoView) -> None:
    assert words(steps) == ["as it was opened", "blocks of stage 1, saved", "classes"]
    assert steps.currentIndex().row() == 2


def test_a_click_goes_there_and_back(steps: QUndoView, window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    for row, (blocks, classes) in ((0, (1, 10)), (2, (3, 7)), (1, (3, 10))):
        place = steps.visualRect(steps.model().index(row, 0)).center()
        qtbot.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert session.experiment.network.block_sizes[0] == blocks
        assert session.experiment.network.num_classes == classes
    assert not session.documents.edited
    assert window.actions_by_name["undo"].text() == "&Undo blocks of stage 1"


def test_its_key_and_its_button_close_it(steps: QUndoView, window: MainWindow, qtbot: QtBot) -> None:
    action = window.actions_by_name["history"]
    assert action.shortcut().toString() == "Ctrl+H"
    assert steps.isVisible()
    action.trigger()
    assert not steps.isVisible()
    action.trigger()
    assert steps.isVisible()
