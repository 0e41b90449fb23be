"""Finding one of many classes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.data.pictures.class_list import WIDTH, ClassList, matching

NAMES = ("all classes", "moon orchid", "Canterbury bells", "sweet pea", "bell flower")


@pytest.mark.parametrize(
    ("typed", "place"), [("bell", 4), ("BELLS", 2), ("sw", 3), ("orchid", 1), ("rose", None), ("all", 0)]
)
def test_the_beginning_of_a_name_counts_more_than_the_rest(typed: str, place: int | None) -> None:
    assert matching(typed, NAMES) == place


@pytest.fixture
def classes(qtbot: QtBot) -> ClassList:
    """A list of 1,000 classes."""
    made = ClassList()
    qtbot.addWidget(made)
    made.set_options([(None, "all classes"), *enumerate(f"class {number:04}" for number in range(1000))])
    made.show()
    return made


def test_typing_opens_the_list_at_a_name_and_enter_takes_it(classes: ClassList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(classes.activated):
        QTest.keyClick(classes, Qt.Key.Key_7)
        view = classes.view()
        assert view.isVisible()
        for _ in range(2):
            QTest.keyClick(view, Qt.Key.Key_3)
        assert view.currentIndex().data() == "class 0733"
        assert classes.value() is None
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert classes.value() == 733


def test_long_names_do_not_widen_it(classes: ClassList) -> None:
    classes.set_options([(None, "all classes"), (0, "a name of a class that is very long indeed, as some are")])
    assert classes.minimumSizeHint().width() == classes.width() == WIDTH
