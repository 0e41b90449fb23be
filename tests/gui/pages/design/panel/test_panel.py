"""The panel as a whole: every field of the network has a control, sliders move theirs, heads say what is folded."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.panel.network_sections import blocks_in_words, rest_in_words
from resnet_studio.gui.pages.design.panel.panel import DesignPanel
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.label import ElidedLabel
from resnet_studio.gui.widgets.panel import FormRow, Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.network import NetworkSpec, StemSpec
from resnet_studio.spec.presets import preset

CONTROLS = (QAbstractSpinBox, QComboBox, QCheckBox, Slider, QToolButton)
SLIDERS = ("dropout", "block_dropout", "drop_path", "width_per_group", "channels")


@pytest.fixture
def panel(session: Session, qtbot: QtBot, qapp: QApplication) -> DesignPanel:
    theme.apply(qapp, "light")
    made = DesignPanel(session, {"plain_twin": QAction("Plain twin", qapp)})
    qtbot.addWidget(made)
    made.resize(304, 746)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    return made


def controls(panel: DesignPanel) -> list[QWidget]:
    own = [widget for widget in panel.findChildren(QWidget) if isinstance(widget, CONTROLS)]
    return [widget for widget in own if not widget.objectName().startswith("qt_")]


def test_every_field_has_a_control_by_its_path(panel: DesignPanel) -> None:
    names = {control.objectName() for control in controls(panel)}
    lists = {"input_shape": 3, "block_sizes": 8, "channels": 8, "strides": 8}
    for field in set(NetworkSpec.model_fields) - {"name", *lists}:
        assert f"network.{field}" in names
    for field, length in lists.items():
        assert {f"network.{field}.{place}" for place in range(length)} <= names
    # a stem with a norm of its own is one of Athena's, and comes with that preset
    assert {f"network.stem.{field}" for field in set(StemSpec.model_fields) - {"norm"}} <= names
    assert {f"network.{field}.slider" for field in SLIDERS} <= names


def test_every_control_has_a_name_and_says_what_it_does(panel: DesignPanel) -> None:
    for control in controls(panel):
        assert control.objectName(), control
        assert control.accessibleName(), control.objectName()
        assert control.toolTip(), control.objectName()


def test_a_standard_network_fits_without_scrolling(panel: DesignPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel._scroll.verticalScrollBar().maximum() == 0)
    for name in ("rest", "budget"):
        section = panel.findChild(Section, f"panel.design.{name}")
        assert isinstance(section, Section)
        assert section.is_folded()


def test_a_section_that_is_opened_comes_into_sight(panel: DesignPanel, qtbot: QtBot) -> None:
    fold = panel.findChild(QToolButton, "panel.design.budget.fold")
    last = panel.findChild(QWidget, "budget.partner")
    assert fold is not None
    assert last is not None
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect().height() == last.height())
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert not last.isVisible()


@pytest.mark.parametrize("field", SLIDERS)
def test_a_slider_and_its_field_show_the_same(field: str, panel: DesignPanel, session: Session) -> None:
    slider = panel.findChild(Slider, f"network.{field}.slider")
    spin = panel.findChild(QAbstractSpinBox, f"network.{field}.0" if field == "channels" else f"network.{field}")
    assert isinstance(slider, Slider)
    assert isinstance(spin, (WholeSpin, RealSpin))
    slider.setValue(slider.value() + 3)
    value = getattr(session.experiment.network, field)
    assert value != getattr(preset("resnet50"), field)
    assert spin.number() == value
    session.undo_stack.undo()
    assert getattr(session.experiment.network, field) == getattr(preset("resnet50"), field)
    before = slider.value()
    spin.stepBy(1 if isinstance(spin, RealSpin) else 40)
    assert slider.value() > before


def test_the_slider_of_the_width_is_off_for_basic_blocks(panel: DesignPanel, session: Session) -> None:
    slider = panel.findChild(Slider, "network.width_per_group.slider")
    assert isinstance(slider, Slider)
    session.change("network.block_type", "basic")
    assert not slider.isEnabled()
    assert "basic" in slider.toolTip()


def test_tab_goes_down_the_panel(panel: DesignPanel) -> None:
    first = panel.findChild(QWidget, "network.preset")
    assert first is not None
    first.setFocus(Qt.FocusReason.TabFocusReason)
    seen = []
    for _ in range(60):
        widget = QApplication.focusWidget()
        assert widget is not None
        if widget.objectName() in seen:
            break
        seen.append(widget.objectName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    order = (
        *("network.preset", "network.input_shape.0", "network.num_classes", "network.stem.channels"),
        *("edit.stages.plus", "row.stage1", "network.block_sizes.0", "network.strides.0", "row.stage2"),
        *("network.channels.slider", "edit.channels.doubling", "network.block_type", "network.groups"),
        *("network.width_per_group.slider", "network.width_per_group", "network.merge", "network.shortcut"),
        *("panel.design.rest.fold", "panel.design.budget.fold"),
    )
    assert [name for name in seen if name in order] == list(order)


def test_a_field_of_a_finding_is_shown(panel: DesignPanel) -> None:
    for path, name in (("network.drop_path",) * 2, ("network.channels", "network.channels.0")):
        panel.show_field(path)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.objectName() == name
        assert not focused.visibleRegion().isEmpty()


def test_an_error_of_the_design_stands_at_its_field(panel: DesignPanel, session: Session) -> None:
    combo = panel.findChild(QComboBox, "network.shortcut")
    assert combo is not None
    row = combo.parentWidget()
    assert isinstance(row, FormRow)
    combo.setCurrentIndex(combo.findData("identity"))
    assert combo.property("fault") == "error"
    assert row.error() == "stage 1, block 1: main path 256×56×56, shortcut 64×56×56"
    session.mend(session.findings[0])
    assert not combo.property("fault")
    assert row.error() == ""


def test_an_error_in_the_stages_marks_their_field(panel: DesignPanel, session: Session) -> None:
    channels = panel.findChild(QWidget, "network.channels.0")
    assert channels is not None
    session.change("network.channels", (65_000,) * 4)
    assert session.findings[0].field == "network.channels"
    assert channels.property("fault") == "error"
    session.undo_stack.undo()
    assert not channels.property("fault")


def test_the_heads_say_what_is_folded(panel: DesignPanel, session: Session) -> None:
    session.change_many({"network.dropout": 0.2, "network.drop_path": 0.1, "network.norm": "none"}, "more")
    rest = panel.findChild(Section, "panel.design.rest")
    assert isinstance(rest, Section)
    texts = [label.text() for label in rest.findChildren(ElidedLabel)]
    assert "no norm, ReLU, dropout 0.2, drop path 0.1" in texts
    assert rest_in_words(preset("resnet50")) == "batch, ReLU"
    assert blocks_in_words(preset("resnext50_32x4d")) == "bottleneck, 32 groups, projection"
    assert blocks_in_words(preset("plain18")) == "basic, no skips"
