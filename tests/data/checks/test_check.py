"""A data set is looked through: quickly first, then image by image, once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from resnet_studio.data.catalogue.wanted_files import NotDownloadedError
from resnet_studio.data.checks import files, report
from resnet_studio.data.checks.check import Report, check
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.decoding import examine
from resnet_studio.data.decoding.decode import decoded_file
from resnet_studio.data.load import load
from resnet_studio.data.sources import walk
from resnet_studio.data.watch import LoadingStoppedError, Progress
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

MakeFolder = Callable[..., Path]
PETS = {"train/cat": 12, "train/dog": 10, "val/cat": 4, "val/dog": 4}


def reports(path: Path | str) -> list[Report]:
    return list(check(DataSpec(source=str(path))))


def findings(path: Path | str) -> dict[str, DataFinding]:
    """The complete report's findings, of which there is one a kind."""
    found = reports(path)[-1].findings
    kinds = {finding.kind: finding for finding in found}
    assert len(kinds) == len(found)
    return kinds


def test_a_sound_folder_has_nothing_to_complain_of(make_folder: MakeFolder) -> None:
    first, *_, last = reports(make_folder(PETS))
    assert first.progress == Progress("Checking pets", 0, 30)
    assert (last.is_complete, last.can_train, last.findings) == (True, True, ())
    assert (last.title, last.class_names) == ("pets", ("cat", "dog"))
    assert last.counts == {"train": (12, 10), "validation": (4, 4)}
    assert (first.sizes, last.sizes) == ({}, {(12, 16): 30})


def test_sizes_are_those_of_the_files_that_can_be_used(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 6, "b": 6}, sides=(12, 20))
    (path / "a" / "00.png").write_text("no image")
    assert reports(path)[-1].sizes == {(12, 16): 5, (20, 24): 6}
    assert reports("digits")[-1].sizes == {(8, 8): 1797}


