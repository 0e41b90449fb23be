import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.train.legend import Kinds
from resnet_studio.gui.pages.train.plot_tools import NOTCHES, PlotTools, factor, notch
from resnet_studio.gui.widgets.label import Label


@given(st.integers(0, NOTCHES))
def test_notches_and_factors_are_each_others_inverse(at: int) -> None:
    assert notch(factor(at)) == at or factor(notch(factor(at))) == factor(at)
    assert 0 <= factor(at) <= 0.999


def test_the_slider_goes_through_the_magnitudes() -> None:
    assert [factor(at) for at in (0, 30, 60, 90)] == [0, 0.9, 0.99, 0.999]


@pytest.fixture
def tools(qtbot: QtBot) -> PlotTools:
    made = PlotTools(0.9)
    qtbot.addWidget(made)
    made.resize(912, 36)
    made.show()
    return made


def test_the_slider_shows_and_tells_its_factor(tools: PlotTools, qtbot: QtBot) -> None:
    assert tools.shown.text() == "0.90"
    with qtbot.waitSignal(tools.smoothing_chosen) as told:
        tools.slider.setValue(90)
    assert told.args == [0.999]
    assert tools.shown.text() == "0.999"


def test_units_and_log_are_told(tools: PlotTools, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tools.unit_chosen) as told:
        qtbot.mouseClick(tools.findChild(QPushButton, "plots.unit.epoch"), Qt.MouseButton.LeftButton)
    assert told.args == ["epoch"]
    with qtbot.waitSignal(tools.log_chosen) as told:
        tools.log.click()
    assert told.args == [False]


def test_the_legend_goes_before_tools_are_cut(qtbot: QtBot) -> None:
    page, tools = QWidget(), PlotTools(0.9)
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(tools)
    page.resize(920, 100)
    page.show()
    assert tools.legend.isVisible()
    page.resize(620, 100)
    qtbot.waitUntil(lambda: not tools.legend.isVisible())
    assert tools.picture.geometry().right() < 600


def test_the_name_of_the_checkpoints_goes_before_all_of_the_legend(qtbot: QtBot) -> None:
    page, tools = QWidget(), PlotTools(0.9)
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(tools)
    page.resize(920, 100)
    page.show()

    def named() -> list[str]:
        return [label.text() for label in tools.legend.findChildren(Label) if label.isVisible()]

    assert named() == ["train", "smoothed", "validation", "checkpoint"]
    tools.show_kinds(Kinds(average=True, parent=True, origin="Goes on from step-40 of one."))
    assert named() == ["train", "smoothed", "validation", "average", "parent"]
    page.resize(1400, 100)
    qtbot.waitUntil(lambda: "checkpoint" in named())
