"""What was decoded once is there the next time, whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from resnet_studio.data import store
from resnet_studio.data.images import Images
from resnet_studio.data.store import Stored, fingerprint, images_folder, kept, remembered
from resnet_studio.spec.errors import StudioError

SHAPES = {"train": (5, 2, 3, 1), "test": (2, 2, 3, 1)}


class Source:
    """Counts how often it is decoded."""

    def __init__(self) -> None:
        self.decoded: list[str] = []

    def images(self, part: str) -> Images:
        count = SHAPES[part][0]
        return np.arange(count * 6, dtype=np.uint8).reshape(SHAPES[part])

    def decode(self, part: str) -> Iterator[Images]:
        self.decoded.append(part)
        yield self.images(part)[:2]
        yield self.images(part)[2:]

    def kept(self, key: str = "key") -> Stored:
        return kept(key, SHAPES, self.decode)


def check(source: Source, stored: Stored) -> None:
    for part in SHAPES:
        assert np.array_equal(stored.parts[part], source.images(part))
    assert len(set(stored.sha256.values())) == 2


def test_the_second_time_nothing_is_decoded() -> None:
    source = Source()
    first, second = source.kept(), source.kept()
    assert source.decoded == ["train", "test"]
    assert first.sha256 == second.sha256
    for stored in (first, second):
        check(source, stored)
        assert isinstance(stored.parts["train"], np.memmap)
    source.kept("another key")
    assert len(source.decoded) == 4


def test_writing_into_the_images_leaves_the_store_alone() -> None:
    source = Source()
    source.kept().parts["train"][:] = 0
    check(source, source.kept())
    assert source.decoded == ["train", "test"]


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("train.npy", flip_a_bit),
        ("test.npy", lambda path: os.truncate(path, path.stat().st_size - 1)),
        ("test.npy", lambda path: path.write_bytes(b"")),
        ("train.npy", lambda path: np.save(path, np.zeros(SHAPES["train"], np.float32))),
        ("train.npy", lambda path: path.unlink()),
        ("entry.json", lambda path: path.write_text("{")),
        ("entry.json", lambda path: path.write_text("[]")),
        ("entry.json", lambda path: path.unlink()),
    ],
)
def test_what_is_damaged_is_made_anew(file: str, damage: object) -> None:
    source = Source()
    source.kept()
    assert callable(damage)
    damage(images_folder() / "key" / file)
    check(source, source.kept())
    assert source.decoded == ["train", "test"] * 2
    check(source, source.kept())
    assert len(source.decoded) == 4


def test_a_large_file_is_checked_in_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_BLOCK", 4)
    monkeypatch.setattr(store, "_CHECKED_BLOCKS", 2)
    source = Source()
    source.kept()
    path = images_folder() / "key" / "train.npy"
    content = bytearray(path.read_bytes())
    # of the 30 pixels those from 16 to 19 are looked at, those from 4 to 15 are not
    for pixel, decoded in ((8, 2), (17, 4)):
        content[len(content) - 30 + pixel] ^= 1
        path.write_bytes(content)
        source.kept()
        assert len(source.decoded) == decoded


def test_nothing_half_written_stays() -> None:
    class Broken(Source):
        def decode(self, part: str) -> Iterator[Images]:
            yield self.images(part)[:2]
            raise StudioError("broken.jpg can't be read")

    with pytest.raises(StudioError, match=r"broken\.jpg"):
        Broken().kept()
    assert list(images_folder().iterdir()) == []


def test_what_a_killed_process_left_is_removed_after_a_day() -> None:
    old, young = images_folder() / ".dead.part", images_folder() / ".busy.part"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "train.npy").write_bytes(b"half")
    os.utime(old, (0, 0))
    Source().kept()
    assert sorted(path.name for path in images_folder().iterdir()) == [".busy.part", "key"]


def test_a_set_larger_than_the_disk_is_refused_before_it_is_decoded() -> None:
    shape = (10_000_000, 4096, 4096, 3)
    with pytest.raises(StudioError, match=r"need 503,316\.5 GB, .* GB left; choose a smaller data\.image_size"):
        kept("key", {"train": shape}, Source().decode)


def test_a_cache_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "file"))
    with pytest.raises(StudioError, match=r"file/cache/images can't be made: .*; RESNET_STUDIO_HOME names another"):
        Source().kept()


def test_facts_are_found_once() -> None:
    found: list[int] = []

    def find() -> list[int]:
        found.append(1)
        return [7, 8]

    assert remembered("facts", find) == remembered("facts", find) == [7, 8]
    assert len(found) == 1
    (path,) = (images_folder().parent / "facts").iterdir()
    for damage in ("[7, ", '{"7": 8}', ""):
        path.write_text(damage)
        assert remembered("facts", find) == [7, 8]
    assert len(found) == 4


def test_a_fingerprint_is_that_of_the_facts() -> None:
    assert fingerprint("a", 1) == fingerprint("a", 1)
    assert len({fingerprint("a", 1), fingerprint("a", 2), fingerprint("a1"), fingerprint("bad \udcff name")}) == 4
