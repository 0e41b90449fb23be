"""Classes as bars, and what is known of the source."""

from collections.abc import Callable
from dataclasses import replace

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.checks.check import Report
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.images import ImageSet, Skipped
from resnet_studio.gui.pages.data.overview.class_chart import AROUND, ROW, ClassChart
from resnet_studio.gui.pages.data.overview.facts import Facts
from resnet_studio.gui.pages.data.overview.overview import LEAST_CHART, Overview
from resnet_studio.gui.pages.data.overview.sizes_chart import SizesChart
from resnet_studio.gui.pages.data.pictures.gallery import class_counts
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.finding_line import FindingLine

Show = Callable[[ImageSet | None], None]
Tell = Callable[..., None]
PETS = Report("/pets", "pets", ("cat", "dog"), {"train": (30, 12)}, {(300, 400): 40, (400, 822): 2}, (), None)


@pytest.fixture
def chosen() -> list[int]:
    """The classes that were clicked on."""
    return []


@pytest.fixture
def column(qtbot: QtBot, session: Session, chosen: list[int]) -> Overview:
    """The column without images."""
    made = Overview(session, lambda _title, _files: None, chosen.append)
    qtbot.addWidget(made)
    made.resize(344, 660)
    made.show()
    return made


@pytest.fixture
def overview(column: Overview, show: Show, digits: ImageSet) -> Overview:
    """The column of the digits."""
    show(digits)
    return column


def _part(overview: Overview, name: str) -> QWidget:
    found = overview.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def _chart(overview: Overview) -> ClassChart:
    chart = overview.findChild(ClassChart)
    assert isinstance(chart, ClassChart)
    return chart


def _bars(chart: ClassChart) -> list[list[int]]:
    bars = [item for item in chart.getPlotItem().items if isinstance(item, pg.BarGraphItem)]
    return [bar.opts["width"].tolist() for bar in bars]


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


def test_many_classes_scroll(overview: Overview, show: Show, digits: ImageSet) -> None:
    chart = _chart(overview)
    show(replace(digits, class_names=tuple(f"{number}" for number in range(100))))
    assert chart.minimumHeight() == 100 * ROW + AROUND
    assert overview.width() == 344


def test_facts_are_told(overview: Overview) -> None:
    texts = _texts(overview)
    assert "1,797 in 10 classes" in texts
    assert "1×8×8, uint8, 0.1 MiB" in texts
    assert "CC BY 4.0" in texts
    assert "Optical recognition of handwritten digits" in texts


def test_what_is_unexpected_is_said_once(overview: Overview, show: Show, digits: ImageSet, qtbot: QtBot) -> None:
    def lines() -> list[FindingLine]:
        return [line for line in overview.findChildren(FindingLine) if not line.isHidden()]

    assert len(lines()) == len(digits.notes) == 2
    show(replace(digits, notes=(), skipped=(Skipped("a/1.png", "it is cut short"),)))
    qtbot.waitUntil(lambda: len(lines()) == 1)
    (line,) = lines()
    assert line.accessibleName() == "info: a/1.png can't be used: it is cut short."


def test_until_the_images_are_there_the_classes_are_those_of_the_check(
    column: Overview, tell: Tell, show: Show, digits: ImageSet
) -> None:
    assert not _part(column, "view.overview.classes").isVisible()
    tell(PETS)
    assert _bars(_chart(column)) == [[30, 12]]
    assert _chart(column).about(1) == "dog: train 12"
    assert not _part(column, "view.overview.source").isVisible()
    show(digits)
    assert len(_bars(_chart(column))) == 3
    tell(replace(PETS, counts={"train": (1, 1)}))
    assert len(_bars(_chart(column))) == 3, "the images count more than the check"


def test_classes_stand_in_their_order_or_by_their_number_of_images(
    column: Overview, tell: Tell, chosen: list[int]
) -> None:
    tell(replace(PETS, counts={"train": (12, 30)}))
    chart, button = _chart(column), column.findChild(QToolButton, "view.overview.sort")
    assert isinstance(button, QToolButton)
    button.click()
    assert _bars(chart) == [[30, 12]]
    assert [word for _, word in chart.getAxis("left")._tickLevels[0]] == ["dog", "cat"]
    row = chart.mapFromScene(chart.getViewBox().mapViewToScene(QPointF(5, 0)))
    assert chart.class_at(row) == 1
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert chosen == [1]
    assert chart.class_at(QPoint(5, 5000)) is None
    button.click()
    assert _bars(chart) == [[12, 30]]


def test_sizes_are_a_line_and_dots(column: Overview, tell: Tell, show: Show, digits: ImageSet) -> None:
    tell(PETS)
    texts = [label.text() for label in column.findChildren(QLabel)]
    assert "400×300 to 822×400, median 400×300" in texts
    chart = column.findChild(SizesChart)
    assert isinstance(chart, SizesChart)
    dots = [item for item in chart.getPlotItem().items if isinstance(item, pg.ScatterPlotItem)]
    assert [len(each.data) for each in dots] == [2]
    place = chart.getViewBox().mapViewToScene(QPointF(822, 400))
    assert chart.near(place) == "822×400 px: 2 images"
    assert chart.near(place + QPointF(-40, 40)) == ""
    show(digits)
    dots = [item for item in chart.getPlotItem().items if isinstance(item, pg.ScatterPlotItem)]
    assert [len(each.data) for each in dots] == [2, 1], "the size wanted is marked"
    tell(replace(PETS, sizes={(8, 8): 1797}))
    assert not chart.isVisible()
    assert not _part(column, "view.overview.sizes.fold").isVisible()


