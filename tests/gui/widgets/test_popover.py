"""The sheet beside what it explains: where it lies, how it goes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.popover import Popover


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[QLineEdit]:
    window = QWidget()
    window.resize(900, 600)
    owner = QLineEdit(window)
    owner.setGeometry(700, 20, 100, 26)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield owner
    window.hide()


@pytest.fixture
def sheet(owner: QLineEdit) -> Popover:
    made = Popover(owner, name="view.why")
    beside = QRect(owner.mapToGlobal(QPoint(0, 0)), owner.size())
    made.open("Parameters of conv1", "<p>K² × C × M</p>", "K² × C × M\n", beside)
    return made


def test_it_lies_below_what_it_explains_and_inside_the_window(owner: QLineEdit, sheet: Popover) -> None:
    assert sheet.isVisible()
    assert not sheet.isWindow()
    assert sheet.geometry().top() > owner.geometry().bottom()
    assert owner.window().rect().contains(sheet.geometry())


def test_it_lies_above_where_there_is_more_room(owner: QLineEdit, sheet: Popover) -> None:
    sheet.leave()
    beside = QRect(owner.window().mapToGlobal(QPoint(10, 560)), owner.size())
    sheet.open("low", "<p>text</p>", "text", beside)
    assert sheet.geometry().bottom() < 560


def test_a_long_text_scrolls_inside_the_window(owner: QLineEdit, sheet: Popover) -> None:
    sheet.open("long", "<p>line</p>" * 200, "", QRect(owner.mapToGlobal(QPoint(0, 0)), owner.size()))
    assert owner.window().rect().contains(sheet.geometry())


def test_escape_gives_the_keyboard_back(owner: QLineEdit, sheet: Popover, qtbot: QtBot) -> None:
    text = sheet.findChild(QTextEdit, "view.why.text")
    assert text is not None
    qtbot.waitUntil(text.hasFocus)
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    assert owner.hasFocus()


def test_a_click_elsewhere_closes_it_and_a_click_inside_does_not(owner: QLineEdit, sheet: Popover) -> None:
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert sheet.isVisible()
    QTest.mouseClick(owner.window(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert sheet.isHidden()


def test_it_goes_when_the_window_changes_its_size(owner: QLineEdit, sheet: Popover, qtbot: QtBot) -> None:
    owner.window().resize(800, 500)
    qtbot.waitUntil(sheet.isHidden)


def test_its_text_is_copied(sheet: Popover) -> None:
    button = sheet.findChild(ToolButton, "view.why.copy")
    assert button is not None
    button.click()
    assert QGuiApplication.clipboard().text() == "K² × C × M\n"
