"""What a set of images says of itself."""

from dataclasses import replace

import pytest

from resnet_studio.data.images import ImageSet, Skipped, printable
from resnet_studio.data.load import load
from resnet_studio.spec.data import DataSpec


def test_the_images_that_are_not_used_are_counted_in_words() -> None:
    def note(*skipped: Skipped) -> str:
        images: ImageSet = replace(load(DataSpec()), skipped=skipped)
        return images.skipped_note

    one = Skipped("a/1.png", "it is cut short")
    assert note() == ""
    assert note(one) == "1 image was skipped: a/1.png (it is cut short)."
    assert note(one, one, one) == "3 images were skipped: a/1.png (it is cut short) and 2 more."
    assert note(Skipped("a/\udcff.png", "it is empty")) == "1 image was skipped: a/\\udcff.png (it is empty)."


def test_a_name_that_is_no_utf8_can_be_written() -> None:
    assert printable("ä/\udcff.png") == "ä/\\udcff.png"
    assert printable("ä/\udcff.png").encode()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller/日本.jpg", "Müller/日本.jpg"),
        ("caf\udce9.jpg", "caf\\udce9.jpg"),
        ("a\nb\r\t\x1b[31m.jpg", "a\\nb\\r\\t\\x1b[31m.jpg"),
        ("a\u2028b", "a\\u2028b"),
    ],
)
def test_names_are_written_on_one_line(name: str, written: str) -> None:
    assert printable(name) == written
