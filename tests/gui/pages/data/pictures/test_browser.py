"""Looking through images: keys, clicks, searches, and what stands beside the grid."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.pages.data.pictures.browser import Browser
from resnet_studio.gui.pages.data.pictures.image_grid import ImageGrid
from resnet_studio.gui.pages.data.pictures.image_pane import ImagePane
from resnet_studio.gui.pages.data.pictures.trained import Trained
from resnet_studio.gui.session import Session
from resnet_studio.spec.data import AugmentSpec, DataSpec

Show = Callable[..., None]
Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def augmented() -> ImageSet:
    """The digits, erased in training."""
    return load(DataSpec(augment=AugmentSpec(random_erasing=1.0, pad_crop=0)))


@pytest.fixture
def browser(qtbot: QtBot, session: Session, show: Show, augmented: ImageSet) -> Browser:
    """The digits beside a column of the page."""
    aside = QFrame()
    aside.setFixedWidth(344)
    made = Browser(session, aside, QFrame())
    qtbot.addWidget(made)
    made.resize(912, 700)
    made.show()
    qtbot.waitExposed(made)
    show(augmented)
    made.show_images(augmented)
    return made


def _grid(browser: Browser) -> ImageGrid:
    grid = browser.findChild(ImageGrid, "view.images")
    assert isinstance(grid, ImageGrid)
    return grid


def _pane(browser: Browser) -> ImagePane:
    pane = browser.findChild(ImagePane, "view.image")
    assert isinstance(pane, ImagePane)
    return pane


def _button(browser: Browser, name: str) -> QPushButton:
    button = browser.findChild(QPushButton, name)
    assert isinstance(button, QPushButton), name
    return button


def _text(browser: Browser, name: str) -> str:
    label = browser.findChild(QLabel, name)
    assert isinstance(label, QLabel), name
    return label.text()


def _click(browser: Browser, row: int) -> None:
    grid = _grid(browser)
    QTest.mouseClick(
        grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.visualRect(grid.model().index(row, 0)).center()
    )


def _shown(browser: Browser, row: int) -> list[int]:
    """Return the 64 greys of the image in a row as they stand on the screen."""
    grid = _grid(browser)
    image, corner = grid.viewport().grab().toImage(), grid.visualRect(grid.model().index(row, 0)).topLeft()
    side = grid.tiling.image[0] // 8
    spots = [(corner.x() + 2 + side * x + side // 2, corner.y() + 2 + side * y + side // 2) for y in range(8)
             for x in range(8)]  # fmt: skip
    return [image.pixelColor(x, y).red() for x, y in spots]


def test_one_click_opens_an_image_and_escape_closes_it(browser: Browser) -> None:
    assert not browser.is_open
    width = _grid(browser).width()
    _click(browser, 3)
    assert browser.is_open
    assert _pane(browser).isVisible()
    assert _grid(browser).width() == width
    picture = _grid(browser).gallery[3] if _grid(browser).gallery else None
    assert picture is not None
    assert _text(browser, "view.image.place") == f"{picture.split} {picture.number + 1:,} of {picture.of:,}"
    QTest.keyClick(_grid(browser), Key.Key_Escape)
    assert not browser.is_open
    assert _grid(browser).currentIndex().row() == 3


def test_arrows_go_from_image_to_image_wherever_the_keyboard_is(browser: Browser) -> None:
    _click(browser, 3)
    before = _text(browser, "view.image.place")
    QTest.keyClick(_grid(browser), Key.Key_Right)
    assert _grid(browser).currentIndex().row() == 4
    assert _text(browser, "view.image.place") != before
    zoom = browser.findChild(QWidget, "view.zoom")
    assert isinstance(zoom, QWidget)
    zoom.setFocus()
    QTest.keyClick(zoom, Key.Key_Left)
    assert _text(browser, "view.image.place") == before
    QTest.keyClick(zoom, Key.Key_Escape)
    assert not browser.is_open
    assert _grid(browser).hasFocus()


def test_the_first_image_has_none_before_it(browser: Browser) -> None:
    _click(browser, 0)
    _pane(browser).stepped.emit(-1)
    assert _grid(browser).currentIndex().row() == 0


def test_as_trained_shows_what_training_draws(qtbot: QtBot, browser: Browser, augmented: ImageSet) -> None:
    _button(browser, "view.split.train").click()
    grid = _grid(browser)
    assert grid.gallery is not None
    stored = grid.gallery[0].pixels.ravel().tolist()
    assert _shown(browser, 0) == stored
    _button(browser, "view.way.trained").click()
    faded = _shown(browser, 0)
    assert faded != stored
    qtbot.waitUntil(lambda: _shown(browser, 0) not in (stored, faded), timeout=20_000)
    first = _shown(browser, 0)
    shuffle = browser.findChild(QWidget, "view.shuffle")
    assert isinstance(shuffle, QWidget)
    QTest.mouseClick(shuffle, Qt.MouseButton.LeftButton)
    assert _shown(browser, 0) == faded
    qtbot.waitUntil(lambda: _shown(browser, 0) not in (first, faded), timeout=20_000)
    _button(browser, "view.way.stored").click()
    assert _shown(browser, 0) == stored


class _Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_what_is_drawn_comes_into_sight_by_itself(qtbot: QtBot, browser: Browser) -> None:
    paints = _Paints()
    _button(browser, "view.split.train").click()
    _grid(browser).viewport().installEventFilter(paints)
    trained = browser.findChild(Trained)
    assert isinstance(trained, Trained)
    with qtbot.waitSignal(trained.came, timeout=20_000):
        _button(browser, "view.way.trained").click()
    at_once = paints.count
    qtbot.waitUntil(lambda: paints.count > at_once)


def test_a_strength_that_changes_shows_at_once(
    qtbot: QtBot, session: Session, show: Show, browser: Browser, augmented: ImageSet
) -> None:
    _button(browser, "view.split.train").click()
    _button(browser, "view.way.trained").click()
    before = _shown(browser, 0)
    qtbot.waitUntil(lambda: _shown(browser, 0) != before, timeout=20_000)
    erased = _shown(browser, 0)
    images = load(DataSpec(augment=AugmentSpec(random_erasing=0.0, pad_crop=0, rotation=180.0)))
    show(images)
    browser.show_images(images)
    assert _shown(browser, 0) == before
    qtbot.waitUntil(lambda: _shown(browser, 0) not in (before, erased), timeout=20_000)


def test_evaluation_is_shown_as_it_is_and_words_say_so(browser: Browser, augmented: ImageSet) -> None:
    _button(browser, "view.way.trained").click()
    _button(browser, "view.split.test").click()
    grid = _grid(browser)
    assert grid.gallery is not None
    assert _shown(browser, 0) == grid.gallery[0].pixels.ravel().tolist()
    assert _text(browser, "view.detail.rest").startswith("as evaluation sees it, not augmented; ")
    assert _text(browser, "view.epoch") == "as evaluated"


def test_an_empty_search_says_so_and_is_taken_back(browser: Browser, qtbot: QtBot) -> None:
    _click(browser, 3)
    _button(browser, "view.split.test").click()
    browser.bar.search.setText("unicorn")
    nothing = browser.findChild(QWidget, "view.nothing")
    assert isinstance(nothing, QWidget)
    qtbot.waitUntil(nothing.isVisible)
    sentence = "No test image has “unicorn” in the name of its file or class."
    assert sentence in [label.text() for label in nothing.findChildren(QLabel)]
    assert not browser.is_open
    assert _text(browser, "view.detail.label") == ""
    _button(browser, "view.nothing.button").click()
    assert not nothing.isVisible()
    assert _grid(browser).model().rowCount() == 1797


def test_control_f_searches_and_escape_leaves(browser: Browser) -> None:
    _grid(browser).setFocus()
    QTest.keyClick(_grid(browser), Key.Key_F, Control)
    assert browser.bar.search.hasFocus()
    QTest.keyClicks(browser.bar.search, "7")
    QTest.keyClick(browser.bar.search, Key.Key_Escape)
    assert browser.bar.search.text() == ""
    QTest.keyClick(browser.bar.search, Key.Key_Escape)
    assert _grid(browser).hasFocus()


def test_a_search_by_class_ends_in_the_images(browser: Browser) -> None:
    browser.bar.start_search()
    QTest.keyClicks(browser.bar.search, "7")
    QTest.keyClick(browser.bar.search, Key.Key_Return)
    assert _grid(browser).hasFocus()


def test_control_and_keys_zoom(browser: Browser) -> None:
    grid = _grid(browser)
    usual = grid.tiling.image
    QTest.keyClick(grid, Key.Key_Plus, Control)
    assert grid.tiling.image > usual
    QTest.keyClick(grid, Key.Key_Minus, Control)
    QTest.keyClick(grid, Key.Key_Minus, Control)
    assert grid.tiling.image < usual
    QTest.keyClick(grid, Key.Key_0, Control)
    assert grid.tiling.image == usual


def test_nothing_stands_open_while_there_are_no_images(browser: Browser) -> None:
    _click(browser, 3)
    browser.show_waiting(column=True)
    assert not browser.is_open
    assert not browser.bar.isVisible()


def test_an_edit_in_the_window_is_seen_in_the_images(qtbot: QtBot, window: MainWindow) -> None:
    show_page = window.findChild(QAction, "action.page.data")
    assert isinstance(show_page, QAction)
    show_page.trigger()
    page = window.findChild(Browser)
    assert isinstance(page, Browser)
    window.session.change("data.augment.pad_crop", 0)
    _button(page, "view.split.train").click()
    _button(page, "view.way.trained").click()
    grid = _grid(page)
    assert grid.gallery is not None
    stored = grid.gallery[0].pixels.ravel().tolist()
    qtbot.waitUntil(lambda: not window.session.loading.active and _shown(page, 0) == stored, timeout=30_000)
    window.session.change("data.augment.rotation", 170.0)
    qtbot.waitUntil(lambda: len(set(_shown(page, 0)) - set(stored)) > 8, timeout=30_000)
    window.session.undo_stack.undo()
    qtbot.waitUntil(lambda: _shown(page, 0) == stored, timeout=30_000)
    window.session.undo_stack.setClean()
