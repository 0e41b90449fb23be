"""The caches are listed with what is the matter with them, and cleared."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from resnet_studio.data.caches import caches, clear
from resnet_studio.data.load import load
from resnet_studio.data.store import images_folder
from resnet_studio.spec.data import DataSpec

MakeFolder = Callable[..., Path]


def test_each_cache_says_what_it_is_of(make_folder: MakeFolder) -> None:
    assert list(caches()) == []
    path = make_folder({"a": 10, "b": 10})
    (path / "a" / "00.png").write_text("no image")
    load(DataSpec(source=str(path), image_size=(8, 6)))
    load(DataSpec(image_size=(12, 12)))
    folder, digits = caches()
    assert (folder.source, folder.title, folder.shape, folder.images, folder.skipped) == (
        str(path),
        "pets",
        (8, 6, 3),
        19,
        1,
    )
    assert (digits.source, digits.shape, digits.images) == ("digits", (12, 12, 1), 1797)
    assert folder.state == digits.state == "good"
    assert digits.nbytes > 1797 * 144
    assert folder.made
    assert digits.made
    assert folder.made < digits.made


def test_what_is_the_matter_is_said(make_folder: MakeFolder) -> None:
    paths = {
        name: make_folder({"a": 10, "b": 10}, name=name) for name in ("changed", "gone", "rotten", "sound", "torn")
    }
    for path in paths.values():
        load(DataSpec(source=str(path), image_size=(8, 8)))
    folders = {Path(cache.source).name: cache.folder for cache in caches()}
    os.utime(paths["changed"] / "a" / "00.png", (1, 1))
    shutil.rmtree(paths["gone"])
    pixels = folders["rotten"] / "train.npy"
    pixels.write_bytes(pixels.read_bytes()[:-1] + b"!")
    (folders["torn"] / "entry.json").write_text("{")
    states = {cache.folder.name: (Path(cache.source).name, cache.state) for cache in caches()}
    assert states == {
        folders["changed"].name: ("changed", "stale"),
        folders["gone"].name: ("gone", "source gone"),
        folders["rotten"].name: ("rotten", "damaged"),
        folders["sound"].name: ("sound", "good"),
        folders["torn"].name: ("", "damaged"),
    }


def test_clearing_leaves_the_sources_and_what_is_being_written(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 10, "b": 10})
    load(DataSpec(source=str(path)))
    busy = images_folder() / ".busy.part"
    busy.mkdir()
    clear()
    assert list(images_folder().iterdir()) == [busy]
    assert not (images_folder().parent / "facts").exists()
    assert len(list(path.rglob("*.png"))) == 20
    clear()
