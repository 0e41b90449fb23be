"""The walk looks at links and names with suspicion, and at files not at all."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.data.sources.walk import File, Walk
from resnet_studio.data.watch import Watch

MakeFolder = Callable[..., Path]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")


def names(files: list[File]) -> list[str]:
    return [file.name for file in files]


def test_links_to_folders_are_kept_and_not_followed_within_a_class(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 1, "b": 1})
    (path / "a" / "again").symlink_to(path)
    (path / "a" / "itself").symlink_to(path / "a" / "itself")
    walk = Walk(path, Watch())
    assert names(walk.files(path / "a")) == ["a/00.png"]
    assert walk.links == ["a/again"]


def test_a_class_may_be_a_link_but_not_to_where_it_stands(make_folder: MakeFolder, tmp_path: Path) -> None:
    path = make_folder({"a": 1, "b": 1})
    away = make_folder({".": 2}, name="away")
    (path / "c").symlink_to(away)
    for number, target in enumerate((".", "..", str(path), str(tmp_path))):
        (path / f"loop{number}").symlink_to(target)
    (path / "knot").symlink_to("knot")
    walk = Walk(path, Watch())
    folders = walk.folders(path)
    assert [folder.name for folder in folders] == ["a", "b", "c"]
    assert sorted(walk.links) == ["loop0", "loop1", "loop2", "loop3"]
    assert names(walk.files(folders[2])) == ["c/00.png", "c/01.png"]


def test_the_way_to_the_source_may_be_a_link(make_folder: MakeFolder, tmp_path: Path) -> None:
    make_folder({"a": 1, "b": 1})
    (tmp_path / "link").symlink_to("pets")
    walk = Walk(tmp_path / "link", Watch())
    assert [names(walk.files(folder)) for folder in walk.folders(tmp_path / "link")] == [["a/00.png"], ["b/00.png"]]
    assert walk.links == []


def test_what_cannot_be_looked_at_is_left_to_who_opens_it(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 1})
    (path / "a" / "circle.png").symlink_to("circle.png")
    (path / "a" / "nowhere.png").symlink_to("nowhere")
    (path / "a" / "good.png").symlink_to(path / "a" / "00.png")
    first, *others = Walk(path, Watch()).files(path / "a")
    assert (first.name, first.size) == ("a/00.png", (path / "a" / "00.png").stat().st_size)
    assert others == [
        File("a/circle.png", 0, 0),
        File("a/good.png", first.size, first.changed),
        File("a/nowhere.png", 0, 0),
    ]


def test_a_pipe_is_no_image(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 1})
    os.mkfifo(path / "a" / "pipe.png")
    (path / "a" / "device.png").symlink_to(os.devnull)
    walk = Walk(path, Watch())
    assert names(walk.files(path / "a")) == ["a/00.png"]
    assert sorted(walk.others) == ["a/device.png", "a/pipe.png"]


def test_what_others_leave_behind_is_passed_by(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 1, "a/@eaDir/00.png": 1, "a/__MACOSX": 1, "a/.thumbnails": 1, "@eaDir": 1, ".git": 1})
    for name in (".DS_Store", "._00.png", "Thumbs.db", "desktop.ini"):
        (path / "a" / name).write_bytes(b"litter")
    walk = Walk(path, Watch())
    assert [folder.name for folder in walk.folders(path)] == ["a"]
    assert names(walk.files(path / "a")) == ["a/00.png"]
    assert (walk.others, walk.loose) == ([], [])


def test_endings_may_be_written_in_capitals(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 0})
    for name in ("A.JPG", "b.JpEg", "c.Png", "d.TIFF", "e.WebP", "f.gif", "g.BMP", "h.tif", "i.jpg.txt", "jpg", "k."):
        (path / "a" / name).write_bytes(b"")
    walk = Walk(path, Watch())
    assert len(walk.files(path / "a")) == 8
    assert sorted(walk.others) == ["a/i.jpg.txt", "a/jpg", "a/k."]


def test_very_deep_folders_and_odd_names_are_walked(tmp_path: Path) -> None:
    # deeper than Python's own calls may be nested
    deep = tmp_path / "a"
    deep.mkdir()
    (deep / "line\nbreak.png").write_bytes(b"")
    (deep / "\u202etxt.png").write_bytes(b"")
    here = os.open(deep, os.O_RDONLY)
    try:
        for _ in range(1050):
            os.mkdir("d", dir_fd=here)
            inner = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        os.close(os.open("last.png", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    finally:
        os.close(here)
    found = names(Walk(tmp_path, Watch()).files(deep))
    # Python's own way to remove them is nested as deeply
    subprocess.run(["rm", "-r", str(deep)], check=True)
    assert found == ["a/" + "d/" * 1050 + "last.png", "a/line\nbreak.png", "a/\u202etxt.png"]
