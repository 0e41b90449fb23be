"""Fields of the data and the session, both ways."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet
from resnet_studio.gui.pages.data import augmentation
from resnet_studio.gui.pages.data.augmentation import KINDS, Kind
from resnet_studio.gui.pages.data.normalise_rows import IMAGENET, IMAGENET_MEAN, SOURCE
from resnet_studio.gui.pages.data.panel import SourcePanel
from resnet_studio.gui.pages.data.source_rows import FILE, FOLDER
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.text_field import TextField
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.data import CATALOGUE, AugmentSpec

Show = Callable[..., None]
Control = TypeVar("Control", bound=QWidget)


@pytest.fixture
def panel(qtbot: QtBot, session: Session, actions: dict[str, QAction]) -> SourcePanel:
    """The panel, shown, without images."""
    made = SourcePanel(session, actions)
    qtbot.addWidget(made)
    made.resize(304, 740)
    made.show()
    return made


def _find(panel: SourcePanel, kind: type[Control], name: str) -> Control:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def _pick(choice: Choice, value: object) -> None:
    """Choose as a user does."""
    choice.set_value(value)
    choice.activated.emit(choice.currentIndex())


def test_every_name_of_the_catalogue_can_be_chosen(panel: SourcePanel, session: Session) -> None:
    source = _find(panel, Choice, "data.source")
    assert [source.itemData(place) for place in range(source.count())] == [*CATALOGUE, FOLDER, FILE]
    _pick(source, "mnist")
    assert session.experiment.data.source == "mnist"
    session.undo_stack.undo()
    assert source.value() == "digits"


def test_a_folder_is_chosen_in_a_dialog(
    panel: SourcePanel, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, path = _find(panel, Choice, "data.source"), _find(panel, TextField, "data.source.path")
    assert not path.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    _pick(source, FOLDER)
    assert source.value() == session.experiment.data.source == "digits"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    _pick(source, FOLDER)
    assert session.experiment.data.source == str(tmp_path)
    assert source.value() == FOLDER
    assert path.isVisible()
    assert path.text() == str(tmp_path)


def test_a_file_is_chosen_in_a_dialog(panel: SourcePanel, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/a/images.npz", "Arrays (*.npz)"))
    _pick(_find(panel, Choice, "data.source"), FILE)
    assert session.experiment.data.source == "/a/images.npz"
    assert _find(panel, Choice, "data.source").value() == FILE


def test_a_path_can_be_typed(panel: SourcePanel, session: Session) -> None:
    session.change("data.source", "/a/photos")
    path = _find(panel, TextField, "data.source.path")
    path.setText("/b/photos")
    path.editingFinished.emit()
    assert session.experiment.data.source == "/b/photos"
    path.setText("  ")
    path.editingFinished.emit()
    assert session.experiment.data.source == path.text() == "/b/photos"


def test_the_folder_of_a_known_data_set(panel: SourcePanel, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _find(panel, TextField, "data.root")
    assert not root.isVisible()
    session.change("data.source", "mnist")
    assert root.isVisible()
    root.setText("/sets")
    root.editingFinished.emit()
    assert session.experiment.data.root == "/sets"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/other")
    _find(panel, QPushButton, "data.root.choose").click()
    assert (session.experiment.data.source, session.experiment.data.root) == ("mnist", "/other")
    root.setText("")
    root.editingFinished.emit()
    assert session.experiment.data.root is None


def test_another_source_is_measured_anew(panel: SourcePanel, session: Session) -> None:
    session.change_many({"data.mean": (0.5,), "data.std": (0.2,)}, "given")
    session.choose_source("mnist")
    data = session.experiment.data
    assert (data.source, data.mean, data.std) == ("mnist", None, None)
    session.undo_stack.undo()
    assert session.experiment.data.mean == (0.5,)


def test_photographs_are_not_shrunk_to_the_size_of_digits(panel: SourcePanel, session: Session) -> None:
    session.choose_source("/a/photos")
    assert session.experiment.data.image_size == (96, 96)
    session.choose_source("digits")
    assert session.experiment.data.image_size is None
    session.change("network.input_shape", (3, 64, 64))
    session.choose_source("/a/photos")
    assert session.experiment.data.image_size is None


def test_the_size_is_the_sources_until_it_is_set(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    height, width = (_find(panel, WholeSpin, f"data.image_size.{place}") for place in (0, 1))
    own = _find(panel, QWidget, "data.image_size.own")
    assert height.number() is None
    show(digits)
    assert (height.number(), width.number()) == (8, 8)
    assert session.experiment.data.image_size is None
    assert own.isHidden()
    height.setValue(12)
    assert session.experiment.data.image_size == (12, 8)
    assert own.isVisible()
    session.change("data.image_size", (20, 24))
    assert (height.number(), width.number()) == (20, 24)
    _find(panel, QWidget, "data.image_size.own").click()  # type: ignore[attr-defined]  # it is a tool button
    assert session.experiment.data.image_size is None


@pytest.mark.parametrize(("name", "value", "other"), [("data.resize", "pad", "stretch"), ("data.channels", 3, None)])
def test_choices_go_both_ways(panel: SourcePanel, session: Session, name: str, value: object, other: object) -> None:
    choice, field = _find(panel, Choice, name), name.removeprefix("data.")
    choice.set_value(value)
    assert getattr(session.experiment.data, field) == value
    session.change(name, other)
    assert choice.value() == other


def test_validation_in_words(panel: SourcePanel, session: Session) -> None:
    kind, share = _find(panel, Choice, "data.validation"), _find(panel, RealSpin, "data.validation.share")
    assert not share.isEnabled()
    assert "share of the training images" in share.toolTip()
    kind.set_value("share")
    assert session.experiment.data.validation == 0.1
    assert share.isEnabled()
    share.setValue(25)
    assert session.experiment.data.validation == 0.25
    session.change("data.validation", "test")
    assert kind.value() == "test"
    row = kind.parentWidget()
    assert isinstance(row, FormRow)
    assert "the best epoch is chosen by the test images" in [label.text() for label in row.findChildren(QLabel)]
    session.change("data.validation", 0.3)
    assert (kind.value(), share.value()) == ("share", 30)


def test_the_seed_of_the_split(panel: SourcePanel, session: Session) -> None:
    _find(panel, WholeSpin, "data.split_seed").setValue(7)
    assert session.experiment.data.split_seed == 7


def test_numbers_of_normalisation_are_shown(panel: SourcePanel, session: Session, show: Show, digits: ImageSet) -> None:
    first = _find(panel, QLabel, "data.mean.0")
    assert first.text() == ""
    show(digits)
    assert first.text() == "0.306"
    assert _find(panel, QLabel, "data.std.0").text() == "0.376"
    assert _find(panel, QLabel, "data.mean.1").text() == ""
    session.loading.active = True
    session.images_changed.emit()
    assert first.text() == ""


def test_imagenets_numbers_are_for_colour(panel: SourcePanel, session: Session, show: Show, digits: ImageSet) -> None:
    kind = _find(panel, Choice, "data.mean")
    kind.set_value(IMAGENET)
    assert session.experiment.data.mean == IMAGENET_MEAN
    assert _find(panel, QLabel, "data.mean.2").text() == "0.406"
    kind.set_value(SOURCE)
    assert session.experiment.data.mean is None
    show(digits)
    assert not kind.model().index(1, 0).flags() & kind.model().index(0, 0).flags().ItemIsEnabled


def test_numbers_of_a_file_are_kept(panel: SourcePanel, session: Session) -> None:
    session.change_many({"data.mean": (0.25,), "data.std": (0.5,)}, "given")
    kind = _find(panel, Choice, "data.mean")
    assert kind.currentText() == "as given"
    assert _find(panel, QLabel, "data.mean.0").text() == "0.250"
    session.undo_stack.undo()
    assert kind.value() == SOURCE
    assert kind.count() == 2


def test_the_size_at_evaluation_has_the_shape_of_that_in_training(panel: SourcePanel, session: Session) -> None:
    height, width = (_find(panel, WholeSpin, f"data.eval_size.{place}") for place in (0, 1))
    own = _find(panel, QWidget, "data.eval_size.own")
    session.change("data.image_size", (16, 24))
    assert height.number() is None
    assert own.isHidden()
    height.setValue(20)
    assert session.experiment.data.eval_size == (20, 30)
    assert (height.number(), width.number()) == (20, 30)
    width.setValue(36)
    assert session.experiment.data.eval_size == (24, 36)
    own.click()  # type: ignore[attr-defined]  # it is a tool button
    assert session.experiment.data.eval_size is None
    width.setValue(36)
    assert session.experiment.data.eval_size == (24, 36)
    height.set_number(None)
    assert session.experiment.data.eval_size is None
    assert session.experiment.data.image_size == (16, 24)


def test_augmentation_is_what_suits_the_source_until_it_is_set(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    crop, pixels = _find(panel, QCheckBox, "data.augment.pad_crop.on"), _find(panel, WholeSpin, "data.augment.pad_crop")
    flip = _find(panel, QCheckBox, "data.augment.horizontal_flip.on")
    show(digits)
    assert crop.isChecked()
    assert pixels.value() == 1
    assert not flip.isChecked()
    assert session.experiment.data.augment == AugmentSpec()
    crop.click()
    assert session.experiment.data.augment.pad_crop == 0
    assert not pixels.isEnabled()
    crop.click()
    assert session.experiment.data.augment.pad_crop == 1
    pixels.setValue(3)
    assert session.experiment.data.augment.pad_crop == 3
    flip.click()
    assert session.experiment.data.augment.horizontal_flip == 0.5


def test_the_way_back_to_what_suits(panel: SourcePanel, session: Session) -> None:
    back = _find(panel, QWidget, "data.augment.suit")
    assert back.isHidden()
    session.change("data.augment.pad_crop", 5)
    assert not back.isHidden()
    back.click()  # type: ignore[attr-defined]  # it is a tool button
    assert session.experiment.data.augment == AugmentSpec()
    session.undo_stack.undo()
    assert session.experiment.data.augment.pad_crop == 5


def test_while_images_are_loaded_anew_what_suits_them_stands(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    show(digits)
    session.choose_source("mnist")
    session.images_changed.emit()
    assert _find(panel, QCheckBox, "data.augment.pad_crop.on").isChecked()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.field)
def test_each_change_is_switched_on_with_its_usual_strength(panel: SourcePanel, session: Session, kind: Kind) -> None:
    check = _find(panel, QCheckBox, f"data.augment.{kind.field}.on")
    value = panel.findChild(QWidget, f"data.augment.{kind.field}")
    assert isinstance(value, QWidget)
    assert not value.isEnabled()
    check.click()
    assert getattr(session.experiment.data.augment, kind.field) == pytest.approx(kind.usual)
    assert value.isEnabled()


def test_what_is_not_built_yet_says_so(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augmentation, "reason_against", lambda path, _: f"{path} isn't built yet.")
    row = augmentation.AugmentRow(session, KINDS[0])
    qtbot.addWidget(row)
    for name in ("data.augment.pad_crop", "data.augment.pad_crop.on"):
        control = row.findChild(QWidget, name)
        assert isinstance(control, QWidget)
        assert not control.isEnabled()
        assert control.toolTip() == "data.augment.pad_crop isn't built yet."


def test_a_refused_value_is_said_at_its_field(panel: SourcePanel, session: Session) -> None:
    session.change("data.image_size", (1, 1))
    spin = _find(panel, WholeSpin, "data.image_size.0")
    assert spin.property("fault") == "error"
    row = spin.parentWidget()
    assert isinstance(row, FormRow)
    assert "less than 4" in row.error()
    session.change("data.image_size", (8, 8))
    assert row.error() == ""
    assert spin.property("fault") is None


def test_edits_of_the_network_do_not_touch_the_panel(
    panel: SourcePanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    monkeypatch.setattr(panel.source, "refresh", lambda: calls.append(1))
    session.change("network.block_sizes.0", 3)
    assert not calls
    session.change("data.split_seed", 3)
    assert calls == [1]


def test_what_is_resolved_belongs_to_the_source(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    show(replace(digits, spec=digits.spec.model_copy(update={"source": "mnist"})))
    assert _find(panel, WholeSpin, "data.image_size.0").number() is None


def test_the_network_is_matched_by_the_windows_action(
    panel: SourcePanel, actions: dict[str, QAction], qtbot: QtBot
) -> None:
    button = _find(panel, QPushButton, "data.match")
    with qtbot.waitSignal(actions["match"].triggered):
        button.click()
    actions["match"].setEnabled(False)
    assert not button.isEnabled()


def test_every_control_has_a_name_for_a_screen_reader(panel: SourcePanel, session: Session) -> None:
    session.change("data.source", "/a/photos")
    kinds = (Choice, WholeSpin, RealSpin, TextField, QCheckBox, QPushButton)
    for control in (found for kind in kinds for found in panel.findChildren(kind)):
        assert control.accessibleName() or isinstance(control, QPushButton), control.objectName()
