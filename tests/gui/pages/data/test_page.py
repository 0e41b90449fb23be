"""The data page as a whole: images, their way here, and trouble."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.checks.check import Report
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.images import ImageSet
from resnet_studio.data.sources.digits import digits as embedded
from resnet_studio.data.watch import Progress
from resnet_studio.gui.pages.data.overview.class_chart import ClassChart
from resnet_studio.gui.pages.data.page import DataPage
from resnet_studio.gui.pages.data.pictures.image_grid import ImageGrid
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.finding_line import FindingLine

Show = Callable[..., None]


@pytest.fixture
def page(qtbot: QtBot, session: Session, actions: dict[str, QAction]) -> DataPage:
    """The page, shown, without images."""
    made = DataPage(session, actions)
    qtbot.addWidget(made)
    made.resize(1216, 746)
    made.show()
    return made


def _shown(page: DataPage, name: str) -> bool:
    widget = page.findChild(QWidget, name)
    assert isinstance(widget, QWidget), name
    return widget.isVisible()


def _text(page: DataPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert isinstance(label, QLabel), name
    return label.text()


def _button(page: DataPage, name: str) -> QPushButton:
    button = page.findChild(QPushButton, name)
    assert isinstance(button, QPushButton), name
    return button


def _grid(page: DataPage) -> ImageGrid:
    grid = page.findChild(ImageGrid, "view.images")
    assert isinstance(grid, ImageGrid)
    return grid


def test_real_images_stand_with_their_labels(page: DataPage, show: Show, digits: ImageSet) -> None:
    assert _shown(page, "view.no_images")
    show(digits)
    assert _shown(page, "view.images")
    grid = _grid(page)
    assert grid.model().rowCount() == 1797
    assert grid.gallery is not None
    picture = grid.gallery[0]
    assert _text(page, "view.detail.label") == picture.label == grid.model().index(0, 0).data()
    expected = f"{picture.split} image {picture.number + 1:,} of {picture.of:,}, 8×8 px"
    assert _text(page, "view.detail.rest") == expected
    assert _text(page, "view.detail.sight").endswith(" of 1,797")


def test_the_line_below_follows_the_selected_image(page: DataPage, show: Show, digits: ImageSet, qtbot: QtBot) -> None:
    names = tuple(f"train/{place}.jpg" for place in range(len(digits.train)))
    show(replace(digits, train=replace(digits.train, names=names)))
    _button(page, "view.split.train").click()
    QTest.keyClick(_grid(page), Qt.Key.Key_Right)
    gallery = _grid(page).gallery
    assert gallery is not None
    picture = gallery[_grid(page).currentIndex().row()]
    assert picture.name
    assert _text(page, "view.detail.rest").endswith(f", {picture.name}")
    assert _text(page, "view.detail.label") == picture.label


def test_a_split_and_a_class_are_looked_at(page: DataPage, show: Show, digits: ImageSet) -> None:
    show(digits)
    _button(page, "view.split.test").click()
    _button(page, "view.classes.7").click()
    gallery = _grid(page).gallery
    assert gallery is not None
    assert len(gallery) == int((digits.test.labels == 7).sum())
    assert {gallery[row].split for row in range(len(gallery))} == {"test"}


def test_the_same_images_treated_otherwise_keep_the_place(page: DataPage, show: Show, digits: ImageSet) -> None:
    show(digits)
    grid = _grid(page)
    grid.setCurrentIndex(grid.model().index(900, 0))
    place = grid.verticalScrollBar().value()
    assert place > 0
    show(replace(digits, mean=(0.1,)))
    assert grid.verticalScrollBar().value() == place
    assert grid.currentIndex().row() == 900


def test_loading_is_told_and_can_be_cancelled(page: DataPage, session: Session) -> None:
    session.loading.active, session.loading.progress = True, None
    session.images_changed.emit()
    assert _shown(page, "view.loading")
    session.loading.progress = Progress("Decoding clothing", 3, 9)
    session.images_changed.emit()
    assert "3 of 9" in [label.text() for label in page.findChildren(QLabel)]
    _button(page, "view.loading.cancel").click()
    assert not session.loading.active
    assert _shown(page, "view.no_images")


def test_images_that_come_at_once_do_not_flicker(
    page: DataPage, session: Session, show: Show, digits: ImageSet
) -> None:
    show(digits)
    session.loading.active = True
    session.images_changed.emit()
    assert _shown(page, "view.images")
    session.loading.progress = Progress("Decoding clothing", 1, 9)
    session.images_changed.emit()
    assert _shown(page, "view.loading")


def test_trouble_is_said_with_its_mend(page: DataPage, session: Session, show: Show) -> None:
    session.change("data.source", "/nowhere")
    show(None, "There is no folder /nowhere; choose one.")
    assert _text(page, "view.trouble.sentence") == "There is no folder /nowhere; choose one."
    assert _button(page, "view.trouble.choose").text() == "Choose another folder"
    session.change("data.source", "digits")
    show(None, "The digits are damaged.")
    assert not _button(page, "view.trouble.choose").isVisible()


def test_a_network_that_does_not_fit_is_mended_here(
    page: DataPage, session: Session, show: Show, digits: ImageSet
) -> None:
    show(digits)
    assert not _shown(page, "view.data.finding")
    session.change_many({"network.num_classes": 7, "network.input_shape": (3, 32, 32)}, "another network")
    line = page.findChild(FindingLine, "view.data.finding")
    assert isinstance(line, FindingLine)
    assert line.isVisible()
    assert "10" in line.accessibleName()
    _button(page, "view.data.finding.mend").click()
    assert session.experiment.network.num_classes == 10
    assert session.experiment.network.input_shape == (1, 8, 8)
    assert not line.isVisible()


def test_photographs_of_a_folder_are_shown(page: DataPage, session: Session, show: Show, data_root: Path) -> None:
    from resnet_studio.data.load import load
    from resnet_studio.spec.data import DataSpec

    show(load(DataSpec(source=str(data_root / "clothing" / "test"), image_size=(32, 32))))
    grid = _grid(page)
    assert grid.model().rowCount() == 372
    assert grid.gallery is not None
    assert grid.gallery[0].name.endswith(".jpg")
    assert grid.gallery[0].pixels.shape == (32, 32, 3)


def test_findings_stand_beside_what_is_waited_for(page: DataPage, session: Session, show: Show, tell: Show) -> None:
    assert not _shown(page, "view.overview")
    found = DataFinding("error", "one_class", "There is one class only.", "stop")
    session.choose_source("/pets")
    tell(Report("/pets", "pets", ("cat",), {"train": (3,)}, {}, (found,), None))
    show(None, "There is one class only.")
    assert _shown(page, "view.trouble")
    assert _shown(page, "view.findings.one_class")
    session.loading.active, session.loading.progress = True, Progress("Decoding pets", 1, 9)
    session.images_changed.emit()
    assert _shown(page, "view.loading")
    assert _shown(page, "view.findings.one_class")


def test_what_is_found_is_looked_at(page: DataPage, show: Show, tell: Show, digits: ImageSet, qtbot: QtBot) -> None:
    show(digits)
    found = DataFinding("warning", "constant", "2 images show nothing.", "nothing", ("train[3]", "train[8]"))
    tell(Report("digits", "digits", digits.class_names, {"train": (3,) * 10}, {}, (found,), None))
    qtbot.waitUntil(lambda: _shown(page, "view.findings.constant"))
    _button(page, "view.findings.constant.show").click()
    gallery = _grid(page).gallery
    assert gallery is not None
    shown = {gallery[row].pixels.tobytes() for row in range(len(gallery))}
    # some of the source's images were held out: their places in the splits are others
    source = embedded().parts["train"].array
    assert source is not None
    assert shown == {source[3].tobytes(), source[8].tobytes()}
    chart = page.findChild(ClassChart)
    assert isinstance(chart, ClassChart)
    chart.clicked.emit(7)
    gallery = _grid(page).gallery
    assert gallery is not None
    assert gallery.view.label == 7


def test_nothing_of_another_source_stands_beside_what_is_waited_for(
    page: DataPage, session: Session, show: Show, tell: Show, digits: ImageSet
) -> None:
    show(digits)
    tell(Report("digits", "Digits", digits.class_names, {"train": (3,) * 10}, {}, (), None))
    session.choose_source("/pets")
    session.loading.active, session.loading.progress = True, Progress("Decoding pets", 1, 9)
    session.images_changed.emit()
    assert _shown(page, "view.loading")
    assert not _shown(page, "view.overview"), "that is of the digits"
    assert not _shown(page, "view.data.finding"), "and the network is not to match them"
    tell(Report("/pets", "pets", ("cat", "dog"), {"train": (3, 4)}, {}, (), None))
    assert _shown(page, "view.overview")
    chart = page.findChild(ClassChart)
    assert isinstance(chart, ClassChart)
    assert chart.about(0).startswith("cat"), "the classes are of the source that the findings are of"
    session.undo_stack.undo()
    tell(Report("digits", "Digits", digits.class_names, {"train": (3,) * 10}, {}, (), None))
    assert chart.about(0).startswith("0")


def test_tab_goes_through_the_page_as_it_is_read(page: DataPage, show: Show, tell: Show, digits: ImageSet) -> None:
    show(digits)
    found = DataFinding("warning", "truncated", "1 image is cut short and is skipped.", "skip", ("a.png",))
    tell(Report("digits", "Digits", digits.class_names, {"train": (3,) * 10}, {}, (found,), None))
    names, here = [], page.nextInFocusChain()
    while here is not None and here is not page:
        names.append(here.objectName())
        here = here.nextInFocusChain()
    wanted = ["view.way.trained", "view.classes.all", "view.classes.9", "view.order.mixed", "view.images"]
    wanted += ["view.overview.sort", "plot.classes", "view.findings.more", "view.findings.truncated.show"]
    wanted += ["view.overview.source.fold"]
    assert [name for name in names if name in wanted] == wanted
