"""The question before a download."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.data.catalogue.wanted_files import Missing
from resnet_studio.gui.pages.data.download_view import DownloadView

MISSING = Missing(
    "cifar10",
    "CIFAR-10",
    ("cifar-10-python.tar.gz",),
    170_498_071,
    ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
    Path("/home/ada/sets"),
)


@pytest.fixture
def done() -> list[str]:
    """What was asked for."""
    return []


@pytest.fixture
def view(done: list[str], qtbot: QtBot) -> DownloadView:
    made = DownloadView(lambda: done.append("download"), lambda: done.append("again"), lambda: done.append("choose"))
    qtbot.addWidget(made)
    made.show()
    return made


def _text(view: DownloadView, name: str) -> str:
    label = view.findChild(QLabel, f"view.download.{name}")
    assert isinstance(label, QLabel)
    return label.text()


def _buttons(view: DownloadView) -> dict[str, QPushButton]:
    return {button.text(): button for button in view.findChildren(QPushButton) if button.isVisible()}


def test_it_says_what_how_much_where_from_and_where_to(view: DownloadView) -> None:
    view.show_missing(MISSING)
    assert _text(view, "sentence") == "CIFAR-10 is not on this machine: 170 MB from www.cs.toronto.edu."
    assert _text(view, "into") == "/home/ada/sets"
    assert "Krizhevsky" in _text(view, "citation")
    assert _text(view, "licence")
    assert list(_buttons(view)) == ["Download", "Choose a folder that has it"]


def test_each_button_does_what_it_says(view: DownloadView, done: list[str]) -> None:
    view.show_missing(MISSING)
    for button in _buttons(view).values():
        button.click()
    assert done == ["download", "choose"]


def test_a_download_that_was_broken_off_can_be_gone_on_with(view: DownloadView, done: list[str]) -> None:
    view.show_missing(MISSING, 42_000_000)
    assert _text(view, "sentence").endswith("from www.cs.toronto.edu, 42 MB of which have come.")
    buttons = _buttons(view)
    assert list(buttons) == ["Go on with the download", "Start again", "Choose a folder that has it"]
    buttons["Start again"].click()
    assert done == ["again"]
    view.show_missing(MISSING)
    assert "Start again" not in _buttons(view)
