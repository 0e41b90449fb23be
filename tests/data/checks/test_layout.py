"""Folders and their names say something before an image is opened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.checks.layout import layout_findings
from resnet_studio.data.sources.survey import survey
from resnet_studio.data.watch import Watch

MakeFolder = Callable[..., Path]


def layout(path: Path) -> dict[str, DataFinding]:
    return {finding.kind: finding for finding in layout_findings(survey(path, Watch()))}


def test_empty_classes_are_left_out(make_folder: MakeFolder) -> None:
    path = make_folder({"train/a": 1, "train/b": 1, "train/c": 0, "val/a": 1, "val/c": 0, "val/d": 0})
    found = layout(path)
    assert list(found) == ["empty_class"]
    assert found["empty_class"].action == "skip"
    assert found["empty_class"].files == ("train/c", "val/c", "val/d")
    assert found["empty_class"].message == "2 classes have folders but no images and are left out: c, d."


def test_empty_splits_are_told(make_folder: MakeFolder) -> None:
    finding = layout(make_folder({"train/a": 1, "train/b": 1, "test/a": 0}))["empty_split"]
    assert (finding.severity, finding.action, finding.files) == ("warning", "skip", ("test",))
    assert finding.message == "test/ has no images and is taken as not there."
    finding = layout(make_folder({"train/a": 1, "train/b": 1, "val": 0, "test": 0}, name="bare"))["empty_split"]
    assert finding.message == "val/ and test/ have no images and are taken as not there."


def test_names_that_differ_only_in_case_or_space_are_told(make_folder: MakeFolder) -> None:
    found = layout(make_folder({"Cat": 1, "cat ": 1, "T shirt": 1, "tshirt": 1, "dog": 1}))
    assert list(found) == ["similar_names"]
    assert found["similar_names"].groups == (("Cat", "cat "), ("T shirt", "tshirt"))
    assert found["similar_names"].message.startswith("2 classes are written in several ways")


def test_a_typing_error_in_the_name_of_a_class_is_told_from_both_sides(make_folder: MakeFolder) -> None:
    found = layout(make_folder({"train/cat": 1, "train/dog": 1, "val/Cat": 1, "val/dog": 1}))
    assert list(found) == ["unknown_class", "similar_names"]
    assert found["unknown_class"].files == ("val/Cat/00.png",)
    assert found["similar_names"].files == ("train/cat", "val/Cat")


@pytest.mark.parametrize(("name", "severity"), [("notes.txt", "info"), ("photo.HEIC", "warning"), ("LICENSE", "info")])
def test_other_files_are_told(make_folder: MakeFolder, name: str, severity: str) -> None:
    path = make_folder({"a": 1, "b": 1})
    (path / "a" / name).write_text("")
    finding = layout(path)["other_files"]
    assert (finding.severity, finding.action, finding.files) == (severity, "skip", (f"a/{name}",))


def test_what_lies_beside_is_left_out(make_folder: MakeFolder) -> None:
    path = make_folder({"train/a": 1, "train/b": 1, "extra": 1})
    (path / "cover.jpg").write_bytes(b"")
    (path / "train" / "a" / "more").symlink_to(path / "extra")
    found = layout(path)
    assert {kind: (one.severity, one.action, one.files) for kind, one in found.items()} == {
        "loose": ("warning", "skip", ("cover.jpg",)),
        "beside": ("warning", "skip", ("extra",)),
        "links": ("warning", "skip", ("train/a/more",)),
    }
    assert found["beside"].message == "1 folder beside train/ is left out: extra."


def test_folders_within_classes_are_told_and_suspected_where_they_are_alike(make_folder: MakeFolder) -> None:
    finding = layout(make_folder({"a/front": 1, "a/back": 1, "b": 1}))["nested"]
    assert (finding.severity, finding.files) == ("info", ("a/back", "a/front"))
    assert finding.message == "1 class has images in folders within its own (a): they are images of it too."
    finding = layout(make_folder({"one/cat": 1, "one/dog": 1, "two/cat": 1}, name="deeper"))["nested"]
    assert finding.severity == "warning"
    assert finding.message.endswith("called alike in several classes (cat), look whether they are the classes.")


def test_an_accent_written_in_another_way_is_no_other_letter(make_folder: MakeFolder) -> None:
    path = make_folder({"train/caf\u00e9": 1, "train/b": 1, "val/cafe\u0301": 1})
    assert "similar_names" in layout(path)
