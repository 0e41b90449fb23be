"""A walk finds parts, classes and files without opening one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.data.sources import walk as module
from resnet_studio.data.sources.survey import survey
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.errors import StudioError

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


def test_folders_beside_the_splits_and_images_beside_the_classes_are_told(make_folder: MakeFolder) -> None:
    path = make_folder({"train/a": 1, "train/b": 1, "val/a": 1, "extra/c": 2, "bus": 1})
    for name in ("cover.jpg", "train/one.PNG", "val/two.png"):
        (path / name).write_bytes(b"")
    (path / "train" / "labels.csv").write_text("")
    found = survey(path, Watch())
    assert found.beside == ("bus", "extra")
    assert found.loose == ("cover.jpg", "train/one.PNG", "val/two.png")
    assert found.class_names == ("a", "b")


def test_images_of_a_class_that_is_called_train_are_not_beside_it(make_folder: MakeFolder) -> None:
    found = survey(make_folder({"train": 2, "bus": 1}), Watch())
    assert (found.loose, found.beside, found.class_names) == ((), (), ("bus", "train"))


def test_folders_within_classes_hold_their_images_too(make_folder: MakeFolder) -> None:
    path = make_folder({"train/a/one": 1, "train/a/two/deep": 1, "train/b": 2, "val/a/one": 1, "val/b/empty": 0})
    found = survey(path, Watch())
    assert found.nested == {"a": ("train/a/one", "train/a/two/deep", "val/a/one")}
    assert len(found.files("train")) == 4


@pytest.mark.parametrize(("train", "test"), [("Train", "TEST"), ("training", "testing"), ("TRAINING", "Test")], ids=str)
def test_splits_are_known_by_several_names(make_folder: MakeFolder, train: str, test: str) -> None:
    found = survey(make_folder({f"{train}/a": 1, f"{train}/b": 1, f"{test}/a": 1}), Watch())
    assert found.folders == {"train": f"{train}/", "test": f"{test}/"}
    alone = survey(make_folder({f"{train}/a": 1, f"{train}/b": 1}, name="alone"), Watch())
    assert (alone.folders, alone.class_names) == ({"train": f"{train}/"}, ("a", "b"))


def test_an_unreadable_folder_is_told(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_folder({"a": 1, "b": 1})
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # nothing is unreadable to the superuser
        scandir = os.scandir

        def refusing(folder: str) -> object:
            if Path(folder).name == "b":
                raise PermissionError(13, "Permission denied", str(folder))
            return scandir(folder)

        monkeypatch.setattr(os, "scandir", refusing)
    else:
        (path / "b").chmod(0)
    with pytest.raises(StudioError, match=f"{path}/b can't be read: Permission denied; check its permissions"):
        survey(path, Watch())
