"""Images to look at, and a session without threads that shows them."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.checks.check import Report
from resnet_studio.data.images import ImageSet, Split
from resnet_studio.data.load import load
from resnet_studio.gui import theme
from resnet_studio.gui.actions import make_actions
from resnet_studio.gui.checking import State
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.session import Session
from resnet_studio.spec.data import DataSpec


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    """Sizes and colours are the window's; set once, for it takes long."""
    if theme.mode() != "light" or not qapp.styleSheet():
        theme.apply(qapp, "light")


@pytest.fixture(scope="session")
def digits() -> ImageSet:
    """The embedded digits, as they are loaded."""
    return load(DataSpec())


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that was never started: nothing is loaded behind the test's back."""
    made = Session()
    yield made
    assert made.close(10)
    # with its undo steps, before Python collects them in an order of its own
    made.deleteLater()


@pytest.fixture
def show(session: Session) -> Callable[[ImageSet | None, str], None]:
    """Returns what gives a session images, or the sentence that says why there are none."""

    def give(images: ImageSet | None, error: str = "") -> None:
        session.loading.images, session.loading.error = images, error
        session.loading.active, session.loading.progress = False, None
        session.images_changed.emit()

    return give


@pytest.fixture
def tell(session: Session) -> Callable[..., None]:
    """Returns what gives a session a report of the check, in a state of it."""

    def give(report: Report | None, state: State = "done") -> None:
        session.checking.report, session.checking.state = report, state
        session.checking.progress = report.progress if report is not None else None
        session.check_changed.emit()

    return give


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
def panel(qtbot: QtBot, session: Session, actions: dict[str, QAction]) -> SourcePanel:
    """The panel, shown, without images."""
    made = SourcePanel(session, actions)
    qtbot.addWidget(made)
    made.resize(304, 740)
    made.show()
    return made


@pytest.fixture(scope="session")
def large() -> Split:
    """60,000 images of 28×28, each filled with its number (modulo 256), its class its number modulo 10."""
    values = (np.arange(60_000) % 256).astype(np.uint8)
    images = np.broadcast_to(values[:, None, None, None], (60_000, 28, 28, 1))
    return Split(images, np.arange(60_000, dtype=np.int64) % 10)
