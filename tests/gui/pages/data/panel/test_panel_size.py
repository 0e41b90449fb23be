"""Height and width of the images, and the two ways to make network and data agree."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.gui.deeds import Deeds
from resnet_studio.gui.notices import Notices
from resnet_studio.gui.pages.data.panel.panel import SourcePanel
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.data import DataSpec

Show = Callable[..., None]
Control = TypeVar("Control", bound=QWidget)


def _find(panel: SourcePanel, kind: type[Control], name: str) -> Control:
    found = panel.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


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


def test_the_network_takes_channels_size_and_classes_as_one_step(session: Session, show: Show) -> None:
    session.change_many({"network.input_shape": (3, 32, 24), "network.num_classes": 4}, "another network")
    show(load(DataSpec(image_size=(16, 12))))
    Deeds(session, Settings(), Notices(), lambda _: None).match()
    network = session.experiment.network
    assert (network.input_shape, network.num_classes) == ((1, 16, 12), 10)
    assert session.undo_stack.undoText() == "match the network to digits"
    session.undo_stack.undo()
    assert (session.experiment.network.input_shape, session.experiment.network.num_classes) == ((3, 32, 24), 4)


def test_the_images_take_the_size_of_the_network_as_one_step(
    panel: SourcePanel, session: Session, show: Show, digits: ImageSet
) -> None:
    fit = _find(panel, QPushButton, "data.fit")
    assert not fit.isVisible()
    show(digits)
    assert not fit.isVisible(), "the sizes are the same"
    session.change("network.input_shape", (3, 96, 64))
    assert fit.isVisible()
    assert fit.text() == "Take the network's 96×64"
    session.change_many({"data.mean": (0.5,), "data.std": (0.2,)}, "given")
    steps = session.undo_stack.count()
    fit.click()
    data = session.experiment.data
    assert (data.image_size, data.channels, data.mean, data.std) == ((96, 64), 3, None, None)
    assert session.undo_stack.count() == steps + 1
    show(load(data))
    assert not fit.isVisible()
    session.undo_stack.undo()
    assert session.experiment.data.image_size is None


@pytest.mark.parametrize(
    ("sides", "offered"), [((8, 8), False), ((32, 32), False), ((64, 64), True), ((224, 224), True)]
)
def test_photographs_are_not_offered_the_size_of_tiny_images(
    sides: tuple[int, int], panel: SourcePanel, session: Session, show: Show, *, offered: bool
) -> None:
    session.change_many({"data.source": "/a/photos", "network.input_shape": (3, *sides)}, "photographs")
    images = load(DataSpec(image_size=(96, 96), channels=3))
    show(replace(images, source="/a/photos"))
    assert _find(panel, QPushButton, "data.fit").isVisible() == offered


def _numbers(session: Session) -> tuple[int | None, tuple[float, ...] | None, tuple[float, ...] | None]:
    data = session.experiment.data
    return data.channels, data.mean, data.std


def test_numbers_of_normalisation_go_with_the_channels(panel: SourcePanel, session: Session) -> None:
    channels = _find(panel, Choice, "data.channels")
    session.change_many({"data.mean": (0.5, 0.4, 0.3), "data.std": (0.2, 0.2, 0.2)}, "given")
    channels.set_value(3)
    assert _numbers(session) == (3, (0.5, 0.4, 0.3), (0.2, 0.2, 0.2)), "they fit"
    channels.set_value(1)
    assert _numbers(session) == (1, None, None)
    session.undo_stack.undo()
    assert _numbers(session) == (3, (0.5, 0.4, 0.3), (0.2, 0.2, 0.2))
    session.change_many({"data.mean": (0.485, 0.456, 0.406), "data.std": (0.229, 0.224, 0.225)}, "ImageNet")
    channels.set_value(1)
    assert _numbers(session) == (1, (0.459,), (0.226,))
