"""Small pictures of the files of findings, decoded behind the window's back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet
from resnet_studio.data.sources.digits import digits as embedded
from resnet_studio.gui.pages.data.overview.finding_thumbs import HIGH, LEAST_WIDE, MOST_WIDE, Thumbs, decoded, wide
from resnet_studio.gui.pages.data.overview.thumb_strip import BETWEEN, MOST, WITHIN, ThumbStrip, first_groups
from resnet_studio.gui.session import Session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A red picture twice as wide as high, a thin one, and a text."""
    Image.new("RGB", (100, 50), (200, 0, 0)).save(tmp_path / "red.png")
    Image.new("RGB", (10, 400), (0, 0, 200)).save(tmp_path / "thin.png")
    (tmp_path / "text.jpg").write_text("no image")
    return tmp_path


def test_the_shape_stays_within_bounds() -> None:
    assert (wide(100, 100), wide(10, 1000), wide(1000, 10)) == (HIGH, MOST_WIDE, LEAST_WIDE)


def test_files_are_decoded_small_and_what_is_none_says_why(folder: Path) -> None:
    found = dict(decoded(folder, ["red.png", "text.jpg", "gone.png"], None))
    red = found["red.png"]
    assert red.pixels is not None
    assert red.pixels.shape == (2 * HIGH, 4 * HIGH, 3)
    assert red.pixels[5, 5].tolist() == [200, 0, 0]
    assert red.size.toTuple() == (2 * HIGH, HIGH)
    assert found["text.jpg"].pixels is None
    assert "no image" in found["text.jpg"].reason
    assert "can't be read" in found["gone.png"].reason


def test_images_that_are_no_files_are_those_that_are_loaded(digits: ImageSet) -> None:
    found = dict(decoded(Path("digits"), ["train[3]", "nothing[1]"], digits))
    assert list(found) == ["train[3]"]
    pixels = found["train[3]"].pixels
    assert pixels is not None
    source = embedded().parts["train"].array
    assert source is not None
    assert np.array_equal(pixels, source[3])
    named = replace(digits, train=replace(digits.train, names=tuple(map(str, range(len(digits.train))))))
    assert list(dict(decoded(Path("digits"), ["7"], named))) == ["7"]
    assert not dict(decoded(Path("digits"), ["train[3]"], None))


@pytest.fixture
def thumbs(session: Session) -> Thumbs:
    """Pictures of a session."""
    session.collector.start()
    return Thumbs(session)


def test_they_come_in_the_background_and_are_kept(thumbs: Thumbs, folder: Path, qtbot: QtBot) -> None:
    assert thumbs.get("red.png") is None
    thumbs.want(str(folder), ["red.png", "text.jpg"])
    qtbot.waitUntil(lambda: thumbs.get("text.jpg") is not None, timeout=20_000)
    (folder / "red.png").unlink()
    thumbs.want(str(folder), ["red.png", "thin.png"])
    qtbot.waitUntil(lambda: thumbs.get("thin.png") is not None, timeout=20_000)
    kept = thumbs.get("red.png")
    assert kept is not None
    assert kept.pixels is not None
    thumbs.want(str(folder.parent), [])
    assert thumbs.get("red.png") is None, "another source has other files of that name"


def test_a_strip_shows_groups_side_by_side(thumbs: Thumbs, folder: Path, qtbot: QtBot) -> None:
    strip = ThumbStrip(thumbs, name="strip")
    qtbot.addWidget(strip)
    strip.show_groups([("red.png", "thin.png"), ("text.jpg",)])
    thumbs.want(str(folder), strip.files())
    qtbot.waitUntil(lambda: thumbs.get("text.jpg") is not None, timeout=20_000)
    strip.resize(300, HIGH)
    strip.show()
    assert strip.file_at(QPoint(2, 5)) == "red.png"
    thin = 2 * HIGH + WITHIN
    assert strip.file_at(QPoint(thin - 1, 5)) is None
    assert strip.file_at(QPoint(thin, 5)) == "thin.png"
    text = thin + LEAST_WIDE + BETWEEN
    assert strip.file_at(QPoint(text, 5)) == "text.jpg"
    image = strip.grab().toImage()
    assert image.pixelColor(10, 10).red() > 150
    assert image.pixelColor(thin + 5, 10).blue() > 150
    strip.resize(2 * HIGH, HIGH)
    assert strip.file_at(QPoint(2, 5)) == "red.png"
    strip.resize(2 * HIGH - 1, HIGH)
    assert strip.file_at(QPoint(2, 5)) is None, "what has no room is not shown in part"


def test_groups_are_not_torn() -> None:
    many = [f"{number}" for number in range(20)]
    assert first_groups([many]) == [tuple(many[:MOST])]
    assert first_groups([("a", "b", "c"), ("d", "e"), ("f", "g")]) == [("a", "b", "c"), ("d", "e")]
    assert first_groups([(one,) for one in many]) == [(one,) for one in many[:MOST]]
    assert first_groups([]) == []
