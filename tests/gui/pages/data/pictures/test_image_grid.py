"""The grid: where images are, what keys do, and that only what is seen is touched."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet, Split
from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.pictures.gallery import Gallery, Picture, View
from resnet_studio.gui.pages.data.pictures.image_grid import ImageGrid

Key = Qt.Key
LARGE: dict[str, tuple[int, int]] = {"image_size": (96, 96)}


class _Watched(Gallery):
    """Counts the images that are asked for."""

    asked = 0

    def __getitem__(self, row: int) -> Picture:
        self.asked += 1
        return super().__getitem__(row)


@pytest.fixture
def many(digits: ImageSet, large: Split) -> ImageSet:
    """60,000 images of 28×28."""
    return replace(digits, train=large)


@pytest.fixture
def grid(qtbot: QtBot, digits: ImageSet) -> ImageGrid:
    """A grid of the digits, shown."""
    made = ImageGrid()
    qtbot.addWidget(made)
    made.resize(568, 644)
    made.show()
    qtbot.waitExposed(made)
    made.show_gallery(Gallery(digits, View()))
    return made


def _columns(grid: ImageGrid) -> int:
    return grid.tiling.columns


def test_every_image_is_where_it_is_said_to_be(grid: ImageGrid) -> None:
    model = grid.model()
    for row in (0, 1, _columns(grid), 40):
        rect = grid.visualRect(model.index(row, 0))
        assert grid.indexAt(rect.center()).row() == row
    assert not grid.indexAt(QPoint(grid.viewport().width() - 1, 20)).isValid()


def test_keys_move_through_all_of_them(grid: ImageGrid, qtbot: QtBot) -> None:
    columns, total = _columns(grid), grid.model().rowCount()
    for key, row in (
        (Key.Key_Right, 1),
        (Key.Key_Down, 1 + columns),
        (Key.Key_Left, columns),
        (Key.Key_Up, 0),
        (Key.Key_Up, 0),
        (Key.Key_End, total - 1),
        (Key.Key_Down, total - 1),
        (Key.Key_Home, 0),
    ):
        QTest.keyClick(grid, key)
        assert grid.currentIndex().row() == row
    QTest.keyClick(grid, Key.Key_PageDown)
    assert grid.currentIndex().row() > columns
    assert grid.currentIndex().row() % columns == 0


def test_the_current_image_is_brought_into_sight(grid: ImageGrid, qtbot: QtBot) -> None:
    QTest.keyClick(grid, Key.Key_End)
    rect = grid.visualRect(grid.currentIndex())
    assert grid.viewport().rect().contains(rect)
    QTest.keyClick(grid, Key.Key_Home)
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
    assert grid.verticalScrollBar().value() == 0


def test_a_click_points_at_an_image(grid: ImageGrid, qtbot: QtBot) -> None:
    place = grid.visualRect(grid.model().index(3, 0)).center()
    with qtbot.waitSignal(grid.pointed):
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert grid.currentIndex().row() == 3


def test_what_is_painted_is_the_image_of_that_row(grid: ImageGrid) -> None:
    picture = grid.gallery[2] if grid.gallery else None
    assert picture is not None
    corner = grid.visualRect(grid.model().index(2, 0)).topLeft()
    shown, scale = grid.viewport().grab().toImage(), grid.tiling.image[0] // 8
    for y, x in ((1, 3), (4, 4), (6, 2)):
        point = corner + QPoint(2 + x * scale + scale // 2, 2 + y * scale + scale // 2)
        assert shown.pixelColor(point).red() == int(picture.pixels[y, x, 0])


def test_only_images_in_sight_are_touched(grid: ImageGrid, many: ImageSet, qtbot: QtBot) -> None:
    gallery = _Watched(many, View())
    grid.show_gallery(gallery)
    grid.grab()
    in_sight = (grid.viewport().height() // grid.tiling.cell[1] + 2) * _columns(grid)
    assert 0 < gallery.asked <= 2 * in_sight
    gallery.asked = 0
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    grid.grab()
    assert 0 < gallery.asked <= 2 * in_sight
    assert grid.in_sight().stop == len(gallery)


def test_the_rows_in_sight_are_told(grid: ImageGrid, qtbot: QtBot) -> None:
    columns = _columns(grid)
    sight = grid.in_sight()
    assert sight.start == 0
    assert sight.stop % columns == 0
    with qtbot.waitSignal(grid.seen):
        grid.verticalScrollBar().setValue(2 * grid.tiling.cell[1])
    assert grid.in_sight() == range(2 * columns, sight.stop + 2 * columns)


def test_larger_images_keep_the_first_one_in_sight(grid: ImageGrid) -> None:
    grid.verticalScrollBar().setValue(20 * grid.tiling.cell[1])
    first = grid.in_sight().start
    before = grid.tiling.image
    grid.show_size(150)
    assert grid.tiling.image > before
    assert first in grid.in_sight()


def test_another_width_changes_the_columns(grid: ImageGrid) -> None:
    before = _columns(grid)
    grid.resize(1100, 644)
    assert _columns(grid) > before
    assert grid.horizontalScrollBar().maximum() == 0


def test_the_selected_image_stays_where_it_is_shown_again(grid: ImageGrid, digits: ImageSet) -> None:
    grid.setCurrentIndex(grid.model().index(57, 0))
    gallery = grid.gallery
    assert gallery is not None
    picture = gallery[57]
    grid.show_gallery(Gallery(replace(digits, mean=(0.5,)), View(mixed=False)))
    assert grid.gallery is not None
    shown = grid.gallery[grid.currentIndex().row()]
    assert (shown.split, shown.number) == (picture.split, picture.number)


def test_other_images_begin_at_the_top(grid: ImageGrid, many: ImageSet) -> None:
    grid.verticalScrollBar().setValue(500)
    grid.show_gallery(Gallery(replace(many, fingerprint="other"), View()))
    assert grid.verticalScrollBar().value() == 0
    assert grid.currentIndex().row() == 0


def test_an_empty_gallery_has_nothing_to_point_at(grid: ImageGrid, digits: ImageSet) -> None:
    grid.show_gallery(Gallery(digits, View(text="no file is called so")))
    assert not grid.currentIndex().isValid()
    assert not grid.in_sight()
    grid.grab()


def test_the_frame_of_the_selected_image_follows_the_theme(grid: ImageGrid) -> None:
    corner = grid.visualRect(grid.currentIndex()).topLeft()
    assert grid.viewport().grab().toImage().pixelColor(corner + QPoint(0, 30)) == theme.colour("accent")


@pytest.mark.parametrize("steps", [1, -1, 2])
def test_the_wheel_with_control_wants_another_size_that_can_be_seen(
    grid: ImageGrid, many: ImageSet, qtbot: QtBot, steps: int
) -> None:
    for name, sizes in (("tiny", dict[str, tuple[int, int]]()), ("photographs", LARGE)):
        images = replace(many, fingerprint=name, spec=many.spec.model_copy(update=sizes))
        grid.show_gallery(Gallery(images, View()))
        before = grid.tiling.image[0]
        place, down = QPointF(100, 100), QPoint(0, 120 * steps)
        buttons, modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier
        phase = Qt.ScrollPhase.NoScrollPhase
        with qtbot.waitSignal(grid.sized) as told:
            event = QWheelEvent(place, place, QPoint(), down, buttons, modifiers, phase, False)  # noqa: FBT003 - Qt's
            grid.wheelEvent(event)
        assert grid.tiling.image[0] == before
        grid.show_size(*told.args)
        assert (grid.tiling.image[0] - before) * steps > 0
        assert grid.verticalScrollBar().value() == 0
        grid.zoom(0)


def test_the_wheel_alone_scrolls(grid: ImageGrid) -> None:
    place, buttons, phase = QPointF(100, 100), Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    grid.wheelEvent(
        QWheelEvent(place, place, QPoint(), QPoint(0, -240), buttons, Qt.KeyboardModifier.NoModifier, phase, False)  # noqa: FBT003 - Qt's
    )
    assert grid.verticalScrollBar().value() > 0


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter])
def test_keys_open_the_current_image(grid: ImageGrid, qtbot: QtBot, key: Qt.Key) -> None:
    with qtbot.waitSignal(grid.opened):
        QTest.keyClick(grid, key)


def test_what_is_near_is_wanted_after_what_is_in_sight(grid: ImageGrid) -> None:
    grid.verticalScrollBar().setValue(10 * grid.tiling.cell[1])
    rows, sight = grid.around(), grid.in_sight()
    assert set(sight) <= set(rows[: len(sight) + 2 * _columns(grid)])
    assert min(rows) < sight.start - _columns(grid)
    assert max(rows) > sight.stop + _columns(grid)


def test_a_screen_reader_is_told_what_an_image_is(grid: ImageGrid) -> None:
    said = grid.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "8×8 px" in said
    assert " of 1,294" in said or " of 359" in said or " of 144" in said


def test_the_first_image_is_not_followed_into_another_view(grid: ImageGrid, digits: ImageSet) -> None:
    assert grid.currentIndex().row() == 0
    grid.show_gallery(Gallery(digits, View("train")))
    assert grid.currentIndex().row() == grid.verticalScrollBar().value() == 0
