"""A hand that clicks anywhere on the design page: nothing fails, everything can be undone, the tables stay true."""

import random
from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QGraphicsView,
    QTabBar,
    QTableView,
    QWidget,
)

from resnet_studio.analysis.network import analyse
from resnet_studio.gui.main_window import MainWindow

W = TypeVar("W", bound=QWidget)

STEPS = 150
NUMBERS = ("0", "1", "2", "3", "7", "16", "33", "64", "200", "x", "-", "1.5")
BUTTONS = (".mend", ".fold", ".pin", "stages.plus", "stages.minus", "stages.copy", "stages.up", "stages.down")
MODAL = "open"
"""The value of a choice that opens a file dialog."""


class Hand:
    """Does something at random with what is seen and enabled."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window = window
        self.random = random.Random(seed)  # noqa: S311 - the same walk each time
        self.ways: list[Callable[[], None]] = [
            *(self.spin, self.spin, self.choose, self.choose, self.check),
            *(self.undo, self.point, self.tab, self.press, self.twin, self.ask),
        ]

    def move(self) -> None:
        """Do one thing, and let the window follow."""
        self.random.choice(self.ways)()
        QApplication.processEvents()

    def spin(self) -> None:
        """Step a number, or type one."""
        field = self._one_of(QAbstractSpinBox)
        if self.random.random() < 0.5:
            field.stepBy(self.random.choice((-3, -1, 1, 2, 10)))
        else:
            field.setFocus()
            field.selectAll()
            QTest.keyClicks(field, self.random.choice(NUMBERS))

    def choose(self) -> None:
        """Choose a word of a list."""
        choice = self._one_of(QComboBox)
        place = self.random.randrange(choice.count())
        if choice.itemData(place) != MODAL:
            choice.setCurrentIndex(place)
            choice.activated.emit(place)

    def check(self) -> None:
        """Tick a box."""
        self._one_of(QCheckBox).click()

    def undo(self) -> None:
        """Undo or redo."""
        stack = self.window.session.undo_stack
        self.random.choice((stack.undo, stack.redo))()

    def point(self) -> None:
        """Click into the diagram."""
        port = self._one_of(QGraphicsView).viewport()
        here = QPoint(self.random.randrange(port.width()), self.random.randrange(port.height()))
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=here)

    def tab(self) -> None:
        """Show another table."""
        tabs = self._one_of(QTabBar)
        tabs.setCurrentIndex(self.random.randrange(tabs.count()))

    def press(self) -> None:
        """Press a button that opens no menu."""
        buttons = [button for button in self._all(QAbstractButton) if button.objectName().endswith(BUTTONS)]
        if buttons:
            self.random.choice(buttons).click()

    def twin(self) -> None:
        """Make the plain twin, or the residual one."""
        self.window.actions_by_name["plain_twin"].trigger()

    def ask(self) -> None:
        """Ask a cell of a table why it is so, or sort by its column."""
        tables = [table for table in self._all(QTableView) if table.model().rowCount()]
        if tables:
            table = self.random.choice(tables)
            model = table.model()
            row, column = self.random.randrange(model.rowCount()), self.random.randrange(model.columnCount())
            table.setCurrentIndex(model.index(row, column))
            QTest.keyClick(table, Qt.Key.Key_Return)
            table.horizontalHeader().sectionClicked.emit(column)

    def _all(self, kind: type[W]) -> list[W]:
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible() and widget.isEnabled()]

    def _one_of(self, kind: type[W]) -> W:
        return self.random.choice(self._all(kind))


@pytest.mark.parametrize("seed", [0, 7, 8])
def test_nothing_that_can_be_clicked_is_a_dead_end(window: MainWindow, seed: int) -> None:
    session, hand = window.session, Hand(window, seed)
    start = session.experiment
    for _ in range(STEPS):
        hand.move()
        assert session.analysis == analyse(session.experiment.network)
    stages = window.stage_table().model()
    network = session.experiment.network
    ends = (network.stem is not None) + (network.num_classes is not None)
    assert stages.rowCount() == len(network.block_sizes) + ends
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert session.experiment == start
