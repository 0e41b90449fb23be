"""Loading and trouble, in words."""

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.data.watch import Progress
from resnet_studio.gui.pages.data.states import LoadingView, TroubleView, rate


def _texts(view: LoadingView | TroubleView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.text()]


def _bar(view: LoadingView) -> QProgressBar:
    found = view.findChild(QProgressBar)
    assert isinstance(found, QProgressBar)
    return found


@pytest.mark.parametrize(
    ("done", "seconds", "pace"), [(50, 10.0, 5.0), (50, 0.5, None), (0, 10.0, None), (300, 3.0, 100.0)]
)
def test_the_pace_is_told_once_it_says_something(done: int, seconds: float, pace: float | None) -> None:
    assert rate(done, seconds) == pace


def test_loading_says_what_and_how_much(qtbot: QtBot) -> None:
    view = LoadingView(lambda: None)
    qtbot.addWidget(view)
    view.show_progress(Progress("Decoding clothing", 1220, 1813))
    assert _texts(view) == ["Decoding clothing", "1,220 of 1,813"]
    assert _bar(view).value() == round(1000 * 1220 / 1813)
    view.show_progress(Progress("Downloading train.gz", 12_400_000, 26_400_000, in_bytes=True))
    assert "12.4 MB of 26.4 MB" in _texts(view)


def test_loading_says_how_fast_and_how_long(qtbot: QtBot) -> None:
    view = LoadingView(lambda: None)
    qtbot.addWidget(view)
    view.show_progress(
        Progress("Downloading cifar-10-python.tar.gz", 20_500_000, 170_500_000, 2_500_000, in_bytes=True)
    )
    assert _texts(view)[1:] == ["20.5 MB of 170.5 MB", "2.5 MB/s, 1:00 left"]
    view.show_progress(Progress("Downloading x", 1_000_000, None, 12_000, in_bytes=True))
    assert _texts(view)[1:] == ["1.0 MB", "12 kB/s"]
    view.show_progress(Progress("Decoding clothing", 813, 1813, 250))
    assert _texts(view)[1:] == ["813 of 1,813", "250 a second, 0:04 left"]


def test_an_unknown_total_is_no_share(qtbot: QtBot) -> None:
    view = LoadingView(lambda: None)
    qtbot.addWidget(view)
    view.show_progress(Progress("Downloading train.gz", 1_000_000, None, in_bytes=True))
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
