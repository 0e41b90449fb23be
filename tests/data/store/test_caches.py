"""The caches are listed with what is the matter with them, and cleared."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from resnet_studio.data import arrange
from resnet_studio.data.load import load
from resnet_studio.data.store import entry
from resnet_studio.data.store.caches import cache_of, caches, clear, matching, remove, verify
from resnet_studio.data.store.entry import images_folder
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

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


def test_an_npz_that_was_written_anew_is_told(tmp_path: Path) -> None:
    path = tmp_path / "set.npz"
    labels = np.arange(40) % 2
    np.savez(path, train_images=np.zeros((40, 9, 9), np.uint8), train_labels=labels)
    load(DataSpec(source=str(path), image_size=(8, 8)))
    assert [cache.state for cache in caches()] == ["good"]
    os.utime(path, (2e9, 2e9))
    assert [cache.state for cache in caches()] == ["stale"]


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


def test_the_cache_of_images_that_were_loaded_is_found(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 10, "b": 10})
    small = load(DataSpec(source=str(path), image_size=(8, 6)))
    padded = load(DataSpec(source=str(path), image_size=(8, 6), resize="pad"))
    both = load(DataSpec(source=str(path), image_size=(4, 4), eval_size=(8, 8)))
    found = [cache_of(images.spec) for images in (small, padded, both)]
    assert [cache.shape for cache in found if cache] == [(8, 6, 3), (8, 6, 3), (8, 8, 3)]
    assert len({cache.folder for cache in found if cache}) == 3
    # arrays of the size wanted are not decoded, and nothing is known of what isn't resolved
    assert cache_of(load(DataSpec()).spec) is None
    assert cache_of(DataSpec(source=str(path))) is None
    first, *_ = found
    assert first
    remove(first)
    assert cache_of(small.spec) is None
    assert cache_of(padded.spec) == found[1]


def test_every_byte_is_verified(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    # samples of 4 of the 1,200 pixels
    monkeypatch.setattr(entry, "_BLOCK", 4)
    monkeypatch.setattr(entry, "_CHECKED_BLOCKS", 1)
    path = make_folder({"a": 10, "b": 10})
    spec = load(DataSpec(source=str(path), image_size=(8, 8))).spec
    cache = cache_of(spec)
    assert cache
    told: list[Progress] = []
    assert verify(cache, Watch(told.append)) == cache
    assert told[-1].done == 20 * 8 * 8 * 3
    pixels = cache.folder / "train.npy"
    content, times = bytearray(pixels.read_bytes()), pixels.stat()
    content[-100] ^= 1
    pixels.write_bytes(content)
    os.utime(pixels, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert cache_of(spec) == cache
    assert verify(cache).state == "damaged"
    # from now on it is known, and made anew
    assert [one.state for one in caches()] == ["damaged"]
    load(spec)
    (anew,) = caches()
    assert verify(anew).state == "good"
    with pytest.raises(LoadingStoppedError):
        verify(anew, Watch(should_stop=lambda: True))


def test_what_was_brought_back_from_a_backup_is_read_as_a_whole_once(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 10, "b": 10})
    cache = cache_of(load(DataSpec(source=str(path))).spec)
    assert cache
    pixels = cache.folder / "train.npy"
    before = pixels.stat().st_mtime_ns
    os.utime(pixels, (1, 1))
    assert [one.state for one in caches()] == ["good"]
    assert pixels.stat().st_mtime_ns == before


def test_removing_one_takes_along_what_was_taken_apart_from_it(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrange, "COPIED_BYTES", 0)
    spec = load(DataSpec(source=str(make_folder({"a": 10, "b": 10})))).spec
    load(DataSpec(image_size=(12, 12)))
    assert len(list(caches())) == 4
    cache = cache_of(spec)
    assert cache
    remove(cache)
    assert {one.source for one in caches()} == {"digits"}
    # somebody else was quicker
    remove(cache)


def test_a_person_names_the_source_or_the_cache(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_folder({"a": 10, "b": 10})
    load(DataSpec(source=str(path)))
    load(DataSpec(image_size=(12, 12)))
    monkeypatch.chdir(path.parent)
    folder, digits = found = list(caches())
    for wanted in ("pets", "./pets/", str(path), folder.folder.name, str(folder.folder)):
        assert matching(found, wanted) == [folder]
    assert matching(found, "digits") == [digits]
    with pytest.raises(StudioError, match="no cache of cats; "):
        matching(found, "cats")