def test_the_first_report_comes_before_a_file_is_opened(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_folder(PETS | {"train/ape": 0})

    def opened(*_: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(examine, "decoded_with_kind", opened)
    found = check(DataSpec(source=str(path)))
    assert [finding.kind for finding in next(found).findings] == ["empty_class"]
    found.close()


def test_reports_grow_until_the_last(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_folder({"a": 30, "b": 30})
    for name in ("a/03.png", "b/29.png"):
        (path / name).write_text("no image")
    monkeypatch.setattr(report, "EVERY", 0.0)
    monkeypatch.setattr(report, "_LOOKING", 0)
    told = reports(path)
    done = [report.progress.done for report in told if report.progress]
    assert done == sorted(done)
    assert len(done) >= 4
    counts = [len(finding.files) for report in told for finding in report.findings if finding.kind == "not_image"]
    assert (counts[0], counts[-1]) == (1, 2)


def test_what_was_found_is_kept_and_loading_finds_it_too(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked, loaded = make_folder(PETS, name="checked"), make_folder(PETS, name="loaded")
    for path in (checked, loaded):
        (path / "train" / "cat" / "05.png").write_text("no image")
    first = reports(checked)[-1].findings
    load(DataSpec(source=str(loaded), image_size=(16, 16)))

    def decoded(*_: object) -> None:
        raise AssertionError("decoded once more")

    monkeypatch.setattr(examine, "decoded_with_kind", decoded)
    for path in (checked, loaded):
        again = reports(path)
        assert again[0].progress == Progress(f"Checking {path.name}", 30, 30)
        assert again[-1].findings == first
    (checked / "val" / "dog" / "new.png").write_bytes((checked / "val" / "dog" / "00.png").read_bytes())
    with pytest.raises(AssertionError, match="decoded once more"):
        reports(checked)


def test_what_cannot_be_kept_is_told_all_the_same(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = make_folder(PETS)
    (path / "train" / "cat" / "05.png").write_text("no image")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "file"))
    last = reports(path)[-1]
    assert last.can_train
    assert [(finding.severity, finding.kind) for finding in last.findings] == [
        ("warning", "not_image"),
        ("info", "not_kept"),
    ]
    assert "file/cache/facts can't be made" in last.findings[1].message


def test_it_can_be_stopped(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = DataSpec(source=str(make_folder(PETS)))
    found = check(spec, should_stop=lambda: True)
    next(found)
    with pytest.raises(LoadingStoppedError):
        list(found)
    monkeypatch.setattr(walk, "_TOLD_EVERY", 10)
    told: list[Progress] = []
    with pytest.raises(LoadingStoppedError):
        next(check(spec, progress=told.append, should_stop=lambda: len(told) > 1))
    assert told == [Progress("Looking through the folders", count, None) for count in (10, 20)]


def test_nothing_in_the_folder_is_changed(make_folder: MakeFolder) -> None:
    path = make_folder(PETS)

    def state() -> dict[Path, int]:
        return {file: file.stat().st_mtime_ns for file in (path, *path.rglob("*"))}

    before = state()
    reports(path)
    assert state() == before


@pytest.mark.parametrize(
    ("counts", "kind", "words"),
    [
        ({".": 2}, "layout", "no folders of classes, only images"),
        ({"train/a": 1, "val/a": 1, "valid/a": 1}, "layout", "has both val/ and valid/"),
        ({"a": 0, "b": 0}, "no_images", "has no images to train on"),
        ({"a": 3}, "one_class", "has one class only, a"),
        ({"a": 1, "b": 1}, "too_few", "2 images in 2 classes are too few to hold 20% of them out"),
        ({"train/a": 1, "train/b": 1, "test/a": 1}, "too_few", "too few to hold 10% of them out"),
        ({"train/a": 3, "train/b": 3, "val/c": 2, "val/a": 1}, "unknown_class", "2 images can't be used: the validati"),
    ],
)
def test_what_keeps_training_from_starting_is_an_error(
    make_folder: MakeFolder, counts: dict[str, int], kind: str, words: str
) -> None:
    path = make_folder(counts)
    last = reports(path)[-1]
    assert not last.can_train
    found = next(finding for finding in last.findings if finding.kind == kind)
    assert (found.severity, found.action) == ("error", "stop")
    assert words in found.message
    with pytest.raises(StudioError):
        load(DataSpec(source=str(path), image_size=(8, 8), channels=3))


@pytest.mark.parametrize(("pattern", "kind"), [("train/dog/*", "unusable_class"), ("val/*/*", "unusable_split")])
def test_classes_and_splits_without_a_usable_image_are_errors(make_folder: MakeFolder, pattern: str, kind: str) -> None:
    path = make_folder(PETS)
    for file in path.glob(pattern):
        file.write_text("no image")
    last = reports(path)[-1]
    assert last.findings[0].kind == kind
    assert not last.can_train
    with pytest.raises(StudioError, match="can be used"):
        load(DataSpec(source=str(path), image_size=(8, 8)))


def test_images_of_classes_that_training_lacks_are_looked_at_too(make_folder: MakeFolder) -> None:
    path = make_folder({"train/a": 3, "train/b": 3, "val/c": 2, "val/a": 1})
    (path / "val" / "c" / "01.png").write_text("no image")
    found = findings(path)
    assert found["unknown_class"].files == ("val/c/00.png", "val/c/01.png")
    assert found["not_image"].files == ("val/c/01.png",)


def test_a_source_of_arrays_is_looked_through(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    arrays: dict[str, Any] = {
        f"{part}_images": random.integers(0, 256, (count, 9, 9), dtype=np.uint8)
        for part, count in (("train", 40), ("val", 10))
    }
    arrays["val_images"][3] = arrays["train_images"][7]
    arrays["train_images"][11] = 200
    labels: dict[str, Any] = {"train_labels": np.arange(40) % 2, "val_labels": np.arange(10) % 2}
    np.savez(tmp_path / "grey.npz", **arrays, **labels)
    found = findings(tmp_path / "grey.npz")
    assert {kind: finding.files for kind, finding in found.items()} == {
        "constant": ("train[11]",),
        "leakage": ("train[7]", "validation[3]"),
    }


def test_the_digits_and_what_is_not_there() -> None:
    assert reports("digits")[-1].findings == ()
    with pytest.raises(StudioError, match="There is no data set and no folder 'cifar'"):
        reports("cifar")


def test_the_real_clothing_folder_is_clean_but_for_true_findings(data_root: Path) -> None:
    told = reports(data_root / "clothing")
    assert {finding.kind: finding.severity for finding in told[-1].findings} == {
        "elongated": "warning",
        "uneven": "info",
    }
    assert sum(map(sum, told[-1].counts.values())) == 1813


def test_one_image_in_two_classes_is_a_conflict(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 3, "b": 3})
    Image.open(path / "a" / "01.png").save(path / "b" / "copy.bmp")
    found = findings(path)
    assert found["conflict"].groups == (("a/01.png", "b/copy.bmp"),)
    assert found["duplicate"].groups == found["conflict"].groups


def test_without_leave_nothing_is_downloaded_to_be_checked(tmp_path: Path) -> None:
    with pytest.raises(NotDownloadedError):
        next(check(DataSpec(source="svhn", root=str(tmp_path)), download=False))


def test_images_whose_small_copies_are_alike_are_no_twins(make_folder: MakeFolder) -> None:
    path = make_folder({"a": 2, "b": 2}, sides=(40,))
    large = np.random.default_rng(0).integers(0, 256, (10, 10, 3), dtype=np.uint8).repeat(90, 0).repeat(90, 1)
    Image.fromarray(large).save(path / "a" / "one.png")
    large[455, 455] ^= 1
    Image.fromarray(large).save(path / "b" / "other.png")
    # the checks look at small copies
    assert decoded_file(path / "a" / "one.png", files._LOOK).tolist() == (
        decoded_file(path / "b" / "other.png", files._LOOK).tolist()
    )
    assert findings(path) == {}
