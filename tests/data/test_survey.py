"""A walk finds parts, classes and files without opening one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.data import survey as module
from resnet_studio.data.survey import survey
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch

MakeFolder = Callable[..., Path]


def test_what_is_there_and_what_is_missing(make_folder: MakeFolder) -> None:
    path = make_folder({"train/ape": 2, "train/bee": 0, "train/cat": 1, "val/ape": 1, "val/dog": 1, "val/bee": 0})
    (path / "train" / "ape" / "notes.txt").write_text("")
    (path / "val" / "ape" / "photo.heic").write_bytes(b"")
    (path / "train" / "ape" / ".hidden.png").write_bytes(b"")
    found = survey(path, Watch())
    assert found.class_names == ("ape", "cat")
    assert found.unknown == {"dog": ("validation",)}
    assert found.empty == ("bee",)
    assert found.others == ("train/ape/notes.txt", "val/ape/photo.heic")
    assert [file.name for file in found.files("train")] == ["train/ape/00.png", "train/ape/01.png", "train/cat/00.png"]
    first = path / "train" / "ape" / "00.png"
    assert found.files("train")[0][1:] == (first.stat().st_size, first.stat().st_mtime_ns)


def test_the_walk_opens_no_file(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 2, "b": 1})
    (path / "a" / "00.png").chmod(0)
    (path / "b" / "gone.png").symlink_to("nowhere")
    found = survey(path, Watch())
    assert {name: len(files) for name, files in found.classes["train"].items()} == {"a": 2, "b": 1}


def test_a_long_walk_tells_and_can_be_stopped(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_folder({"a": 5, "b": 5})
    monkeypatch.setattr(module, "_TOLD_EVERY", 4)
    told: list[Progress] = []
    survey(path, Watch(told.append))
    assert told == [Progress("Looking through the folders", count, None) for count in (4, 8)]
    with pytest.raises(LoadingStoppedError):
        survey(path, Watch(should_stop=lambda: True))


def test_the_identity_is_that_of_names_sizes_and_times(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 2, "b": 2})
    first = survey(path, Watch()).identity
    (path / "a" / "notes.txt").write_text("no image")
    assert survey(path, Watch()).identity == first
    os.utime(path / "b" / "01.png", (5, 5))
    assert survey(path, Watch()).identity != first


def test_a_split_without_an_image_is_as_good_as_not_there(make_folder: MakeFolder) -> None:
    path = make_folder({"train/a": 3, "train/b": 2, "test/a": 0, "test/b": 0, "val": 0})
    found = survey(path, Watch())
    assert list(found.classes) == ["train"]
    assert found.folders == {"train": "train/"}
    assert found.bare == ("val/", "test/")
    assert found.empty == ()
    whole = make_folder({"train/a": 3, "train/b": 2}, name="whole")
    assert survey(whole, Watch()).bare == ()
