"""The whole window for tests, closed and without threads behind it afterwards."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.gui import filing
from resnet_studio.gui.app import create_window
from resnet_studio.gui.main_window import MainWindow

WORKERS = {"trainer", "background", "loader", "checker", "pictures", "autosave"}


@pytest.fixture(scope="session", autouse=True)
def _thawed() -> Iterator[None]:
    """Let Python collect at its end what the sweeps have set aside."""
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _swept(qapp: QApplication) -> Iterator[None]:
    """Delete at once what a test leaves to be deleted: each new style sheet would dress it again.

    Garbage is collected here alone. In a thread of a test, one that loads images say, Python would destroy the
    QObjects that tests before it have left, and the process would die of that some tests later.
    """
    gc.disable()
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    # what is alive now, torch above all, is not looked through after every test
    gc.freeze()
    gc.enable()


@pytest.fixture
def window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The window, shown, its images loaded and its design confirmed."""
    # a modal question that a test does not expect would wait for ever
    monkeypatch.setattr(filing, "ask_to_save", lambda *_: "discard")
    made = create_window([])
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    session = made.session
    qtbot.waitUntil(lambda: session.images is not None and session.opinion is not None, timeout=60_000)
    yield made
    made.session.runs.stop()
    qtbot.waitUntil(lambda: not session.runs.going_on, timeout=30_000)
    made.close()
    made.deleteLater()
    left = [thread.name for thread in threading.enumerate() if thread.name in WORKERS]
    assert not left, f"threads left behind: {left}"
