"""Controls tied to fields, both ways; a drag is one step."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.binding import Binding, Condition, Possible, SliderBinding
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.whole_spin import WholeSpin

HUNDREDTHS = tuple(place / 100 for place in range(100))


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    yield made
    assert made.close(10)


@pytest.fixture
def slider(session: Session, qtbot: QtBot) -> Slider:
    made = Slider(0, 1, 0, name="network.dropout.slider", label="dropout")
    qtbot.addWidget(made)
    SliderBinding(session, made, HUNDREDTHS)
    return made


def test_a_slider_writes_and_shows_its_field(session: Session, slider: Slider) -> None:
    assert slider.toolTip()
    slider.setValue(25)
    assert session.experiment.network.dropout == 0.25
    session.undo_stack.undo()
    assert slider.value() == 0
    session.change("network.dropout", 0.504)
    assert slider.value() == 50
    assert session.experiment.network.dropout == 0.504


def test_stops_need_not_be_even(session: Session, qtbot: QtBot) -> None:
    slider = Slider(0, 1, 0, name="network.width_per_group.slider", label="width")
    qtbot.addWidget(slider)
    SliderBinding(session, slider, (1, 2, 4, 64, 128))
    assert slider.value() == 3
    slider.setValue(4)
    assert session.experiment.network.width_per_group == 128


def test_what_has_no_number_leaves_the_slider(session: Session, qtbot: QtBot) -> None:
    slider = Slider(0, 1, 0, name="network.channels.slider", label="channels")
    qtbot.addWidget(slider)
    SliderBinding(session, slider, (8, 16, 32))
    assert slider.value() == 1
    session.change("network.channels", (8, 9, 10))
    assert slider.value() == 1


@pytest.mark.parametrize("kind", ["slider", "spin"])
def test_a_slow_drag_is_one_step(kind: str, session: Session, slider: Slider, qtbot: QtBot, monkeypatch: Any) -> None:
    now = 0.0
    monkeypatch.setattr("resnet_studio.gui.edits.time.monotonic", lambda: now)
    spin = RealSpin(0.0, 0.99, name="network.dropout", label="dropout")
    qtbot.addWidget(spin)
    Binding(session, spin, None)
    control, values = (slider, (10, 20, 30)) if kind == "slider" else (spin, (0.1, 0.2, 0.3))
    control.drag_started.emit()
    for value in values:
        control.setValue(value)  # type: ignore[arg-type]
        now += 60
    control.drag_finished.emit()
    assert session.experiment.network.dropout == 0.3
    assert session.undo_stack.count() == 1
    control.setValue(values[0])  # type: ignore[arg-type]
    assert session.undo_stack.count() == 2


def test_a_condition_turns_sliders_off_too(session: Session, slider: Slider, qtbot: QtBot) -> None:
    spin = WholeSpin(1, 9, name="network.groups", label="groups")
    qtbot.addWidget(spin)
    bindings: list[Possible] = [Binding(session, spin, None), SliderBinding(session, slider, HUNDREDTHS)]
    Condition(session, bindings, lambda experiment: experiment.network.num_classes is not None, "No head.", slider)
    assert slider.isEnabled()
    session.change("network.num_classes", None)
    for control in (slider, spin):
        assert not control.isEnabled()
        assert control.toolTip() == "No head."
