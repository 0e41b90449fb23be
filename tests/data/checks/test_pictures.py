"""Images are told by what they are like, and by their twins."""

from typing import Any

import pytest

from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.data.checks.pictures import Gallery
from resnet_studio.data.checks.shapes import Wanted
from resnet_studio.data.decoding.examine import Facts

SOUND = Facts(format="JPEG", mode="RGB", height=400, width=300, spread=200)


def found(*images: tuple[str, int, str, Facts]) -> dict[str, DataFinding]:
    """The findings on images, given as part, label, name and facts, among twenty sound ones."""
    gallery = Gallery(("cat", "dog"))
    for number in range(20):
        gallery.add("train", number % 2, f"{number}.jpg", SOUND._replace(pixels=f"sound {number}"))
    for image in images:
        gallery.add(*image)
    return {finding.kind: finding for finding in gallery.findings()}


def test_sound_images_are_not_mentioned() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("name", "changes", "kind", "verdict", "words"),
    [
        ("a.jpg", {"problem": "truncated"}, "truncated", ("warning", "skip"), "1 image is cut short and is skipped."),
        ("a.jpg", {"problem": "damaged"}, "damaged", ("warning", "skip"), "1 image is damaged and is skipped."),
        (
            "a.jpg",
            {"problem": "not_image"},
            "not_image",
            ("warning", "skip"),
            "name of an image is none and is skipped",
        ),
        ("a.jpg", {"problem": "bomb"}, "bomb", ("warning", "skip"), "more than 89 million pixels"),
        ("a.jpg", {"problem": "unreadable"}, "unreadable", ("warning", "skip"), "can't be read from the disk"),
        ("a.jpg", {"spread": 12}, "constant", ("warning", "nothing"), "one colour nearly everywhere"),
        ("a.gif", {"format": "GIF", "animated": True}, "animated", ("info", "convert"), "the first is used"),
        ("a.jpg", {"mode": "CMYK"}, "cmyk", ("info", "convert"), "converted to RGB"),
        ("a.jpg", {"deep": True}, "deep", ("info", "convert"), "converted to 8 bits"),
        ("a.jpg", {"transparent": True}, "transparent", ("info", "convert"), "laid on white"),
        ("a.jpg", {"turned": True}, "rotated", ("info", "convert"), "turned upright"),
        ("a.PNG", {}, "wrong_ending", ("info", "nothing"), "read as what it is"),
    ],
)
def test_each_kind_is_told_with_its_verdict(
    name: str, changes: dict[str, Any], kind: str, verdict: tuple[str, str], words: str
) -> None:
    facts = SOUND._replace(pixels="another", **changes)
    if facts.problem:
        facts = Facts(facts.problem, "reason")
    findings = found(("train", 0, name, facts))
    assert list(findings) == [kind]
    assert (findings[kind].severity, findings[kind].action) == verdict
    assert words in findings[kind].message
    assert findings[kind].files == (name,)


def test_many_are_counted() -> None:
    (finding,) = found(*(("train", 0, f"{number}.jpg", Facts("bomb", "")) for number in range(1200))).values()
    assert finding.message.startswith("1,200 images claim")
    assert len(finding.files) == 1200


def test_what_becomes_of_the_shapes_is_told() -> None:
    gallery = Gallery(("cat",), Wanted("fill", (64, 64)))
    gallery.add("train", 0, "a.jpg", SOUND._replace(height=700))
    gallery.add("train", 0, "b.jpg", Facts("damaged", ""))
    (finding,) = [finding for finding in gallery.findings() if finding.kind != "damaged"]
    assert (finding.kind, finding.files) == ("elongated", ("a.jpg",))


def test_twins_are_told_by_where_they_are() -> None:
    twin, other = SOUND._replace(pixels="twin"), SOUND._replace(pixels="other")
    within = found(("train", 0, "a.jpg", twin), ("train", 0, "b.jpg", twin), ("train", 0, "c.jpg", twin))
    assert {kind: finding.groups for kind, finding in within.items()} == {"duplicate": (("a.jpg", "b.jpg", "c.jpg"),)}
    across = found(("train", 0, "a.jpg", twin), ("train", 0, "b.jpg", other), ("test", 0, "c.jpg", twin))
    assert {kind: finding.groups for kind, finding in across.items()} == {"leakage": (("a.jpg", "c.jpg"),)}
    assert across["leakage"].action == "nothing"
    assert "leakage" in across["leakage"].message
    torn = found(("train", 0, "a.jpg", twin), ("test", 1, "b.jpg", twin))
    assert set(torn) == {"leakage", "conflict"}


def test_what_is_held_out_may_have_a_twin_that_trains() -> None:
    twin = SOUND._replace(pixels="twin")
    twins = (("train", 0, "a.jpg", twin), ("train", 0, "b.jpg", twin))
    held_out, own = found(*twins), found(*twins, ("validation", 0, "c.jpg", SOUND))
    assert held_out["duplicate"].message.endswith("; those that are held out at random may have a twin that trains.")
    assert own["duplicate"].message.endswith("counts as often.")


def test_only_what_is_the_same_on_a_second_look_is_a_twin() -> None:
    asked: list[tuple[str, str]] = []

    def same(one: str, other: str) -> bool:
        asked.append((one, other))
        return one[0] == other[0]

    gallery = Gallery(("cat",), same=same)
    for name in ("a1", "b1", "a2", "b2", "c1"):
        gallery.add("train", 0, name, SOUND._replace(pixels="small copies alike"))
    (finding,) = [finding for finding in gallery.findings() if finding.kind == "duplicate"]
    assert finding.groups == (("a1", "a2"), ("b1", "b2"))
    assert asked == [("a1", "b1"), ("a1", "a2"), ("a1", "b2"), ("b1", "b2"), ("a1", "c1"), ("b1", "c1")]
    asked.clear()
    for number in range(100):
        gallery.add("train", 0, f"{chr(1000 + number)}", SOUND._replace(pixels="small copies alike"))
    assert len(asked) <= 100 * 8


def test_images_of_another_size_or_without_content_are_no_twins() -> None:
    twin, blank = SOUND._replace(pixels="twin"), SOUND._replace(pixels="blank", spread=0)
    findings = found(
        ("train", 0, "a.jpg", twin),
        ("train", 0, "b.jpg", twin._replace(height=500)),
        ("train", 0, "c.jpg", blank),
        ("test", 0, "d.jpg", blank),
    )
    assert set(findings) == {"constant"}


def test_what_has_no_usable_image_is_told() -> None:
    gallery = Gallery(("cat", "dog"))
    gallery.add("train", 0, "a.jpg", SOUND)
    gallery.add("train", 1, "b.jpg", Facts("damaged", ""))
    gallery.add("test", 1, "c.jpg", Facts("damaged", ""))
    (finding,) = gallery.unusable("train")
    assert (finding.kind, finding.files) == ("unusable_class", ("b.jpg",))
    assert "None of the 1 train images of the class dog can be used" in finding.message
    assert (gallery.has_usable("train"), gallery.has_usable("test")) == (True, False)
