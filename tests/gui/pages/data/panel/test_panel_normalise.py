"""Mean and standard deviation: the source's own, ImageNet's or given, both ways."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui.pages.data.panel.normalise_rows import GIVEN, GREY_NOTE, IMAGENET, IMAGENET_NUMBERS, SOURCE
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.real_spin import RealSpin

Show = Callable[..., None]
Control = TypeVar("Control", bound=QWidget)


def _find(panel: SourcePanel, kind: type[Control], name: str) -> Control:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def _text(panel: SourcePanel, name: str) -> str:
    return _find(panel, QLabel, f"data.{name}.is").text()


def _spins(panel: SourcePanel, name: str) -> list[RealSpin]:
    return [_find(panel, RealSpin, f"data.{name}.{place}") for place in range(3)]


def _numbers(session: Session) -> tuple[tuple[float, ...] | None, tuple[float, ...] | None]:
    return session.experiment.data.mean, session.experiment.data.std


def test_what_was_measured_is_shown(panel: SourcePanel, session: Session, show: Show, digits: ImageSet) -> None:
    assert _text(panel, "mean.0") == ""
    show(digits)
    assert (_text(panel, "mean.0"), _text(panel, "std.0"), _text(panel, "mean.1")) == ("0.306", "0.376", "")
    assert not any(spin.isVisible() for spin in _spins(panel, "mean"))
    session.change("data.augment.pad_crop", 2)
    assert _text(panel, "mean.0") == "0.306", "how they are augmented changes nothing of it"
    session.change("data.validation", 0.4)
    assert _text(panel, "mean.0") == "", "of other training images"


def test_imagenets_numbers_of_colour_and_of_grey(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    kind = _find(panel, Choice, "data.mean")
    kind.set_value(IMAGENET)
    assert _numbers(session)[0] == IMAGENET_NUMBERS[3]["mean"]
    assert (_text(panel, "mean.2"), _text(panel, "std.2")) == ("0.406", "0.225")
    kind.set_value(SOURCE)
    assert _numbers(session) == (None, None)
    show(digits)
    kind.set_value(IMAGENET)
    assert _numbers(session) == ((0.459,), (0.226,))
    row = kind.parentWidget()
    assert isinstance(row, FormRow)
    assert GREY_NOTE in [label.text() for label in row.findChildren(QLabel) if label.isVisible()]
    session.undo_stack.undo()
    assert kind.value() == SOURCE


def test_the_grey_numbers_are_the_luminance_of_the_colours() -> None:
    weights = (0.299, 0.587, 0.114)
    for name in ("mean", "std"):
        expected = sum(weight * value for weight, value in zip(weights, IMAGENET_NUMBERS[3][name], strict=True))
        (grey,) = IMAGENET_NUMBERS[1][name]
        assert grey == pytest.approx(expected, abs=5e-4)


def test_given_numbers_are_edited_one_by_one(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    show(digits)
    kind, (mean, *others), std = _find(panel, Choice, "data.mean"), _spins(panel, "mean"), _spins(panel, "std")[0]
    kind.set_value(GIVEN)
    assert _numbers(session)[0] == (0.306,), "what was measured is the beginning"
    assert mean.isVisible()
    assert not any(other.isVisible() for other in others), "grey has one channel"
    mean.setValue(0.25)
    std.setValue(0.5)
    assert _numbers(session) == ((0.25,), (0.5,))
    session.undo_stack.undo()
    assert _numbers(session) == ((0.25,), (0.376,))
    assert std.value() == 0.376
    session.undo_stack.undo()
    assert mean.value() == 0.306
    session.undo_stack.undo()
    assert kind.value() == SOURCE


def test_each_channel_is_a_step_of_its_own(panel: SourcePanel, session: Session) -> None:
    _find(panel, Choice, "data.mean").set_value(GIVEN)
    assert _numbers(session)[0] == (0.485, 0.456, 0.406), "nothing is measured yet"
    first, second, third = _spins(panel, "mean")
    first.setValue(0.1)
    first.setValue(0.15)
    third.setValue(0.3)
    assert _numbers(session)[0] == (0.15, 0.456, 0.3)
    assert session.undo_stack.undoText() == "mean of channel 3"
    session.undo_stack.undo()
    assert _numbers(session)[0] == (0.15, 0.456, 0.406)
    session.undo_stack.undo()
    assert _numbers(session)[0] == (0.485, 0.456, 0.406), "what followed quickly was one step"
    assert second.value() == 0.456


def test_switching_keeps_what_was_typed(panel: SourcePanel, session: Session) -> None:
    kind, (first, *_) = _find(panel, Choice, "data.mean"), _spins(panel, "mean")
    kind.set_value(GIVEN)
    first.setValue(0.1)
    for other in (SOURCE, IMAGENET):
        kind.set_value(other)
        assert not first.isVisible()
        kind.set_value(GIVEN)
        assert _numbers(session)[0] == (0.1, 0.456, 0.406)
        assert first.isVisible()
    session.choose_source("mnist")
    kind.set_value(GIVEN)
    assert _numbers(session)[0] == (0.485, 0.456, 0.406), "they were of another source"


def test_imagenets_numbers_can_be_a_beginning(panel: SourcePanel, session: Session) -> None:
    kind = _find(panel, Choice, "data.mean")
    kind.set_value(IMAGENET)
    kind.set_value(GIVEN)
    assert kind.value() == GIVEN
    assert _spins(panel, "mean")[0].isVisible()
    assert session.undo_stack.count() == 1, "the numbers are the same"
    kind.set_value(IMAGENET)
    assert not _spins(panel, "mean")[0].isVisible()


def test_numbers_of_a_file_are_given(panel: SourcePanel, session: Session) -> None:
    session.change_many({"data.mean": (0.25,), "data.std": (0.5,)}, "given")
    kind = _find(panel, Choice, "data.mean")
    assert kind.value() == GIVEN
    assert _spins(panel, "mean")[0].value() == 0.25
    session.undo_stack.undo()
    assert kind.value() == SOURCE


def test_a_refused_number_is_said_at_its_field(panel: SourcePanel, session: Session) -> None:
    session.change_many({"data.mean": (0.5, 0.5, 0.5), "data.std": (0.5, 0.5, 0.5)}, "given")
    session.change("data.std.1", 0.0)
    spin = _spins(panel, "std")[1]
    row = spin.parentWidget()
    assert isinstance(row, FormRow)
    assert "not more than 0" in row.error()
    assert spin.property("fault") == "error"
    session.change("data.std.1", 0.4)
    assert row.error() == ""
    assert spin.value() == 0.4
