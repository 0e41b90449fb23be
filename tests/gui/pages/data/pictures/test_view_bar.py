"""What to look at, and how large."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet, Split
from resnet_studio.gui.pages.data.pictures.class_choice import ClassChoice
from resnet_studio.gui.pages.data.pictures.gallery import ALL, View
from resnet_studio.gui.pages.data.pictures.view_bar import ViewBar
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.spec.data import AugmentSpec


@pytest.fixture
def bar(qtbot: QtBot, digits: ImageSet) -> ViewBar:
    """The bars above the digits."""
    made = ViewBar()
    qtbot.addWidget(made)
    made.resize(900, 72)
    made.show_images(digits)
    made.show()
    return made


def _named(images: ImageSet) -> ImageSet:
    names = tuple(f"{place}.png" for place in range(len(images.train)))
    return replace(images, train=Split(images.train.images, images.train.labels, names))


def _button(bar: ViewBar, name: str) -> QPushButton:
    found = bar.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_splits_say_how_many_images_they_have(bar: ViewBar, digits: ImageSet) -> None:
    words = [_button(bar, f"view.split.{key}").text() for key in ("all", "train", "validation", "test")]
    assert words == ["all 1,797", "train 1,294", "validation 144", "test 359"]
    bar.show_images(replace(digits, validation=digits.test))
    assert _button(bar, "view.split.all").text() == "all 1,653"


def test_choices_make_the_view(bar: ViewBar, qtbot: QtBot) -> None:
    assert bar.view() == View(ALL, None, "", mixed=True)
    with qtbot.waitSignal(bar.view_changed):
        _button(bar, "view.split.validation").click()
    with qtbot.waitSignal(bar.view_changed):
        _button(bar, "view.classes.4").click()
    with qtbot.waitSignal(bar.view_changed):
        _button(bar, "view.order.in_order").click()
    assert bar.view() == View("validation", 4, "", mixed=False)


def test_files_and_classes_are_searched(bar: ViewBar, digits: ImageSet, qtbot: QtBot) -> None:
    assert bar.search.placeholderText() == "class"
    bar.show_images(_named(digits))
    assert bar.search.placeholderText() == "file or class"
    with qtbot.waitSignal(bar.view_changed):
        bar.search.setText(" 12.p ")
    assert bar.view().text == "12.p"
    with qtbot.waitSignal(bar.view_changed):
        bar.end_search()
    assert bar.view().text == ""
    with qtbot.waitSignal(bar.left):
        bar.end_search()


def test_another_view_may_ask_for_a_class(bar: ViewBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.view_changed):
        bar.show_class(7)
    assert bar.view() == View(label=7)
    assert _button(bar, "view.classes.7").isChecked()


def test_everything_is_in_sight_again_with_one_click(bar: ViewBar, qtbot: QtBot) -> None:
    _button(bar, "view.split.test").click()
    _button(bar, "view.classes.4").click()
    bar.search.setText("nowhere")
    with qtbot.waitSignal(bar.view_changed):
        bar.show_all()
    assert bar.view() == View()


@pytest.mark.parametrize("width", [1200, 912, 656, 630])
def test_what_has_no_room_is_left_out(bar: ViewBar, digits: ImageSet, large: Split, width: int) -> None:
    bar.show_images(replace(_named(digits), test=large))
    bar.resize(width, 72)
    _button(bar, "view.way.trained").click()
    QApplication.processEvents()
    row = bar.findChild(QWidget, "view.bar")
    assert isinstance(row, QWidget)
    inside = [child for child in row.findChildren(QWidget) if child.isVisible() and child.parent() is row]
    assert max(child.geometry().right() for child in inside) < width
    ends = sorted((child.geometry().left(), child.geometry().right()) for child in inside)
    assert all(end < start for (_, end), (start, _) in pairwise(ends))
    counted = _button(bar, "view.split.test").text() == "test 60,000"
    assert counted == (width >= 912)
    segments = [_button(bar, f"view.split.{key}") for key in ("all", "train", "validation", "test")]
    assert all(segment.width() >= segment.sizeHint().width() for segment in segments)


def test_as_trained_has_an_epoch_and_a_button_that_draws_anew(bar: ViewBar, qtbot: QtBot) -> None:
    words, shuffle = bar.findChild(QLabel, "view.epoch"), bar.findChild(QToolButton, "view.shuffle")
    assert isinstance(words, QLabel)
    assert isinstance(shuffle, QToolButton)
    assert bar.epoch() is None
    assert not shuffle.isEnabled()
    with qtbot.waitSignal(bar.epoch_changed):
        _button(bar, "view.way.trained").click()
    assert (bar.epoch(), words.text()) == (0, "epoch 0")
    for _ in range(3):
        with qtbot.waitSignal(bar.epoch_changed):
            shuffle.click()
    assert (bar.epoch(), words.text()) == (3, "epoch 3")
    with qtbot.waitSignal(bar.epoch_changed):
        QTest.mouseClick(shuffle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    assert bar.epoch() == 0
    with qtbot.waitSignal(bar.epoch_changed):
        _button(bar, "view.way.stored").click()
    assert bar.epoch() is None
    assert not words.isVisible()


def test_the_menu_of_the_button_goes_back_to_epoch_0(bar: ViewBar, qtbot: QtBot) -> None:
    _button(bar, "view.way.trained").click()
    shuffle = bar.findChild(QToolButton, "view.shuffle")
    assert isinstance(shuffle, QToolButton)
    shuffle.click()
    with qtbot.waitSignal(bar.epoch_changed):
        shuffle.actions()[0].trigger()
    assert bar.epoch() == 0


def test_only_training_images_are_drawn_anew(bar: ViewBar, digits: ImageSet) -> None:
    words, shuffle = bar.findChild(QLabel, "view.epoch"), bar.findChild(QToolButton, "view.shuffle")
    assert isinstance(words, QLabel)
    assert isinstance(shuffle, QToolButton)
    _button(bar, "view.way.trained").click()
    _button(bar, "view.split.test").click()
    assert words.text() == "as evaluated"
    assert not shuffle.isEnabled()
    assert "evaluation sees these as they are" in shuffle.toolTip()
    _button(bar, "view.split.train").click()
    assert shuffle.isEnabled()
    off = dict.fromkeys(AugmentSpec.model_fields, 0)
    spec = digits.spec.model_copy(update={"augment": AugmentSpec.model_validate(off)})
    bar.show_images(replace(digits, spec=spec))
    assert words.text() == "no augmentation"
    assert not shuffle.isEnabled()


def test_some_files_alone_until_they_are_let_go(bar: ViewBar, digits: ImageSet, qtbot: QtBot) -> None:
    bar.show_images(_named(digits))
    _button(bar, "view.split.test").click()
    _button(bar, "view.classes.4").click()
    with qtbot.waitSignal(bar.view_changed):
        bar.show_only("hardly any contrast", ["3.png", "5.png"])
    assert bar.view() == View(files=frozenset({"3.png", "5.png"}))
    words = bar.findChild(QLabel, "view.only.words")
    assert isinstance(words, QLabel)
    assert words.isVisible()
    assert words.text() == "Only these: hardly any contrast"
    with qtbot.waitSignal(bar.view_changed):
        _button(bar, "view.only.clear").click()
    assert bar.view() == View()
    assert not words.isVisible()


def test_files_of_a_source_mean_nothing_in_another(bar: ViewBar, digits: ImageSet) -> None:
    bar.show_only("alike", ["train[3]"])
    bar.show_images(replace(digits, mean=(0.5,)))
    assert bar.view().files == frozenset({"train[3]"})
    bar.show_images(replace(digits, source="mnist"))
    assert bar.view().files is None


def test_the_slider_makes_images_larger(bar: ViewBar, qtbot: QtBot) -> None:
    slider = bar.findChild(QSlider, "view.size")
    assert isinstance(slider, QSlider)
    with qtbot.waitSignal(bar.size_changed) as told:
        slider.setValue(120)
    assert told.args == [120]


def test_a_chosen_chip_stays_chosen(bar: ViewBar) -> None:
    chip = _button(bar, "view.classes.4")
    chip.click()
    chip.click()
    assert chip.isChecked()
    assert not _button(bar, "view.classes.all").isChecked()
    assert bar.view().label == 4


def test_many_classes_are_a_list(bar: ViewBar, digits: ImageSet, qtbot: QtBot) -> None:
    names = tuple(f"class number {number}" for number in range(102))
    bar.show_images(replace(digits, class_names=names))
    chooser = bar.findChild(Choice, "view.classes.list")
    assert isinstance(chooser, Choice)
    assert chooser.isVisible()
    assert bar.findChild(QPushButton, "view.classes.4") is None
    with qtbot.waitSignal(bar.view_changed):
        chooser.set_value(77)
        chooser.activated.emit(chooser.currentIndex())
    assert bar.view().label == 77


def test_chips_become_a_list_where_they_lack_room(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    choice = ClassChoice(parent=area)
    choice.resize(900, 36)
    choice.show_classes(tuple("0123456789"))
    area.show()
    listed = choice.findChild(Choice, "view.classes.list")
    chip = choice.findChild(QPushButton, "view.classes.4")
    assert isinstance(listed, Choice)
    assert isinstance(chip, QPushButton)
    chip.click()
    assert chip.isVisible()
    assert not listed.isVisible()
    choice.resize(280, 36)
    assert listed.isVisible()
    assert not chip.isVisible()
    assert listed.value() == choice.label() == 4


def test_other_classes_begin_with_all(bar: ViewBar, digits: ImageSet) -> None:
    _button(bar, "view.classes.4").click()
    bar.show_images(replace(digits, mean=(0.5,)))
    assert bar.view().label == 4
    bar.show_images(replace(digits, class_names=tuple("abcdefghij")))
    assert bar.view().label is None


def test_a_class_may_be_called_anything(bar: ViewBar, digits: ImageSet) -> None:
    bar.show_images(replace(digits, class_names=("salt & pepper", *digits.class_names[1:])))
    assert _button(bar, "view.classes.0").text() == "salt && pepper"