def test_a_loading_that_tells_its_progress_draws_no_sizes_again(column: Overview, session: Session, tell: Tell) -> None:
    tell(PETS)
    chart = column.findChild(SizesChart)
    assert chart is not None
    before = list(chart.getPlotItem().items)
    assert before
    session.images_changed.emit()
    assert all(one is other for one, other in zip(before, chart.getPlotItem().items, strict=True))


def test_findings_take_of_the_classes_what_they_need(column: Overview, tell: Tell, qtbot: QtBot) -> None:
    names = tuple(f"class {number}" for number in range(12))
    crowd = replace(PETS, class_names=names, counts={"train": (9,) * 12})
    classes, findings = _part(column, "view.overview.classes.scroll"), _part(column, "view.findings.scroll")
    tell(crowd)
    qtbot.waitUntil(lambda: classes.height() >= 0.6 * (classes.height() + findings.height()))
    kinds = ("truncated", "damaged", "not_image", "bomb", "animated", "cmyk", "deep", "rotated", "leakage")
    many = tuple(DataFinding("warning", kind, f"Something is {kind}.", "nothing", ("a.png",)) for kind in kinds)
    tell(replace(crowd, findings=many))
    qtbot.waitUntil(lambda: findings.height() > classes.height() >= LEAST_CHART)


def test_what_has_room_is_open_and_the_user_has_the_last_word(overview: Overview, tell: Tell) -> None:
    tell(PETS)
    facts, chart = _part(overview, "view.facts"), _part(overview, "plot.sizes")
    assert not chart.isVisible()
    overview.resize(344, 1200)
    assert facts.isVisible()
    assert chart.isVisible()
    fold = overview.findChild(QToolButton, "view.overview.source.fold")
    assert isinstance(fold, QToolButton)
    fold.click()
    overview.resize(344, 1201)
    assert not facts.isVisible()
    fold.click()
    overview.resize(344, 420)
    assert facts.isVisible()
    assert not chart.isVisible()
    assert overview.minimumSizeHint().height() < 420, "it scrolls"


def test_the_citation_is_copied(overview: Overview, digits: ImageSet) -> None:
    button = overview.findChild(QToolButton, "view.facts.copy")
    assert isinstance(button, QToolButton)
    button.click()
    assert QGuiApplication.clipboard().text() == digits.citation


def test_files_and_what_is_skipped_are_counted(overview: Overview, show: Show, tell: Tell, digits: ImageSet) -> None:
    files = next(label for label in overview.findChildren(QLabel) if label.text() == "files")
    row = files.parentWidget()
    assert row is not None
    assert row.isHidden(), "nobody knows yet"
    show(replace(digits, skipped=(Skipped("a", "it is cut short"), Skipped("b", "it is cut short"))))
    tell(replace(PETS, nbytes=74_500_000))
    assert not row.isHidden()
    assert "74.5 MB" in _texts(overview)
    assert "1,797 in 10 classes, 2 skipped" in _texts(overview)


def test_of_many_classes_those_in_sight_are_drawn(column: Overview, tell: Tell) -> None:
    names = tuple(f"class {number}" for number in range(1000))
    tell(replace(PETS, class_names=names, counts={"train": tuple(range(1000))}))
    chart, scroll = _chart(column), column.findChild(QScrollArea, "view.overview.classes.scroll")
    assert isinstance(scroll, QScrollArea)
    (bars,) = _bars(chart)
    assert bars[:20] == list(range(20))
    assert len(bars) < 200
    scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
    (bars,) = _bars(chart)
    assert bars[-1] == 999
    assert len(bars) < 200
    assert [word for _, word in chart.getAxis("left")._tickLevels[0]][-1] == "class 999"
    assert chart.getAxis("top").isVisible(), "the axis is where the eye begins"
    assert not chart.getAxis("bottom").isVisible()


def test_there_is_no_hole_below_the_bars(column: Overview, tell: Tell, qtbot: QtBot) -> None:
    column.resize(344, 900)
    tell(replace(PETS, class_names=tuple("abcdef"), counts={"train": (9,) * 6}))
    scroll, chart = _part(column, "view.overview.classes.scroll"), _chart(column)
    qtbot.waitUntil(lambda: scroll.height() == chart.height() == chart.maximumHeight())
    # the column may be out of sight when others come
    column.hide()
    tell(replace(PETS, class_names=tuple("abc"), counts={"train": (9,) * 3}))
    column.show()
    qtbot.waitUntil(lambda: scroll.height() == chart.height() == chart.maximumHeight())
