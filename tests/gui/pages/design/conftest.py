"""A session and the parts of the page that follow it, without the window and its threads."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.cost.line import CostLine
from resnet_studio.gui.pages.design.tables.tables import DesignTables
from resnet_studio.gui.session import Session
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.presets import preset

Show = Callable[..., None]


@pytest.fixture
def session(qapp: QApplication) -> Iterator[Session]:
    """A session that was not started: no threads, no images, torchinfo not asked."""
    theme.apply(qapp, "light")
    made = Session()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def show(session: Session) -> Show:
    """Let a preset stand, with some of its fields changed."""

    def put(name: str, **changes: Any) -> None:
        network = preset(name).model_dump() | changes
        session.replace(with_values(session.experiment, {"network": network}), "test")

    return put


@pytest.fixture
def tables(session: Session, show: Show, qtbot: QtBot) -> DesignTables:
    """The tables of ResNet-50, shown as wide as in a window of 1280 pixels."""
    show("resnet50")
    made = DesignTables(session)
    qtbot.addWidget(made)
    made.resize(912, 202)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def line(session: Session, show: Show, qtbot: QtBot) -> CostLine:
    """The cost line of ResNet-50, shown as wide as in a window of 1280 pixels."""
    show("resnet50")
    made = CostLine(session)
    qtbot.addWidget(made)
    made.resize(912, 80)
    made.show()
    qtbot.waitExposed(made)
    return made
