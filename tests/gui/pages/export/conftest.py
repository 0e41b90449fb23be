"""A finished run, and the page that exports it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.actions import make_actions
from resnet_studio.gui.pages.export.page import ExportPage
from resnet_studio.gui.session import Session
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.control import Control
from resnet_studio.training.loop import train
from resnet_studio.training.prepare import prepare


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    """Sizes and colours are the window's; set once, for it takes long."""
    if theme.mode() != "light" or not qapp.styleSheet():
        theme.apply(qapp, "light")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of three epochs on the digits, on the CPU."""
    wanted = with_values(ExperimentSpec(), {"training.epochs": 3, "training.device": "cpu"})
    experiment, images = prepare(wanted)
    folder = RunFolder.create(tmp_path_factory.mktemp("runs"), experiment)
    for _ in train(experiment, folder, Control(), images=images):
        pass
    return folder.path


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that was never started: it loads nothing by itself."""
    made = Session()
    yield made
    assert made.close(30)


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    """What the actions belong to, as they do to the window."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def actions(owner: QWidget) -> dict[str, QAction]:
    """The window's actions."""
    return make_actions(owner)


@pytest.fixture
def page(qtbot: QtBot, session: Session, actions: dict[str, QAction]) -> ExportPage:
    """The page, shown, without a run."""
    made = ExportPage(session, actions)
    qtbot.addWidget(made)
    made.resize(1216, 746)
    made.show()
    return made
