"""Classes as bars, and what is known of the source."""

from dataclasses import replace

import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet, Skipped
from resnet_studio.gui.pages.data.class_chart import AROUND, LEAST_ROW, ClassChart
from resnet_studio.gui.pages.data.facts import Facts
from resnet_studio.gui.pages.data.gallery import class_counts
from resnet_studio.gui.pages.data.overview import Overview
from resnet_studio.gui.widgets.finding_line import FindingLine


@pytest.fixture
def overview(qtbot: QtBot, digits: ImageSet) -> Overview:
    """The column of the digits."""
    made = Overview()
    qtbot.addWidget(made)
    made.resize(344, 660)
    made.show_images(digits)
    made.show()
    return made


def _texts(widget: Overview | Facts) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def test_each_split_has_a_bar_for_each_class(overview: Overview, digits: ImageSet) -> None:
    chart = overview.findChild(ClassChart)
    assert isinstance(chart, ClassChart)
    bars = [item for item in chart.getPlotItem().items if isinstance(item, pg.BarGraphItem)]
    shown = [bar.opts["width"].tolist() for bar in bars]
    assert shown == [values.tolist() for values in class_counts(digits).values()]
    assert {bar.opts["brush"].name() for bar in bars} == {"#0072b2", "#d15a00", "#008f68"}


def test_axes_are_labelled_and_classes_named(overview: Overview, digits: ImageSet) -> None:
    chart = overview.findChild(ClassChart)
    assert isinstance(chart, ClassChart)
    assert chart.getAxis("bottom").labelText == "images"
    assert chart.getAxis("left").labelText == "class"
    assert [word for _, word in chart.getAxis("left")._tickLevels[0]] == list("0123456789")
    train, validation, test = (values[3] for values in class_counts(digits).values())
    assert chart.about(3) == f"3: train {train}, validation {validation}, test {test}"


def test_many_classes_scroll(overview: Overview, digits: ImageSet) -> None:
    chart = overview.findChild(ClassChart)
    assert isinstance(chart, ClassChart)
    overview.show_images(replace(digits, class_names=tuple(f"{number}" for number in range(100))))
    assert chart.minimumHeight() == 100 * LEAST_ROW + AROUND
    assert overview.width() == 344


def test_facts_are_told(overview: Overview) -> None:
    texts = _texts(overview)
    assert "1,797 in 10 classes" in texts
    assert "1×8×8, uint8, 0.1 MiB" in texts
    assert "CC BY 4.0" in texts
    assert "Optical recognition of handwritten digits" in texts


def test_what_is_unexpected_is_said_once(overview: Overview, digits: ImageSet, qtbot: QtBot) -> None:
    def lines() -> list[FindingLine]:
        return [line for line in overview.findChildren(FindingLine) if not line.isHidden()]

    assert len(lines()) == len(digits.notes) == 2
    overview.show_images(replace(digits, notes=(), skipped=(Skipped("a/1.png", "it is cut short"),)))
    qtbot.waitUntil(lambda: len(lines()) == 1)
    (line,) = lines()
    assert line.accessibleName() == "info: a/1.png can't be used: it is cut short."
