"""Joined buttons of which one is chosen."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.segmented import Segmented


def segmented(qtbot: QtBot) -> Segmented:
    made = Segmented([("step", "step"), ("epoch", "epoch"), ("time", "time")], name="view.axis", label="axis")
    qtbot.addWidget(made)
    made.show()
    return made


def segment(row: Segmented, key: str) -> QPushButton:
    found = row.findChild(QPushButton, f"view.axis.{key}")
    assert isinstance(found, QPushButton)
    return found


def test_a_click_chooses_and_says_so_once(qtbot: QtBot) -> None:
    row = segmented(qtbot)
    heard: list[str] = []
    row.chosen.connect(heard.append)
    for _ in range(2):
        QTest.mouseClick(segment(row, "time"), Qt.MouseButton.LeftButton)
    assert heard == ["time"]
    assert row.key() == "time"
    assert [segment(row, key).isChecked() for key in ("step", "epoch", "time")] == [False, False, True]


def test_arrow_keys_go_along(qtbot: QtBot) -> None:
    row = segmented(qtbot)
    row.activateWindow()
    first = segment(row, "step")
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert row.key() == "epoch"
    assert segment(row, "epoch").hasFocus()
    QTest.keyClick(segment(row, "epoch"), Qt.Key.Key_Left)
    QTest.keyClick(first, Qt.Key.Key_Left)
    assert row.key() == "step"


def test_choosing_by_program_is_silent(qtbot: QtBot) -> None:
    row = segmented(qtbot)
    with qtbot.assertNotEmitted(row.chosen):
        row.set_key("epoch")
    assert row.key() == "epoch"


def test_tab_reaches_every_segment(qtbot: QtBot) -> None:
    row = segmented(qtbot)
    for key in ("step", "epoch", "time"):
        assert segment(row, key).focusPolicy() & Qt.FocusPolicy.TabFocus
        assert segment(row, key).accessibleName() == f"axis: {key}"
