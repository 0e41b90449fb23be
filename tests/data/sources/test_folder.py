"""A folder of images: how it may be laid out, and what is said where it isn't."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.data.decoding.decode import header
from resnet_studio.data.sources import folder
from resnet_studio.data.sources.folder import image_folder
from resnet_studio.data.sources.source import Source
from resnet_studio.data.watch import LoadingStoppedError, Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

MakeFolder = Callable[..., Path]
SPLIT = {"train/cat": 3, "train/dog": 2, "val/cat": 1, "test/dog": 2}


def found(path: Path, **fields: object) -> Source:
    return image_folder(path, DataSpec.model_validate({"source": str(path), **fields}), Watch())


@pytest.mark.parametrize("validation", ["val", "validation", "valid", "Validation"])
def test_a_folder_with_its_own_splits(make_folder: MakeFolder, validation: str) -> None:
    source = found(make_folder({f"{name.replace('val', validation)}": count for name, count in SPLIT.items()}))
    assert source.class_names == ("cat", "dog")
    assert {name: part.labels.tolist() for name, part in source.parts.items()} == {
        "train": [0, 0, 0, 1, 1],
        "validation": [0],
        "test": [1, 1],
    }
    assert source.parts["train"].names[2:4] == ("train/cat/02.png", "train/dog/00.png")
    assert (source.size, source.channels, source.title) == ((12, 16), 3, "pets")


def test_a_folder_per_class_with_folders_below(make_folder: MakeFolder) -> None:
    path = make_folder({"b": 1, "a/one": 1, "a/two": 2, ".hidden": 1, "__MACOSX": 1})
    (path / "a" / "notes.txt").write_text("not an image")
    source = found(path)
    assert list(source.parts) == ["train"]
    assert source.class_names == ("a", "b")
    assert source.parts["train"].names == ("a/one/00.png", "a/two/00.png", "a/two/01.png", "b/00.png")


def test_a_class_may_be_called_train(make_folder: MakeFolder) -> None:
    assert found(make_folder({"train": 1, "bus": 1})).class_names == ("bus", "train")


def test_sizes_and_colours_are_those_of_the_images(make_folder: MakeFolder) -> None:
    mixed = found(make_folder({"a": 2, "b": 2}, sides=(9, 10), name="mixed"))
    assert (mixed.size, mixed.channels) == (None, 3)
    grey = found(make_folder({"a": 1, "b": 1}, mode="L", name="grey"))
    assert (grey.size, grey.channels) == ((12, 16), 1)


def test_headers_are_read_once_and_only_where_something_is_open(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_folder({"a": 2, "b": 2})
    read: list[Path] = []

    def counted(file: Path) -> tuple[int, int, int]:
        read.append(file)
        return header(file)

    monkeypatch.setattr(folder, "header", counted)
    source = found(path, image_size=(8, 8), channels=1)
    assert (source.size, source.channels, read) == ((8, 8), 1, [])
    found(path)
    # both questions are answered in one go
    assert sorted(read) == sorted(path / name for name in source.parts["train"].names)
    read.clear()
    assert found(path).size == (12, 16)
    assert read == []


def test_the_identity_changes_with_every_file(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 2, "b": 2})
    seen = [found(path).identity, found(path).identity]
    assert seen[0] == seen[1]
    os.utime(path / "a" / "00.png", (1, 1))
    seen.append(found(path).identity)
    (path / "a" / "00.png").rename(path / "a" / "0.png")
    seen.append(found(path).identity)
    (path / "a" / "0.png").unlink()
    seen.append(found(path).identity)
    assert len(set(seen)) == 4


def test_links_do_not_lead_in_circles(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 1, "b": 1})
    (path / "a" / "again").symlink_to(path)
    assert len(found(path).parts["train"].labels) == 2


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"train/a": 1, "val/a": 1, "valid/a": 1}, "pets has both val/ and valid/; keep one of them"),
        (
            {"a": 0, "b": 0},
            r"pets has no images to train on \(bmp, gif, jpeg, jpg, png.*\); put those of each class in its folder",
        ),
        ({"a": 2}, "pets has one class only, a; a classifier needs two"),
        ({"a": 2, "b": 0}, r"pets has one class only, a \(b has no images\); a classifier needs two"),
        ({"wrap/a": 2, "wrap/b": 2}, "one class only, wrap; choose .*/pets/wrap if the folders in it are the classes"),
        (
            {"train/all/a": 2, "train/all/b": 2},
            "only, all; choose .*/pets/train/all if the folders in it are the classes",
        ),
        ({".": 2}, "pets has no folders of classes, only images; put the images of each class in a folder"),
        ({"train": 2, "test": 2}, "pets/train has no folders of classes, only images"),
        ({"test/a": 2, "val/a": 2}, "pets has test/ but no train/; the training images go there"),
        (
            {"train/a": 1, "train/b": 1, "train/c": 0, "test/c": 1},
            "the test images have the class c, which no training image has; give training images of it or remove it",
        ),
    ],
)
def test_what_is_wrong_with_the_layout_is_told(make_folder: MakeFolder, counts: dict[str, int], sentence: str) -> None:
    with pytest.raises(StudioError, match=sentence):
        found(make_folder(counts))


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="has no images; put the images of each class in a folder of its own"):
        found(tmp_path)


def test_a_header_that_cannot_be_read_says_nothing_of_the_others(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 2, "b": 2})
    (path / "a" / "00.png").write_text("no image")
    source = found(path)
    assert (source.size, source.channels) == ((12, 16), 3)
    assert len(source.parts["train"].names) == 4


def test_an_empty_class_is_left_out(make_folder: MakeFolder) -> None:
    source = found(make_folder({"train/ape": 0, "train/bee": 2, "train/cat": 2, "val/ape": 0, "val/cat": 1}))
    assert source.class_names == ("bee", "cat")
    assert source.parts["validation"].labels.tolist() == [1]
    assert source.notes == ("The class folder ape has no images and is left out.",)


def test_an_empty_split_is_left_out(make_folder: MakeFolder) -> None:
    source = found(make_folder({"train/bee": 2, "train/cat": 2, "test/bee": 0, "test/cat": 0}))
    assert list(source.parts) == ["train"]
    assert source.notes == ("The folder test/ has no images and is taken as not there.",)


def test_what_is_left_out_is_noted(make_folder: MakeFolder) -> None:
    path = make_folder({"train/bee": 2, "train/cat": 2, "more": 1})
    (path / "train" / "loose.png").write_bytes(b"")
    (path / "train" / "bee" / "link").symlink_to(path / "more")
    assert found(path).notes == (
        "1 image lies beside the folders of classes and is left out.",
        "The folder more is beside those of the splits and is left out.",
        "The link train/bee/link to a folder is not followed.",
    )


def test_looking_at_the_images_can_be_stopped(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 2, "b": 2})
    with pytest.raises(LoadingStoppedError):
        image_folder(path, DataSpec(source=str(path)), Watch(should_stop=lambda: True))


def test_the_real_clothing_folder(data_root: Path) -> None:
    source = found(data_root / "clothing")
    assert len(source.class_names) == 10
    assert source.class_names[:3] == ("dress", "hat", "longsleeve")
    assert {name: len(part.labels) for name, part in source.parts.items()} == {
        "train": 1100,
        "validation": 341,
        "test": 372,
    }
    assert (source.size, source.channels) == (None, 3)
