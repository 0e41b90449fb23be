"""Pixmaps of the images."""

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import Images
from resnet_studio.gui.pages.data.pictures.thumbnails import MOST_PIXELS, Thumbnails, pixmap


def _made(kept: Thumbnails, name: int, pixels: Images | None, size: QSize) -> QPixmap:
    made = kept.get(name, pixels, size, 1.0)
    assert made is not None
    return made


def test_tiny_images_keep_their_pixels(qtbot: QtBot) -> None:
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8, 1) * 3
    image = pixmap(pixels, QSize(80, 80)).toImage()
    assert (image.width(), image.height()) == (80, 80)
    for y, x in ((0, 0), (3, 5), (7, 7)):
        shown = {image.pixelColor(10 * x + inner, 10 * y + inner).red() for inner in (0, 5, 9)}
        assert shown == {int(pixels[y, x, 0])}


def test_photographs_are_averaged(qtbot: QtBot) -> None:
    checks = np.indices((96, 96)).sum(0) % 2 * np.uint8(255)
    shown = pixmap(checks.astype(np.uint8)[..., None], QSize(48, 48)).toImage()
    assert abs(shown.pixelColor(20, 20).red() - 127) <= 2


def test_red_is_red_and_rows_may_be_of_any_length(qtbot: QtBot) -> None:
    pixels = np.zeros((5, 7, 3), np.uint8)
    pixels[..., 0] = 200
    pixels[4, 6] = (0, 0, 90)
    image = pixmap(pixels, QSize(7, 5)).toImage()
    assert image.pixelColor(3, 2).name() == "#c80000"
    assert image.pixelColor(6, 4).name() == "#00005a"


def test_a_view_of_a_larger_array_is_read_right(qtbot: QtBot) -> None:
    pixels = np.arange(16 * 16, dtype=np.uint8).reshape(16, 16, 1)[::2, ::2]
    assert pixmap(pixels, QSize(8, 8)).toImage().pixelColor(1, 1).red() == int(pixels[1, 1, 0])


def test_a_screen_with_finer_pixels_gets_them(qtbot: QtBot) -> None:
    made = pixmap(np.zeros((8, 8, 1), np.uint8), QSize(80, 80), 2.0)
    assert (made.width(), made.devicePixelRatio()) == (160, 2.0)


def test_pixmaps_are_kept_until_there_are_too_many(qtbot: QtBot) -> None:
    kept = Thumbnails()
    pixels, size = np.zeros((64, 64, 3), np.uint8), QSize(500, 500)
    first = _made(kept, 0, pixels, size)
    assert _made(kept, 0, pixels, size).cacheKey() == first.cacheKey()
    assert _made(kept, 0, None, size).cacheKey() == first.cacheKey()
    for number in range(1, MOST_PIXELS // 250_000 + 1):
        _made(kept, number, pixels, size)
    assert kept.get(0, None, size, 1.0) is None
    assert _made(kept, 0, pixels, size).cacheKey() != first.cacheKey()


def test_forgotten_pixmaps_are_made_anew(qtbot: QtBot) -> None:
    kept = Thumbnails()
    _made(kept, 0, np.zeros((8, 8, 1), np.uint8), QSize(8, 8))
    kept.clear()
    made = _made(kept, 0, np.full((8, 8, 1), 255, np.uint8), QSize(8, 8))
    assert made.toImage().pixelColor(0, 0).red() == 255
