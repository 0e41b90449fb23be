"""The cover that comes with a drag: what it says, what it takes, and that it goes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.drop_cover import SEVERAL, WORDS, DropCover

ACTION, BUTTON, NO_KEY = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Desk(QWidget):
    """A window that keeps what was dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Sequence[Path]] = []
        self.cover = DropCover(self.taken.append, self)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def dragged(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def enter(desk: Desk, mime: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(5, 5), ACTION, mime, BUTTON, NO_KEY)
    desk.cover.dragEnterEvent(event)
    return event.isAccepted()


@pytest.mark.parametrize(
    ("name", "kind"), [("sets", "data"), ("a.npz", "data"), ("run", "run"), ("a.json", "document"), ("a.png", "image")]
)
def test_it_says_what_a_drop_would_do(name: str, kind: str, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "events.jsonl").touch()
    assert desk.cover.open(dragged(tmp_path / name))
    assert desk.cover.isVisible()
    assert desk.cover.geometry() == desk.rect()
    assert desk.cover.accessibleName() == {str(key): words for key, words in WORDS.items()}[kind]
    assert not desk.cover.grab().isNull()


def test_several_things_are_told_before_the_drop(desk: Desk, tmp_path: Path) -> None:
    desk.cover.open(dragged(tmp_path, tmp_path / "a.json"))
    assert desk.cover.accessibleName() == SEVERAL


def test_what_is_no_file_is_left_alone(desk: Desk) -> None:
    mime = QMimeData()
    mime.setText("some words")
    assert not desk.cover.open(mime)
    mime.setUrls([QUrl("https://example.org/a.npz")])
    assert not desk.cover.open(mime)
    assert not desk.cover.isVisible()


def test_a_drop_is_handed_on_and_ends_it(desk: Desk, tmp_path: Path) -> None:
    mime = dragged(tmp_path)
    desk.cover.open(mime)
    assert enter(desk, mime)
    desk.cover.go_unless_entered()
    assert desk.cover.isVisible(), "the drag has gone over to it"
    desk.cover.dropEvent(QDropEvent(QPointF(5, 5), ACTION, mime, BUTTON, NO_KEY))
    assert desk.taken == [[tmp_path]]
    assert not desk.cover.isVisible()


def test_it_goes_with_the_drag(desk: Desk, tmp_path: Path) -> None:
    mime = dragged(tmp_path)
    desk.cover.open(mime)
    enter(desk, mime)
    desk.cover.dragLeaveEvent(QDragLeaveEvent())
    assert not desk.cover.isVisible()
    desk.cover.open(mime)
    desk.cover.go_unless_entered()
    assert not desk.cover.isVisible(), "it was never entered"
    assert not desk.taken
