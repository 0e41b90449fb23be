"""Findings are written as a table that other programs read."""

import csv
from pathlib import Path

from resnet_studio.data.checks.finding import DataFinding, csv_bytes, write_csv
from resnet_studio.data.images import counted

FINDINGS = (
    DataFinding("error", "layout", "It has no classes.", "stop"),
    DataFinding("warning", "not_image", "2 files, or more.", "skip", ('a/"1".jpg', "a/\udcff.jpg")),
    DataFinding("warning", "leakage", "1 picture.", "nothing", ("a", "b", "c"), (("a", "b"), ("c",))),
)


def test_a_line_for_each_file(tmp_path: Path) -> None:
    write_csv(tmp_path / "found.csv", FINDINGS)
    assert (tmp_path / "found.csv").read_bytes() == csv_bytes(FINDINGS)
    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["severity", "kind", "action", "file", "group", "message"],
        ["error", "layout", "stop", "", "", "It has no classes."],
        ["warning", "not_image", "skip", 'a/"1".jpg', "", "2 files, or more."],
        ["warning", "not_image", "skip", "a/\\udcff.jpg", "", "2 files, or more."],
        ["warning", "leakage", "nothing", "a", "1", "1 picture."],
        ["warning", "leakage", "nothing", "b", "1", "1 picture."],
        ["warning", "leakage", "nothing", "c", "2", "1 picture."],
    ]


def test_numbers_in_sentences() -> None:
    assert counted(1, "1 image is", "{} images are") == "1 image is"
    assert counted(1234, "1 image is", "{} images are") == "1,234 images are"
