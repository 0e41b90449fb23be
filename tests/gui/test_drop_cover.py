"""The cover that comes with a drag: what it says, what it takes, and that it goes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.drop_cover import SEVERAL, WORDS, DropCover

ACTION, BUTTON, NO_KEY = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
IN_DIAGRAM, IN_FIELD = QPoint(300, 100), QPoint(300, 580)


class Desk(QWidget):
    """A window that keeps what was dropped; what lies in it would take drags for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Sequence[Path]] = []
        view = QGraphicsView(QGraphicsScene(self))
        column = QVBoxLayout(self)
        column.addWidget(view)
        column.addWidget(QLineEdit())
        self.cover = DropCover(self.taken.append, self)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitExposed(made)
    made.cover.watch(made.windowHandle())
    return made


def dragged(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag(desk: Desk, kind: type[QDragEnterEvent | QDragMoveEvent | QDropEvent], mime: QMimeData, at: QPoint) -> bool:
    """Let the platform tell of a drag; return whether it is taken."""
    position = at if kind is not QDropEvent else QPointF(at)
    event = kind(position, ACTION, mime, BUTTON, NO_KEY)  # type: ignore[arg-type]  # a point of whole numbers or not
    QApplication.sendEvent(desk.windowHandle(), event)
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
    assert drag(desk, QDragEnterEvent, mime, IN_FIELD), "words are for the field below"
    mime.setUrls([QUrl("https://example.org/a.npz")])
    assert not desk.cover.open(mime)
    assert not desk.cover.isVisible()


@pytest.mark.parametrize("at", [IN_DIAGRAM, IN_FIELD], ids=["diagram", "field"])
def test_a_drop_is_handed_on_wherever_it_comes_in(desk: Desk, tmp_path: Path, at: QPoint) -> None:
    mime = dragged(tmp_path)
    assert drag(desk, QDragEnterEvent, mime, at)
    assert desk.cover.isVisible()
    assert drag(desk, QDragMoveEvent, mime, QPoint(400, 200))
    assert drag(desk, QDropEvent, mime, QPoint(400, 200))
    assert desk.taken == [[tmp_path]]
    assert not desk.cover.isVisible()


def test_it_goes_with_the_drag_and_comes_again(desk: Desk, tmp_path: Path) -> None:
    mime = dragged(tmp_path)
    for _ in range(2):
        assert drag(desk, QDragEnterEvent, mime, IN_DIAGRAM)
        assert desk.cover.isVisible()
        QApplication.sendEvent(desk.windowHandle(), QDragLeaveEvent())
        assert not desk.cover.isVisible()
    assert not desk.taken
