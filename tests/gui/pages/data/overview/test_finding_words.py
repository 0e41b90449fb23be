"""What findings come down to, in words."""

from dataclasses import replace

from resnet_studio.data.checks.check import Report
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.watch import Progress
from resnet_studio.gui.pages.data.overview.finding_words import copied, sound, unreadable

CUT = DataFinding("warning", "truncated", "2 images are cut short and are skipped.", "skip", ("a/1.png", "b/2.png"))
LEAK = DataFinding(
    "warning",
    "leakage",
    "1 picture is in more than one split.",
    "nothing",
    ("train/a/1.png", "test/a/2.png"),
    (("train/a/1.png", "test/a/2.png"),),
)
REPORT = Report("/pets", "pets", ("a", "b"), {"train": (900, 100), "test": (80, 20)}, {}, (), None)


def test_unreadable_files_are_counted_once_they_were_looked_at() -> None:
    assert unreadable(REPORT) == "0 unreadable of 1,100"
    twice = replace(CUT, kind="damaged", files=("a/1.png", "b/3.png"))
    assert unreadable(replace(REPORT, findings=(CUT, twice, LEAK))) == "3 unreadable of 1,100"
    assert unreadable(replace(REPORT, progress=Progress("Checking", 0, 1100))) == ""
    assert unreadable(replace(REPORT, counts={})) == ""


def test_what_is_right_is_said_when_all_is_known() -> None:
    readable, once = "ll 1,100 images can be read", "o picture occurs twice in or across the splits"
    assert sound(REPORT) == f"A{readable}, n{once}."
    assert sound(replace(REPORT, findings=(CUT,))) == f"N{once}."
    assert sound(replace(REPORT, findings=(LEAK,))) == f"A{readable}."
    assert sound(replace(REPORT, findings=(CUT, LEAK))) == ""
    assert sound(replace(REPORT, progress=Progress("Checking", 5, 1100))) == ""


def test_the_clipboard_has_every_message_and_file() -> None:
    assert copied("pets", (CUT, LEAK)).splitlines() == [
        "pets",
        "warning: 2 images are cut short and are skipped.",
        "  a/1.png",
        "  b/2.png",
        "warning: 1 picture is in more than one split.",
        "  train/a/1.png, test/a/2.png",
    ]
