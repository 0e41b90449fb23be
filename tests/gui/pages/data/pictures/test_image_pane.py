"""One image beside the grid: large, its facts, its versions."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.gui.pages.data.pictures.gallery import Gallery, Picture, View
from resnet_studio.gui.pages.data.pictures.image_pane import AS_EVALUATED, NO_AUGMENTATION, ImagePane
from resnet_studio.gui.pages.data.pictures.trained import Trained
from resnet_studio.gui.pages.data.pictures.version_tiles import COUNT, VersionTiles
from resnet_studio.gui.session import Session
from resnet_studio.spec.data import AugmentSpec, DataSpec

Show = Callable[..., None]
OFF = AugmentSpec.model_validate(dict.fromkeys(AugmentSpec.model_fields, 0))


@pytest.fixture(scope="module")
def augmented() -> ImageSet:
    """The digits, erased and moved in training."""
    return load(DataSpec(augment=AugmentSpec(pad_crop=2, random_erasing=1.0)))


@pytest.fixture
def trained(session: Session, show: Show, augmented: ImageSet) -> Trained:
    """Draws the digits."""
    show(augmented)
    return Trained(session, session)


@pytest.fixture
def pane(qtbot: QtBot, session: Session, trained: Trained) -> ImagePane:
    """The pane, shown, without an image."""
    made = ImagePane(session, trained)
    qtbot.addWidget(made)
    made.resize(344, 670)
    made.show()
    return made


def _picture(images: ImageSet, split: str, row: int = 0) -> Picture:
    return Gallery(images, View(split, mixed=False))[row]


def _text(pane: ImagePane, name: str) -> str:
    label = pane.findChild(QLabel, name)
    assert isinstance(label, QLabel), name
    return label.text() if label.isVisible() else ""


def _button(pane: ImagePane, name: str) -> QAbstractButton:
    button = pane.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton), name
    return button


def _tiles(pane: ImagePane) -> VersionTiles:
    tiles = pane.findChild(VersionTiles, "view.versions")
    assert isinstance(tiles, VersionTiles)
    return tiles


def _zoom(pane: ImagePane) -> QWidget:
    zoom = pane.findChild(QWidget, "view.zoom")
    assert isinstance(zoom, QWidget)
    return zoom


def _shown_tile(pane: ImagePane, tile: int) -> list[int]:
    """Return the 64 greys of an 8×8 version as they stand on the screen."""
    tiles = _tiles(pane)
    image, rect = tiles.grab().toImage(), tiles.tile_rect(tile)
    side = rect.width() // 8
    spots = [
        (rect.left() + side * x + side // 2, rect.top() + side * y + side // 2) for y in range(8) for x in range(8)
    ]
    return [image.pixelColor(x, y).red() for x, y in spots]


def test_versions_are_those_that_training_draws(
    qtbot: QtBot, pane: ImagePane, trained: Trained, augmented: ImageSet
) -> None:
    picture = _picture(augmented, "train", 7)
    pane.show_picture(augmented, picture)
    places = [trained.place("train", 7, epoch) for epoch in range(2 * COUNT)]
    qtbot.waitUntil(lambda: trained.get(places[COUNT - 1]) is not None, timeout=20_000)
    for epoch in (0, 5, COUNT - 1):
        drawn = trained.get(places[epoch])
        assert drawn is not None
        assert _shown_tile(pane, epoch) == drawn.ravel().tolist()
    assert not _button(pane, "view.image.reset").isEnabled()
    _button(pane, "view.image.shuffle").click()
    assert _tiles(pane).first == COUNT
    qtbot.waitUntil(lambda: trained.get(places[-1]) is not None, timeout=20_000)
    last = trained.get(places[-1])
    assert last is not None
    assert _shown_tile(pane, COUNT - 1) == last.ravel().tolist()
    _button(pane, "view.image.reset").click()
    assert _tiles(pane).first == 0


def test_a_chosen_version_is_shown_large(qtbot: QtBot, pane: ImagePane, trained: Trained, augmented: ImageSet) -> None:
    pane.show_picture(augmented, _picture(augmented, "train", 7))
    assert _zoom(pane).accessibleName().endswith(", as stored")
    tiles = _tiles(pane)
    QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.tile_rect(2).center())
    assert tiles.epoch == 2
    qtbot.waitUntil(lambda: _zoom(pane).accessibleName().endswith(", as trained in epoch 2"), timeout=20_000)
    QTest.keyClick(tiles, Qt.Key.Key_Right)
    assert tiles.epoch == 3
    assert "epoch 3 chosen" in tiles.accessibleName()
    # the same image in another set that differs in its treatment alone
    pane.show_picture(augmented, _picture(augmented, "train", 7))
    assert tiles.epoch == 3
    QTest.keyClick(tiles, Qt.Key.Key_Down)
    assert tiles.epoch == 7
    QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.tile_rect(7).center())
    assert tiles.epoch is None
    assert _zoom(pane).accessibleName().endswith(", as stored")


def test_another_strength_draws_the_versions_anew(
    qtbot: QtBot, pane: ImagePane, trained: Trained, show: Show, augmented: ImageSet
) -> None:
    pane.show_picture(augmented, _picture(augmented, "train", 7))
    place = trained.place("train", 7, 0)
    qtbot.waitUntil(lambda: trained.get(place) is not None, timeout=20_000)
    before = _shown_tile(pane, 0)
    show(load(DataSpec(augment=AugmentSpec(pad_crop=0, random_erasing=0.0, rotation=90.0))))
    qtbot.waitUntil(lambda: trained.get(place) is not None, timeout=20_000)
    assert _shown_tile(pane, 0) != before


@pytest.mark.parametrize("split", ["validation", "test"])
def test_evaluation_has_one_version_and_a_sentence(pane: ImagePane, augmented: ImageSet, split: str) -> None:
    pane.show_picture(augmented, _picture(augmented, split))
    assert _text(pane, "view.image.note") == AS_EVALUATED
    assert not _tiles(pane).isVisible()
    assert not _button(pane, "view.image.shuffle").isVisible()


def test_without_augmentation_that_is_said(pane: ImagePane, show: Show) -> None:
    images = load(DataSpec(augment=OFF))
    show(images)
    pane.show_picture(images, _picture(images, "train"))
    assert _text(pane, "view.image.note") == NO_AUGMENTATION
    assert not _tiles(pane).isVisible()


def test_what_is_known_of_a_file(
    qtbot: QtBot, pane: ImagePane, tmp_path: Path, augmented: ImageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "train").mkdir()
    Image.fromarray(np.zeros((30, 50, 3), np.uint8)).save(tmp_path / "train" / "a.png")
    names = ("train/a.png", "train/gone.png", *([""] * (len(augmented.train) - 2)))
    images = replace(augmented, source=str(tmp_path), train=replace(augmented.train, names=names))
    pane.show_picture(images, _picture(images, "train"))
    assert _text(pane, "view.image.place") == "train 1 of 1,294"
    assert _text(pane, "view.image.file") == "train/a.png"
    qtbot.waitUntil(lambda: _text(pane, "view.image.size") == "50×30 px in the file, stored as 8×8 px", timeout=20_000)
    _button(pane, "view.image.copy").click()
    assert QGuiApplication.clipboard().text() == str(tmp_path / "train" / "a.png")
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    _button(pane, "view.image.folder").click()
    assert opened == [QUrl.fromLocalFile(str(tmp_path / "train"))]
    pane.show_picture(images, _picture(images, "train", 1))
    qtbot.waitUntil(lambda: _text(pane, "view.image.size").endswith("can't be read any more"), timeout=20_000)
    pane.show_picture(images, _picture(images, "train", 2))
    assert _text(pane, "view.image.file") == ""
    assert _text(pane, "view.image.size") == "stored as 8×8 px"


def test_buttons_lead_to_other_images_and_out(qtbot: QtBot, pane: ImagePane) -> None:
    for name, steps in (("back", -1), ("next", 1)):
        with qtbot.waitSignal(pane.stepped) as told:
            _button(pane, f"view.image.{name}").click()
        assert told.args == [steps]
    with qtbot.waitSignal(pane.closed):
        _button(pane, "view.image.close").click()


def test_the_large_image_and_the_versions_share_the_height(pane: ImagePane, augmented: ImageSet) -> None:
    pane.show_picture(augmented, _picture(augmented, "train"))
    for height in (420, 500, 670, 1200):
        pane.resize(344, height)
        QApplication.processEvents()
        assert pane.height() == height
        assert _zoom(pane).height() >= 100
        bottom = _tiles(pane).visibleRegion().boundingRect().height()
        assert bottom >= 80
        scroll = pane.findChild(QWidget, "view.image.scroll")
        assert isinstance(scroll, QWidget)
        assert scroll.geometry().bottom() < height
    assert bottom == _tiles(pane).height()


def test_a_photograph_of_the_catalogue_is_found_where_it_was_downloaded_to(
    qtbot: QtBot, pane: ImagePane, tmp_path: Path, augmented: ImageSet
) -> None:
    folder = tmp_path / "flowers-102" / "jpg"
    folder.mkdir(parents=True)
    Image.fromarray(np.zeros((60, 40, 3), np.uint8)).save(folder / "image_00001.jpg")
    train = replace(augmented.train, names=("image_00001.jpg",) * len(augmented.train))
    spec = augmented.spec.model_copy(update={"root": str(tmp_path)})
    images = replace(augmented, source="flowers102", spec=spec, train=train)
    pane.show_picture(images, _picture(images, "train"))
    qtbot.waitUntil(lambda: _text(pane, "view.image.size").startswith("40×60 px in the file"), timeout=20_000)
