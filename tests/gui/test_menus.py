"""The menus that are filled when they are opened."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from resnet_studio.gui.menus import FORGET, RecentDataMenu
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.settings import Settings


@pytest.fixture
def chosen() -> list[RecentData]:
    """What was chosen in the menu."""
    return []


@pytest.fixture
def menu(chosen: list[RecentData], qtbot: QtBot) -> RecentDataMenu:
    made = RecentDataMenu(Settings(), chosen.append)
    qtbot.addWidget(made)
    return made


def actions(menu: RecentDataMenu) -> list[QAction]:
    menu.aboutToShow.emit()
    return [action for action in menu.actions() if not action.isSeparator()]


def test_recent_data_can_be_chosen(menu: RecentDataMenu, chosen: list[RecentData], tmp_path: Path) -> None:
    assert [(action.text(), action.isEnabled()) for action in actions(menu)] == [("none yet", False)]
    there = tmp_path / "cats & dogs"
    there.mkdir()
    Settings().remember_data(RecentData(str(there)))
    (action,) = actions(menu)
    assert action.text() == f"cats && dogs\t{there}".replace(" & ", " && ")
    action.trigger()
    assert chosen == [RecentData(str(there))]


def test_what_is_gone_is_seen_and_can_be_forgotten(menu: RecentDataMenu, tmp_path: Path) -> None:
    for data in (RecentData("mnist", "/gone"), RecentData(str(tmp_path))):
        Settings().remember_data(data)
    there, gone, forget = actions(menu)
    words = there.text()
    assert (there.isEnabled(), gone.isEnabled()) == (True, False)
    assert gone.text() == "mnist\tnot there: /gone"
    assert forget.text() == FORGET
    forget.trigger()
    assert [action.text() for action in actions(menu)] == [words]
