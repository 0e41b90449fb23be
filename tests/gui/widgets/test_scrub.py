"""Numbers that are dragged: on the label, on the arrows, on the slider."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QStyle, QStyleOptionSpinBox, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.widgets.panel import FormRow
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.scrub import TIP
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.whole_spin import WholeSpin

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def mouse(widget: QWidget, kind: QEvent.Type, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    place = QPointF(at)
    event = QMouseEvent(kind, place, QPointF(widget.mapToGlobal(at)), button, held, keys)
    QApplication.sendEvent(widget, event)


def drag(widget: QWidget, start: QPoint, ways: Sequence[tuple[int, int]], keys: Qt.KeyboardModifier = NONE) -> None:
    """Press, go to each place as seen from the start, and let go there."""
    mouse(widget, QEvent.Type.MouseButtonPress, start, keys)
    for x, y in ways:
        mouse(widget, QEvent.Type.MouseMove, start + QPoint(x, y), keys)
    mouse(widget, QEvent.Type.MouseButtonRelease, start + QPoint(*ways[-1]), keys)


def whole(value: int = 40, **more: object) -> WholeSpin:
    spin = WholeSpin(1, 65_536, name="network.groups", label="groups", **more)  # type: ignore[arg-type]
    spin.set_number(value)
    return spin


def real(value: float = 0.5, **more: object) -> RealSpin:
    spin = RealSpin(0.0, 1.0, name="network.dropout", label="dropout", **more)  # type: ignore[arg-type]
    spin.set_number(value)
    return spin


def shown(qtbot: QtBot, *fields: QWidget | str) -> FormRow:
    row = FormRow("Groups", fields)
    row.resize(280, 32)
    qtbot.addWidget(row)
    row.show()
    qtbot.waitExposed(row)
    return row


def heard(spin: WholeSpin | RealSpin | Slider) -> list[object]:
    said: list[object] = []
    spin.drag_started.connect(lambda: said.append("started"))
    spin.valueChanged.connect(said.append)
    spin.drag_finished.connect(lambda: said.append("finished"))
    return said


def test_a_label_is_dragged_a_step_for_six_pixels(qtbot: QtBot) -> None:
    spin = whole()
    row = shown(qtbot, spin)
    said = heard(spin)
    drag(row.label, QPoint(10, 14), [(5, 0), (6, 0), (18, 2), (-13, 0)])
    assert said == ["started", 41, 43, 38, "finished"]
    assert row.label.toolTip() == TIP


def test_there_and_back_again_is_where_it_was(qtbot: QtBot) -> None:
    spin = whole(3)
    row = shown(qtbot, spin)
    drag(row.label, QPoint(10, 14), [(-300, 0), (-12, 0)])
    assert spin.number() == 1
    drag(row.label, QPoint(10, 14), [(-300, 0), (0, 0)])
    assert spin.number() == 1


def test_a_click_on_a_label_changes_nothing(qtbot: QtBot) -> None:
    spin = whole()
    row = shown(qtbot, spin)
    drag(row.label, QPoint(10, 14), [(3, 0)])
    assert spin.number() == 40


def test_each_label_drags_the_field_behind_it(qtbot: QtBot) -> None:
    first, second = whole(10), real()
    row = shown(qtbot, first, "width", Slider(0, 9, 0, name="s", label="s"), second)
    between = next(label for label in row.findChildren(QLabel) if label.text() == "width")
    drag(between, QPoint(5, 10), [(12, 0)])
    assert (first.number(), second.number()) == (10, 0.6)
    drag(row.label, QPoint(5, 10), [(12, 0)])
    assert (first.number(), second.number()) == (12, 0.6)


def test_a_label_drags_one_field_alone(qtbot: QtBot) -> None:
    first, second = whole(10), whole(20)
    row = shown(qtbot, first, second)
    drag(row.label, QPoint(5, 10), [(12, 0)])
    assert (first.number(), second.number()) == (12, 20)


def test_shift_goes_finer_with_decimals_and_coarser_without(qtbot: QtBot) -> None:
    number, share, power = whole(), real(), whole(64, step="double")
    for spin, wanted in ((number, 60), (share, 0.51), (power, 256)):
        row = shown(qtbot, spin)
        drag(row.label, QPoint(5, 10), [(12, 0)], SHIFT)
        assert spin.number() == wanted


def test_a_field_that_is_off_is_not_dragged(qtbot: QtBot) -> None:
    spin = whole()
    row = shown(qtbot, spin)
    spin.setEnabled(False)
    said = heard(spin)
    drag(row.label, QPoint(5, 10), [(60, 0)])
    assert said == []


@pytest.mark.parametrize(("way", "wanted"), [((0, -30), 45), ((0, 60), 30), ((30, 0), 45)])
def test_the_arrows_are_dragged_up_and_sideways(way: tuple[int, int], wanted: int, qtbot: QtBot) -> None:
    spin = whole()
    row = shown(qtbot, spin)
    said = heard(spin)
    up = QPoint(spin.width() - 8, 8)
    drag(spin, up, [way])
    assert spin.number() == wanted
    assert said == ["started", 41, wanted, "finished"]
    mouse(spin, QEvent.Type.MouseMove, up + QPoint(0, 90))
    assert spin.number() == wanted
    assert row.isVisible()


def test_an_arrow_that_is_dragged_is_let_go_of(qtbot: QtBot) -> None:
    spin = whole()
    row = shown(qtbot, spin)

    def held() -> bool:
        option = QStyleOptionSpinBox()
        spin.initStyleOption(option)
        return bool(option.state & QStyle.StateFlag.State_Sunken)

    up = QPoint(spin.width() - 8, 8)
    mouse(spin, QEvent.Type.MouseButtonPress, up)
    assert held()
    mouse(spin, QEvent.Type.MouseMove, up - QPoint(0, 12))
    assert not held()  # so it does not step on by itself
    assert row.isVisible()


def test_a_click_on_an_arrow_is_one_step(qtbot: QtBot) -> None:
    spin = whole()
    row = shown(qtbot, spin)
    drag(spin, QPoint(spin.width() - 8, 8), [(1, 1)])
    assert spin.number() == 41
    assert row.isVisible()


def test_dragging_beside_the_arrows_is_left_to_the_text(qtbot: QtBot) -> None:
    spin = whole()
    row = shown(qtbot, spin)
    said = heard(spin)
    drag(spin, QPoint(3, 14), [(0, -60)])
    assert said == []
    assert row.isVisible()


def test_none_is_reached_and_left(qtbot: QtBot) -> None:
    spin = whole(2, nothing="auto")
    row = shown(qtbot, spin)
    drag(row.label, QPoint(5, 10), [(-60, 0)])
    assert spin.number() is None
    drag(row.label, QPoint(5, 10), [(12, 0)])
    assert spin.number() == 2
    share = real(0.0, nothing="auto")
    row = shown(qtbot, share)
    drag(row.label, QPoint(5, 10), [(-6, 0)])
    assert share.number() is None
    drag(row.label, QPoint(5, 10), [(6, 0), (0, 0)])
    assert share.number() is None


@pytest.mark.parametrize("place", [0.0, 0.25, 1.0])
def test_a_slider_goes_to_the_click_and_on_from_there(place: float, qtbot: QtBot) -> None:
    slider = Slider(0, 100, 60, name="network.dropout.slider", label="dropout")
    qtbot.addWidget(slider)
    slider.resize(212, 20)
    slider.show()
    qtbot.waitExposed(slider)
    said = heard(slider)
    at = QPoint(round(6 + place * 200), 10)
    mouse(slider, QEvent.Type.MouseButtonPress, at)
    assert slider.value() == pytest.approx(100 * place, abs=3)
    mouse(slider, QEvent.Type.MouseMove, QPoint(106, 10))
    mouse(slider, QEvent.Type.MouseButtonRelease, QPoint(106, 10))
    assert slider.value() == pytest.approx(50, abs=3)
    assert (said[0], said[-1]) == ("started", "finished")
    assert said.count("started") == 1
