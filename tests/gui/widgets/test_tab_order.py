"""Tab goes through controls as they stand, whenever they were made."""

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.tab_order import in_tab_order


def test_what_is_made_later_is_reached_where_it_stands(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first, last = QPushButton("first", window), QPushButton("last", window)
    later = [QPushButton(word, window) for word in ("one", "two")]
    in_tab_order((first, *later))
    order, here = [], first.nextInFocusChain()
    while here is not None and here is not first:
        order.append(here)
        here = here.nextInFocusChain()
    assert order[:3] == [*later, last]
