"""What stands in the place of the images: one state at a time, and its buttons do what they say."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.catalogue.wanted_files import missing
from resnet_studio.data.images import ImageSet
from resnet_studio.data.watch import Progress
from resnet_studio.gui.loading import Loading
from resnet_studio.gui.pages.data.panel.source_rows import SourceRows
from resnet_studio.gui.pages.data.waiting import Waiting
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import Section


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the loading and of the rows of the source."""
    calls: list[str] = []
    for owner, name in (
        (Loading, "reload"),
        (Loading, "cancel"),
        (Loading, "download"),
        (Loading, "download_anew"),
        (SourceRows, "choose"),
    ):
        monkeypatch.setattr(owner, name, lambda _self, name=name: calls.append(name))
    return calls


@pytest.fixture
def waiting(session: Session, asked: list[str], qtbot: QtBot) -> Waiting:
    assert not asked
    section = Section()
    qtbot.addWidget(section)
    made = Waiting(session, SourceRows(session, section))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def _state(waiting: Waiting) -> str:
    assert waiting.refresh()
    current = waiting.currentWidget()
    assert isinstance(current, QWidget)
    return current.objectName()


def _click_all(waiting: Waiting) -> None:
    for button in waiting.findChildren(QPushButton):
        if button.isVisible():
            button.click()


def test_each_state_with_its_ways_on(session: Session, waiting: Waiting, asked: list[str], tmp_path: Path) -> None:
    loading = session.loading
    assert _state(waiting) == "view.no_images"
    _click_all(waiting)
    assert asked == ["reload"]
    session.change_many({"data.source": "mnist", "data.root": str(tmp_path)}, "mnist")
    loading.missing, loading.came = missing(session.experiment.data), 5_000_000
    asked.clear()
    assert _state(waiting) == "view.download"
    _click_all(waiting)
    assert asked == ["download", "download_anew", "choose"]
    loading.missing, loading.active, loading.progress = None, True, Progress("Downloading x", 1, 2)
    asked.clear()
    assert _state(waiting) == "view.loading"
    _click_all(waiting)
    assert asked == ["cancel"]
    loading.active, loading.error = False, "The server can't be reached; check the network."
    asked.clear()
    assert _state(waiting) == "view.trouble"
    _click_all(waiting)
    assert asked == ["choose", "reload"]


def test_images_are_not_waited_for(session: Session, waiting: Waiting, digits: ImageSet) -> None:
    session.loading.images = digits
    assert not waiting.refresh()
    session.loading.active = True
    assert not waiting.refresh(), "what is there at once does not flicker"
    session.loading.progress = Progress("Decoding clothing", 1, 9)
    assert _state(waiting) == "view.loading"
