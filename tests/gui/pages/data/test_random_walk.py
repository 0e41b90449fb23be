"""A hand that clicks anywhere on the data page: nothing fails, everything can be undone, what is shown is wanted."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.gui.loading import named
from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.pages.data.page import DataPage
from resnet_studio.gui.pages.data.panel.source_choice import SourceChoice
from resnet_studio.gui.pages.data.pictures.image_grid import ImageGrid
from resnet_studio.gui.pages.data.pictures.zoom_view import ZoomView
from resnet_studio.spec.data import CATALOGUE

W = TypeVar("W", bound=QWidget)

STEPS = 100
NUMBERS = ("0", "1", "2", "3", "7", "16", "33", "x", "-", "0.5", "1.5")
WORDS = ("a", "shirt", "0", "zzz", " ", "*")
GRID_KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Home),
    *(Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space),
)
OUTSIDE = (".choose", "view.download", "view.trouble.choose", "files.folder")
"""How buttons end, or begin, that ask for a file, open another program or reach for the network."""


class Hand:
    """Does something at random with what is seen and enabled on the page."""

    def __init__(self, window: MainWindow, sources: list[str], seed: int) -> None:
        self.window, self.sources = window, sources
        self.page = window.findChildren(DataPage)[0]
        self.random = random.Random(seed)  # noqa: S311 - the same walk each time
        self.ways: list[Callable[[], None]] = [
            *(self.press,) * 5,
            *(self.spin, self.spin, self.choose, self.choose, self.write),
            *(self.undo, self.point, self.key, self.change_source, self.tab, self.zoom),
        ]

    def move(self) -> str:
        """Do one thing, and let the window follow; return what."""
        way = self.random.choice(self.ways)
        way()
        QApplication.processEvents()
        return way.__name__

    def press(self) -> None:
        """Press a button that asks nothing of the world outside; what opens above the page is closed again."""
        buttons = [button for button in self._all(QAbstractButton) if not _leads_outside(button)]
        if buttons:
            self.random.choice(buttons).click()
        sheet = QApplication.activePopupWidget()
        if sheet is not None:
            QTest.keyClick(sheet, Qt.Key.Key_Escape)

    def spin(self) -> None:
        """Step a number, or type one."""
        fields = self._all(QAbstractSpinBox)
        if not fields:
            return
        field = self.random.choice(fields)
        if self.random.random() < 0.5:
            field.stepBy(self.random.choice((-3, -1, 1, 2, 10)))
        else:
            field.setFocus()
            field.selectAll()
            QTest.keyClicks(field, self.random.choice(NUMBERS))

    def choose(self) -> None:
        """Choose a word of a list."""
        choices = [choice for choice in self._all(QComboBox) if not isinstance(choice, SourceChoice)]
        if choices:
            choice = self.random.choice(choices)
            place = self.random.randrange(choice.count())
            choice.setCurrentIndex(place)
            choice.activated.emit(place)

    def write(self) -> None:
        """Type into the search or the path."""
        fields = [field for field in self._all(QLineEdit) if not isinstance(field.parent(), QAbstractSpinBox)]
        if fields:
            field = self.random.choice(fields)
            field.setFocus()
            QTest.keyClicks(field, self.random.choice(WORDS))
            QTest.keyClick(field, self.random.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab)))

    def undo(self) -> None:
        """Undo or redo."""
        stack = self.window.session.undo_stack
        self.random.choice((stack.undo, stack.redo))()

    def point(self) -> None:
        """Click into the grid, twice at times."""
        for grid in self._all(ImageGrid):
            port = grid.viewport()
            here = QPoint(self.random.randrange(port.width()), self.random.randrange(port.height()))
            act = self.random.choice((QTest.mouseClick, QTest.mouseDClick))
            act(port, Qt.MouseButton.LeftButton, pos=here)

    def key(self) -> None:
        """Press a key in the grid."""
        for grid in self._all(ImageGrid):
            grid.setFocus()
            QTest.keyClick(grid, self.random.choice(GRID_KEYS))

    def zoom(self) -> None:
        """Make the images, or the one that is open, larger or smaller."""
        views: list[QWidget] = [*self._all(ImageGrid), *self._all(ZoomView)]
        for view in views:
            modifier = self.random.choice((Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier))
            QTest.keyClick(view, self.random.choice((Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0)), modifier)

    def tab(self) -> None:
        """Go some controls on."""
        for _ in range(self.random.randrange(5)):
            QTest.keyClick(self.window, Qt.Key.Key_Tab)

    def change_source(self) -> None:
        """Want other images, whatever is under way."""
        self.window.session.choose_source(self.random.choice(self.sources))

    def _all(self, kind: type[W]) -> list[W]:
        return [widget for widget in self.page.findChildren(kind) if widget.isVisible() and widget.isEnabled()]


def _leads_outside(button: QAbstractButton) -> bool:
    name = button.objectName()
    has_menu = isinstance(button, QToolButton) and button.menu() is not None
    return has_menu or name.endswith(OUTSIDE) or name.startswith(OUTSIDE)


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    """What may be wanted: a folder with faults, a file, names of the catalogue, one that is not there, nothing."""
    draw = np.random.default_rng(0)
    folder = tmp_path / "things"
    for split, count in (("train", 6), ("validation", 2)):
        for label in ("cup", "shirt"):
            (folder / split / label).mkdir(parents=True)
            for number in range(count):
                pixels = draw.integers(0, 256, (20 + 30 * (number % 2), 24, 3), np.uint8)
                Image.fromarray(pixels).save(folder / split / label / f"{number}.png")
    (folder / "train" / "cup" / "broken.png").write_bytes(b"no image")
    file = tmp_path / "letters.npz"
    labels = np.arange(40) % 4
    np.savez(file, train_images=draw.integers(0, 256, (40, 10, 10), np.uint8), train_labels=labels)
    return ["digits", str(folder), str(file), "mnist", str(tmp_path / "nothing")]


@pytest.fixture
def no_dialogs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question of the system's is asked: it would wait for ever."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")


@pytest.mark.usefixtures("no_dialogs")
@pytest.mark.parametrize("seed", [0, 1])
def test_nothing_that_can_be_clicked_is_a_dead_end(
    qtbot: QtBot, window: MainWindow, sources: list[str], seed: int
) -> None:
    session = window.session
    failed: list[object] = []
    session.unexpected.connect(failed.append)
    window.show_page("data")
    start, hand = session.experiment, Hand(window, sources, seed)
    for _ in range(STEPS):
        hand.move()
    assert not failed
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert session.experiment == start
    qtbot.waitUntil(lambda: not session.loading.active and session.checking.state == "done", timeout=30_000)
    assert session.images is not None
    assert session.checking.report is not None
    assert session.images.source == session.checking.report.source == named(start.data.source)
    assert start.data.source in CATALOGUE
