"""What was decoded once is there the next time, whole or not at all."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.images import Images
from resnet_studio.data.store import entry
from resnet_studio.data.store.entry import Stored, entries, images_folder, opened, read_index
from resnet_studio.data.store.store import Chunk, Origin, kept
from resnet_studio.spec.errors import StudioError

SHAPES = {"train": (5, 2, 3, 1), "test": (2, 2, 3, 1)}


class Source:
    """Counts how often it is decoded."""

    def __init__(self) -> None:
        self.decoded: list[str] = []

    def images(self, part: str) -> Images:
        count = SHAPES[part][0]
        return np.arange(count * 6, dtype=np.uint8).reshape(SHAPES[part])

    def decode(self, part: str) -> Generator[Chunk, None, None]:
        self.decoded.append(part)
        yield Chunk(self.images(part)[:2])
        yield Chunk(self.images(part)[2:])

    def kept(self, key: str = "key", identity: str = "today", decoding: str = "small") -> Stored:
        return kept(key, Origin("/pets", "pets", identity, decoding), SHAPES, self.decode)


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


def test_nobody_writes_into_the_images() -> None:
    """Mapped so that it can be written, a set could not be larger than the memory either."""
    source = Source()
    with pytest.raises(ValueError, match="read-only"):
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
        ("entry.json", lambda path: path.write_text(json.dumps({"index": {}, "sha256": fingerprint({})}))),
        ("entry.json", lambda path: path.write_text(path.read_text().replace("today", "yesterday"))),
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
    monkeypatch.setattr(entry, "_BLOCK", 4)
    monkeypatch.setattr(entry, "_CHECKED_BLOCKS", 2)
    source = Source()
    source.kept()
    path = images_folder() / "key" / "train.npy"
    content = bytearray(path.read_bytes())
    # of the 30 pixels those from 16 to 19 and the last four are looked at, those from 4 to 15 are not
    for pixel, decoded in ((8, 2), (17, 4), (27, 6)):
        content[len(content) - 30 + pixel] ^= 1
        told = path.stat()
        path.write_bytes(content)
        os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
        source.kept()
        assert len(source.decoded) == decoded
        content = bytearray(path.read_bytes())
    # once the file was touched, all of them are
    content[len(content) - 30 + 8] ^= 1
    path.write_bytes(content)
    source.kept()
    assert len(source.decoded) == 8
    os.utime(path, (1, 1))
    source.kept()
    assert len(source.decoded) == 8


def test_images_that_cannot_be_used_have_no_place() -> None:
    class Holed(Source):
        def decode(self, part: str) -> Generator[Chunk, None, None]:
            self.decoded.append(part)
            yield Chunk(self.images(part)[:1], ((1, "is cut short"),))
            yield Chunk(self.images(part)[2:])

    source = Holed()
    for _ in range(2):
        stored = source.kept()
        assert np.array_equal(stored.parts["train"], np.delete(source.images("train"), 1, axis=0))
        assert stored.missing == {"train": ((1, "is cut short"),), "test": ((1, "is cut short"),)}
    assert source.decoded == ["train", "test"]


def test_a_part_of_which_nothing_can_be_used_is_kept_too() -> None:
    def decode(part: str) -> Generator[Chunk, None, None]:
        yield Chunk(np.empty((0, 2, 3, 1), np.uint8), ((0, "is empty"),))

    for _ in range(2):
        stored = kept("key", Origin("/pets", "pets", "today", "small"), {"train": (1, 2, 3, 1)}, decode)
        assert stored.parts["train"].shape == (0, 2, 3, 1)


def test_the_index_says_what_it_is_made_of() -> None:
    Source().kept()
    index = read_index(images_folder() / "key")
    told: dict[str, Any] = {name: index[name] for name in ("source", "title", "identity", "decoding")}
    assert told == {"source": "/pets", "title": "pets", "identity": "today", "decoding": "small"}
    assert index["parts"]["train"]["shape"] == list(SHAPES["train"])
    document = json.loads((images_folder() / "key" / "entry.json").read_text())
    assert document["sha256"] == fingerprint(index)


def test_what_a_source_gave_before_it_changed_is_removed() -> None:
    source = Source()
    source.kept("old")
    source.kept("other", decoding="large")
    source.kept("new", identity="tomorrow")
    assert [path.name for path in entries()] == ["new", "other"]


def test_a_whole_entry_of_another_process_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Source):
        def decode(self, part: str) -> Generator[Chunk, None, None]:
            if part == "test":
                other = Source()
                check(other, other.kept())
            yield from super().decode(part)

    source = Slow()
    check(source, source.kept())
    assert [path.name for path in images_folder().iterdir()] == ["key"]
    assert opened(images_folder() / "key") is not None


def test_nothing_half_written_stays() -> None:
    class Broken(Source):
        def decode(self, part: str) -> Generator[Chunk, None, None]:
            yield Chunk(self.images(part)[:2])
            raise StudioError("broken.jpg can't be read")

    with pytest.raises(StudioError, match=r"broken\.jpg"):
        Broken().kept()
    assert list(images_folder().iterdir()) == []


def test_what_a_killed_process_left_is_removed_after_a_day() -> None:
    old, young, long = (images_folder() / f".{name}.part" for name in ("dead", "busy", "long"))
    for folder in (old, young, long):
        folder.mkdir(parents=True)
        (folder / "train.npy").write_bytes(b"half")
    for path in (old, old / "train.npy", long):
        os.utime(path, (0, 0))
    Source().kept()
    assert sorted(path.name for path in images_folder().iterdir()) == [".busy.part", ".long.part", "key"]


def test_a_set_larger_than_the_disk_is_refused_before_it_is_decoded() -> None:
    shape = (10_000_000, 4096, 4096, 3)
    with pytest.raises(StudioError, match=r"need 503,316\.5 GB, .* GB left; choose a smaller data\.image_size"):
        kept("key", Origin("/pets", "pets", "today", "small"), {"train": shape}, Source().decode)


def test_what_a_killed_process_left_does_not_count_as_full(monkeypatch: pytest.MonkeyPatch) -> None:
    left = images_folder() / ".dead.part"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    usage = shutil.disk_usage(left)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0 if left.exists() else 1000))
    Source().kept()
    assert entries() == [images_folder() / "key"]


def test_a_cache_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "file"))
    with pytest.raises(StudioError, match=r"file/cache/images can't be made: .*; RESNET_STUDIO_HOME names another"):
        Source().kept()


def test_a_folder_of_caches_that_is_not_told_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / ("x" * 300)))
    with pytest.raises(StudioError, match=r"cache/images can't be read: .*; RESNET_STUDIO_HOME names another place\.$"):
        entries()


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_fills_up_is_one_sentence_and_leaves_nothing() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # a file may have its header and a few images, not all
    resource.setrlimit(resource.RLIMIT_FSIZE, (140, hard))
    try:
        with pytest.raises(StudioError, match=r"^Decoded images can't be kept in .*images: .*; RESNET_STUDIO"):
            Source().kept()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(images_folder().iterdir()) == []


def test_a_cache_that_can_only_be_read_is_used_and_else_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    source.kept()

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    # the superuser may write everywhere
    monkeypatch.setattr(Path, "mkdir", refused)
    monkeypatch.setattr(os, "utime", refused)
    (images_folder() / "key" / "train.npy").chmod(0o400)
    check(source, source.kept())
    assert len(source.decoded) == 2
    with pytest.raises(StudioError, match=r"can't be (kept|made).*Permission denied; RESNET_STUDIO_HOME names another"):
        source.kept("another")


def test_two_processes_that_decode_the_same_at_once_both_get_it() -> None:
    code = (
        "import sys, numpy as np\n"
        "from resnet_studio.data.store.store import Chunk, Origin, kept\n"
        "def decode(part):\n"
        "    print('writing', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    yield Chunk(np.full((2, 2, 3, 1), 7, np.uint8))\n"
        "stored = kept('key', Origin('/pets', 'pets', 'today', 'small'), {'train': (2, 2, 3, 1)}, decode)\n"
        "print(int(stored.parts['train'].sum()))\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    with both[0], both[1]:
        for process in both:
            assert process.stdout
            assert process.stdout.readline() == "writing\n"
        for process in both:
            assert process.communicate("go on\n")[0] == "84\n"
    assert [path.name for path in images_folder().iterdir()] == ["key"]
    assert [process.returncode for process in both] == [0, 0]


def test_a_process_that_is_killed_while_it_writes_leaves_nothing_for_long() -> None:
    code = (
        "import os, signal, numpy as np\n"
        "from resnet_studio.data.store.store import Chunk, Origin, kept\n"
        "def decode(part):\n"
        "    yield Chunk(np.full((2, 2, 3, 1), 7, np.uint8))\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "kept('key', Origin('/pets', 'pets', 'today', 'small'), {'train': (9, 2, 3, 1)}, decode)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode
    assert len(list(images_folder().iterdir())) == 2
    source = Source()
    check(source, source.kept())
    assert [path.name for path in images_folder().iterdir()] == ["key"]


def test_a_fingerprint_is_that_of_the_facts() -> None:
    assert fingerprint("a", 1) == fingerprint("a", 1)
    assert len({fingerprint("a", 1), fingerprint("a", 2), fingerprint("a1"), fingerprint("bad \udcff name")}) == 4
