"""Presets by family, found by typing, and what is said of the design below."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.design.panel.preset_choice import FAMILIES, families
from resnet_studio.gui.pages.design.panel.preset_search import best
from resnet_studio.gui.pages.design.panel.preset_section import LINES, PresetSection, fitted
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.panel import Panel
from resnet_studio.spec.presets import preset, presets

TITLES = [f"{entry.title} {name}" for name, entry in presets().items()]


@pytest.fixture
def section(session: Session, panel: Panel, qtbot: QtBot) -> PresetSection:
    session.documents.new()
    made = PresetSection(session, panel.add_section(name="ends"))
    panel.show()
    panel.activateWindow()
    qtbot.waitActive(panel)
    return made


def label(section: PresetSection, name: str) -> QLabel:
    found = section.choice.window().findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("50", "ResNet-50"),
        ("5", "ResNet-50"),
        ("1", "ResNet-18"),
        ("resnext", "ResNeXt-50 32×4d"),
        ("wide 101", "Wide ResNet-101-2"),
        ("cifar 20", "CIFAR ResNet-20"),
        ("cifar_resnet1202", "CIFAR ResNet-1202"),
        ("wrn", "WRN-16-4"),
        ("ATHENA", "Athena basic"),
        ("202", "CIFAR ResNet-1202"),
    ],
)
def test_a_part_of_a_name_finds_it(typed: str, title: str) -> None:
    place = best(typed, TITLES)
    assert place is not None
    assert list(presets().values())[place].title == title


@pytest.mark.parametrize("typed", ["", " ", "-", "vgg", "resnet 51"])
def test_what_is_no_name_finds_nothing(typed: str) -> None:
    assert best(typed, TITLES) is None


def test_every_preset_is_in_one_family() -> None:
    listed = [name for _, names in families() for name in names]
    assert sorted(listed) == sorted(presets())
    assert [head for head, _ in families()] == [head for head, _ in FAMILIES]


def test_heads_can_not_be_chosen(section: PresetSection) -> None:
    model = section.choice.model()
    heads = [row for row in range(model.rowCount()) if section.choice.itemData(row) is None]
    assert len(heads) == len(FAMILIES)
    assert not any(model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled for row in heads)


def test_typing_opens_the_list_and_enter_takes_what_was_found(section: PresetSection, session: Session) -> None:
    choice = section.choice
    choice.setFocus()
    QTest.keyClicks(choice, "5")
    assert choice.view().isVisible()
    QTest.keyClicks(choice.view(), "0")
    assert session.undo_stack.count() == 0
    QTest.keyClick(choice.view(), Qt.Key.Key_Return)
    assert session.experiment.network == preset("resnet50")
    assert session.undo_stack.undoText() == "preset ResNet-50"
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert choice.value() == "digits_resnet8"


def test_letters_that_come_late_begin_a_new_word(section: PresetSection, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 10.0
    monkeypatch.setattr("resnet_studio.gui.pages.design.panel.preset_choice.time.monotonic", lambda: now)
    view = section.choice.view()
    for letter, title in (("3", "ResNet-34"), ("4", "ResNet-34")):
        view.keyboardSearch(letter)
        assert view.currentIndex().data() == title
    now += 2
    view.keyboardSearch("1")
    assert view.currentIndex().data() == "ResNet-18"


def test_an_edited_preset_and_a_design_of_ones_own_are_named(section: PresetSection, session: Session) -> None:
    choice, count = section.choice, section.choice.count()
    session.change("network.dropout", 0.5)
    assert choice.currentText() == "Digits ResNet-8 (edited)"
    session.change("network.name", "mine")
    assert (choice.currentText(), choice.count()) == ("mine", count + 1)
    session.undo_stack.undo()
    assert (choice.currentText(), choice.count()) == ("Digits ResNet-8 (edited)", count)
    session.undo_stack.undo()
    assert choice.currentText() == "Digits ResNet-8"


def test_a_long_name_still_ends_in_edited(section: PresetSection, session: Session) -> None:
    session.change_many({"network": preset("resnext50_32x4d").model_dump() | {"dropout": 0.5}}, "start")
    option = QStyleOptionComboBox()
    section.choice.initStyleOption(option)
    assert option.currentText.startswith("ResNeXt")
    assert option.currentText.endswith("edited)")
    assert "…" in option.currentText
    assert section.choice.currentText() == "ResNeXt-50 32×4d (edited)"


def test_departures_and_depth_are_in_words(section: PresetSection, session: Session) -> None:
    session.change_many({"network": preset("resnet50").model_dump()}, "start")
    words, depth = label(section, "view.departures"), label(section, "view.depth")
    assert words.text().startswith("stride on the 3×3 convolution: v1.5, as torchvision")
    assert depth.text() == "depth 50: 1 stem + 3 × (3 + 4 + 6 + 3) + 1 dense"
    session.change("network.block_sizes.2", 5)
    assert words.text().startswith("stage 3 has 5 blocks, ResNet-50 has 6 · ")
    assert "\nstride on the 3×3" in words.toolTip()
    session.change_many({"network": preset("cifar_resnet20").model_dump()}, "other")
    assert depth.text() == "depth 6n + 2 = 20: 1 stem + 18 + 1 dense"
    session.change("network.name", "mine")
    assert words.text() in {"a design of your own", words.toolTip()}


def test_no_more_lines_than_there_is_room_for(section: PresetSection) -> None:
    long = [f"the stages number {number} have other channels" for number in range(20)]
    text = fitted(long)
    assert text.endswith("more")
    section._words.setText(text)
    section.choice.window().adjustSize()
    lines = section._words.heightForWidth(279) / section._words.fontMetrics().lineSpacing()
    assert 1.5 < lines <= LINES
    assert fitted(["one", "two"]) == "one · two"
