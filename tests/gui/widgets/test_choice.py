"""The drop-down list: values, not words."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.choice import Choice


def choice(qtbot: QtBot) -> Choice:
    made = Choice([("add", "add"), ("concat", "concatenate")], name="network.merge", label="merge")
    qtbot.addWidget(made)
    return made


def test_it_shows_words_and_holds_values(qtbot: QtBot) -> None:
    merge = choice(qtbot)
    merge.set_value("concat")
    assert (merge.value(), merge.currentText()) == ("concat", "concatenate")
    assert (merge.objectName(), merge.accessibleName()) == ("network.merge", "merge")


def test_an_unknown_value_leaves_the_choice(qtbot: QtBot) -> None:
    merge = choice(qtbot)
    merge.set_value("multiply")
    assert merge.value() == "add"


def test_true_is_not_1(qtbot: QtBot) -> None:
    merge = Choice([(None, "auto"), (1, "one"), (True, "on"), (0, "zero"), (False, "off")], name="n", label="l")
    qtbot.addWidget(merge)
    for value in (True, 1, False, 0, None):
        merge.set_value(value)
        assert merge.value() is value


def test_other_options_keep_the_choice_and_say_nothing(qtbot: QtBot) -> None:
    merge = choice(qtbot)
    merge.set_value("concat")
    with qtbot.assertNotEmitted(merge.currentIndexChanged):
        merge.set_options([("mean", "mean"), ("add", "add"), ("concat", "side by side")])
    assert merge.currentText() == "side by side"


def test_an_option_that_is_not_possible_says_why(qtbot: QtBot) -> None:
    merge = choice(qtbot)
    merge.set_option_enabled("concat", enabled=False, reason="It does not build yet.")
    model = merge.model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(1).isEnabled()
    assert merge.itemData(1, Qt.ItemDataRole.ToolTipRole) == "It does not build yet."
    merge.set_option_enabled("concat", enabled=True)
    assert model.item(1).isEnabled()
    assert not merge.itemData(1, Qt.ItemDataRole.ToolTipRole)
