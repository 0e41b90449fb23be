"""The random changes of the training images in the panel, both ways."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QToolButton, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui.pages.data.panel.augment_kinds import KINDS, Kind
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.data import AugmentSpec, DataSpec
from resnet_studio.spec.experiment import value_at

Show = Callable[..., None]
Control = TypeVar("Control", bound=QWidget)


def _find(panel: SourcePanel, kind: type[Control], name: str) -> Control:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


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


def test_what_suits_a_set_of_the_catalogue_is_known_before_its_images_are_there(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    show(digits)
    pixels = _find(panel, WholeSpin, "data.augment.pad_crop")
    flip = _find(panel, QCheckBox, "data.augment.horizontal_flip.on")
    assert (pixels.value(), flip.isChecked()) == (1, False)
    session.choose_source("cifar10")
    assert (pixels.value(), flip.isChecked()) == (2, True)
    session.change("data.image_size", (64, 64))
    assert pixels.value() == 4
    session.choose_source("svhn")
    assert (pixels.value(), flip.isChecked()) == (2, False)


def test_while_a_folder_is_looked_at_what_stood_stands(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    show(digits)
    session.choose_source("/a/photos")
    session.images_changed.emit()
    assert _find(panel, QCheckBox, "data.augment.pad_crop.on").isChecked()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.field)
def test_each_change_is_switched_on_with_its_usual_strength(panel: SourcePanel, session: Session, kind: Kind) -> None:
    session.change("data.augment", dict.fromkeys(AugmentSpec.model_fields, 0))
    check = _find(panel, QCheckBox, f"data.augment.{kind.field}.on")
    value = panel.findChild(QWidget, f"data.augment.{kind.field}")
    assert isinstance(value, QWidget)
    assert not value.isEnabled()
    check.click()
    assert getattr(session.experiment.data.augment, kind.field) == pytest.approx(kind.usual)
    assert value.isEnabled()
    session.undo_stack.undo()
    assert not check.isChecked()


def test_every_field_of_the_augmentation_has_a_kind() -> None:
    fields = {kind.field for kind in KINDS} | {kind.second.field for kind in KINDS if kind.second}
    assert fields == AugmentSpec.model_fields.keys()


@pytest.mark.parametrize(
    ("field", "side", "first"),
    [("pad_crop", 32, 4), ("pad_crop", 4, 1), ("cutout", 32, 16), ("cutout", 96, 32), ("zoom", 96, 0.1)],
)
def test_a_first_value_suits_the_size_of_the_images(field: str, side: int, first: float) -> None:
    kind = next(kind for kind in KINDS if kind.field == field)
    assert kind.first_value(DataSpec(image_size=(side, 2 * side))) == first


def test_the_hue_goes_with_the_jitter_until_it_is_set(panel: SourcePanel, session: Session) -> None:
    jitter, hue = (_find(panel, RealSpin, f"data.augment.{name}") for name in ("color_jitter", "hue"))
    assert not hue.isEnabled()
    session.change("data.augment.color_jitter", 0.4)
    assert (jitter.value(), hue.value()) == (0.4, 0.1)
    assert hue.isEnabled()
    hue.setValue(0.02)
    assert session.experiment.data.augment.hue == 0.02
    session.change("data.augment.color_jitter", 0.8)
    assert hue.value() == 0.02
    session.change("data.augment.hue", None)
    assert hue.value() == 0.2
    assert "Chen et al. 2020" in hue.toolTip()


def test_the_operations_of_randaugment(panel: SourcePanel, session: Session) -> None:
    operations = _find(panel, WholeSpin, "data.augment.rand_augment_ops")
    session.change("data.augment.rand_augment", 9.0)
    assert (operations.value(), operations.isEnabled()) == (2, True)
    operations.setValue(3)
    assert session.experiment.data.augment.rand_augment_ops == 3
    session.undo_stack.undo()
    assert operations.value() == 2
    assert value_at(session.experiment, "data.augment.rand_augment_ops") is None


def test_a_group_says_what_is_on_and_opens_for_it(panel: SourcePanel, session: Session) -> None:
    shear = _find(panel, QCheckBox, "data.augment.shear.on")
    fold = _find(panel, QToolButton, "panel.data.augment.affine.fold")
    summary = _find(panel, QLabel, "panel.data.augment.affine.summary")
    assert not shear.isVisible()
    assert (summary.text(), fold.accessibleName()) == ("off", "Show affine")
    session.change("data.augment.rotation", 12.0)
    assert shear.isVisible()
    fold.click()
    assert not shear.isVisible()
    assert summary.text() == "rotation 12°"
    session.change("data.augment.shear", 5.0)
    assert not shear.isVisible(), "it was folded by hand"
    assert summary.text() == "rotation 12°, shear 5°"


def test_the_whole_section_says_what_is_on(panel: SourcePanel, session: Session, show: Show, digits: ImageSet) -> None:
    show(digits)
    session.change("data.augment.mixup", 0.2)
    _find(panel, QToolButton, "panel.data.augment.fold").click()
    assert "padding-crop 1 px, mixup 0.20" in [
        label.text() for label in panel.findChildren(QLabel) if label.isVisible()
    ]


def test_tooltips_say_what_a_kind_does_and_whose_it_is(panel: SourcePanel) -> None:
    for field, paper in (("cutout", "DeVries and Taylor 2017"), ("mixup", "Zhang et al. 2017")):
        assert paper in _find(panel, QCheckBox, f"data.augment.{field}.on").toolTip()


@pytest.mark.parametrize(("jitter", "words"), [(0.3, "hue 0.075"), (0.35, "hue 0.0875"), (0.333, "hue 0.0833")])
def test_the_hue_that_goes_with_the_jitter_has_room(
    panel: SourcePanel, session: Session, jitter: float, words: str
) -> None:
    session.change("data.augment.color_jitter", jitter)
    hue = _find(panel, RealSpin, "data.augment.hue")
    assert hue.text() == words
    line = hue.lineEdit()
    # Qt keeps two pixels free at both sides
    assert line.fontMetrics().horizontalAdvance(words) <= line.width() - 4
    check = _find(panel, QCheckBox, "data.augment.color_jitter.on")
    assert check.geometry().right() < hue.x()
