"""One image, large."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.data.pictures.zoom_view import LARGEST, STEP, ZoomView

Key = Qt.Key


@pytest.fixture
def view(qtbot: QtBot) -> ZoomView:
    """A view of 8×8 pixels, each of another grey."""
    made = ZoomView()
    qtbot.addWidget(made)
    made.resize(216, 176)
    made.show()
    made.show_pixels(np.arange(64, dtype=np.uint8).reshape(8, 8, 1) * 4, name="3, as stored")
    return made


def _wheel(view: ZoomView, at: QPointF, notches: int) -> None:
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    turned = QPoint(0, 120 * notches)
    view.wheelEvent(
        QWheelEvent(at, at, QPoint(), turned, none, Qt.KeyboardModifier.NoModifier, phase, False)  # noqa: FBT003 - Qt's
    )


def _grey(view: ZoomView, x: int, y: int) -> int:
    return view.grab().toImage().pixelColor(x, y).red()


def test_all_of_it_stands_in_the_middle_in_whole_pixels(view: ZoomView) -> None:
    assert view.scale == 20
    left, top = (216 - 160) // 2, (176 - 160) // 2
    assert [_grey(view, left + 20 * x + 10, top + 20 * y + 10) for x, y in ((0, 0), (3, 5), (7, 7))] == [0, 172, 252]
    assert _grey(view, left + 1, top + 1) == _grey(view, left + 18, top + 18) == 0


def test_the_wheel_zooms_about_the_pointer_to_squares(view: ZoomView) -> None:
    at = QPointF(28 + 20 * 3 + 10, 8 + 20 * 5 + 10)
    under = _grey(view, int(at.x()), int(at.y()))
    _wheel(view, at, 3)
    assert view.scale == pytest.approx(20 * STEP**3)
    assert _grey(view, int(at.x()), int(at.y())) == under
    for _ in range(20):
        _wheel(view, at, 1)
    assert view.scale == LARGEST
    assert _grey(view, int(at.x()), int(at.y())) == under


def test_keys_zoom_and_fit_in_again(view: ZoomView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.zoomed):
        QTest.keyClick(view, Key.Key_Plus)
    assert view.scale == 20 * STEP
    QTest.keyClick(view, Key.Key_Minus)
    assert view.scale == pytest.approx(20)
    for _ in range(30):
        QTest.keyClick(view, Key.Key_Minus)
    assert view.scale == 1
    QTest.keyClick(view, Key.Key_0)
    assert view.scale == 20


def test_a_drag_moves_and_stays_within_the_image(view: ZoomView) -> None:
    for _ in range(30):
        view.zoom(STEP)
    middle = _grey(view, 108, 88)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(100 + 64, 100))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(164, 100))
    assert _grey(view, 108, 88) == middle - 4
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(0, 0))
    QTest.mouseMove(view, QPoint(5000, 5000))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(5000, 5000))
    assert _grey(view, 10, 10) == 0


def test_another_image_of_the_same_size_keeps_the_place(view: ZoomView) -> None:
    view.zoom(2)
    view.show_pixels(np.zeros((8, 8, 1), np.uint8), name="4")
    assert view.scale == 40
    assert view.accessibleName() == "4"
    view.show_pixels(np.zeros((16, 16, 3), np.uint8), name="5")
    assert view.scale == 10


def test_photographs_that_hardly_grow_are_smoothed(qtbot: QtBot) -> None:
    view = ZoomView()
    qtbot.addWidget(view)
    view.resize(166, 166)
    view.show_pixels((np.indices((100, 100)).sum(0) % 2 * 255).astype(np.uint8)[..., None], name="checks")
    assert view.scale == 1.5
    greys = {_grey(view, 60 + x, 80) for x in range(12)}
    assert greys - {0, 255}


def test_nothing_to_show_yet(qtbot: QtBot) -> None:
    view = ZoomView()
    qtbot.addWidget(view)
    view.zoom(2)
    view.fit()
    view.grab()
    assert view.scale == 1
