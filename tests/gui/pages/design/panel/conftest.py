"""A session on ResNet-50, and a panel with nothing in it yet."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import Panel


@pytest.fixture
def session(session: Session, show: Callable[..., None]) -> Session:
    """A session that was not started, with nothing to undo."""
    show("resnet50")
    session.undo_stack.clear()
    return session


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> Panel:
    """A panel for the sections under test."""
    theme.apply(qapp, "light")
    made = Panel("Network", name="panel.design")
    qtbot.addWidget(made)
    return made
