"""What is dragged onto a field: words are its own, files are the window's."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.gui.widgets.whole_spin import WholeSpin


@pytest.mark.parametrize(("files", "taken"), [(True, False), (False, True)], ids=["files", "words"])
def test_files_are_left_to_the_window(qtbot: QtBot, *, files: bool, taken: bool) -> None:
    field, mime = TextField(name="data.root", label="folder"), QMimeData()
    qtbot.addWidget(field)
    mime.setText("/home/ada/clothing")
    if files:
        # file managers bring the words along
        mime.setUrls([QUrl.fromLocalFile("/home/ada/clothing")])
    event = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    field.dragEnterEvent(event)
    assert event.isAccepted() == taken


@pytest.mark.parametrize("kind", [WholeSpin, RealSpin])
def test_numbers_take_no_drops(qtbot: QtBot, kind: type[WholeSpin | RealSpin]) -> None:
    spin = kind(name="x", label="x")
    qtbot.addWidget(spin)
    edit = spin.findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    assert not edit.acceptDrops()
