"""Loading and trouble, in words."""

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.data.watch import Progress
from resnet_studio.gui.pages.data.states import LoadingView, TroubleView, remaining


def _texts(view: LoadingView | TroubleView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.text()]


def _bar(view: LoadingView) -> QProgressBar:
    found = view.findChild(QProgressBar)
    assert isinstance(found, QProgressBar)
    return found


@pytest.mark.parametrize(
    ("done", "seconds", "before", "left"),
    [(50, 10.0, 0, 10.0), (75, 10.0, 50, 10.0), (50, 0.5, 0, None), (0, 10.0, 0, None), (100, 3.0, 0, 0.0)],
)
def test_what_is_left_is_guessed_from_the_pace(done: int, seconds: float, before: int, left: float | None) -> None:
    assert remaining(Progress("Decoding", done, 100), seconds, before) == left


def test_nothing_is_guessed_without_a_total() -> None:
    assert remaining(Progress("Downloading x", 50, None), 10, 0) is None


def test_loading_says_what_and_how_much(qtbot: QtBot) -> None:
    view = LoadingView(lambda: None)
    qtbot.addWidget(view)
    view.show_progress(Progress("Decoding clothing", 1220, 1813))
    assert _texts(view) == ["Decoding clothing", "1,220 of 1,813"]
    assert _bar(view).value() == round(1000 * 1220 / 1813)
    view.show_progress(Progress("Downloading train.gz", 12_400_000, 26_400_000))
    assert "12.4 MB of 26.4 MB" in _texts(view)


def test_an_unknown_total_is_no_share(qtbot: QtBot) -> None:
    view = LoadingView(lambda: None)
    qtbot.addWidget(view)
    view.show_progress(Progress("Downloading train.gz", 1_000_000, None))
    assert _bar(view).maximum() == 0
    assert "1.0 MB" in _texts(view)
    view.show_progress(None)
    assert _texts(view) == ["Loading the images"]


def test_loading_can_be_cancelled(qtbot: QtBot) -> None:
    calls = []
    view = LoadingView(lambda: calls.append("cancel"))
    qtbot.addWidget(view)
    button = view.findChild(QPushButton, "view.loading.cancel")
    assert isinstance(button, QPushButton)
    button.click()
    assert calls == ["cancel"]


def test_trouble_says_what_and_offers_the_mends(qtbot: QtBot) -> None:
    calls = []
    view = TroubleView(lambda: calls.append("choose"), lambda: calls.append("retry"))
    qtbot.addWidget(view)
    view.show_trouble("There is no folder /a; choose one.", "Choose another folder")
    assert _texts(view) == ["There is no folder /a; choose one."]
    for button in view.findChildren(QPushButton):
        button.click()
    assert sorted(calls) == ["choose", "retry"]


def test_what_has_no_folder_can_only_be_tried_again(qtbot: QtBot) -> None:
    view = TroubleView(lambda: None, lambda: None)
    qtbot.addWidget(view)
    view.show_trouble("The digits are damaged.", "")
    button = view.findChild(QPushButton, "view.trouble.choose")
    assert isinstance(button, QPushButton)
    assert button.isHidden()
