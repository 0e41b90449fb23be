"""Stages as text, there and back, and what is refused by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.gui.pages.design.stages.clipboard import as_text, read
from resnet_studio.spec.errors import StudioError

stages = st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 65_536), st.integers(1, 16)), min_size=1, max_size=8)


def test_a_spreadsheet_gets_a_head_and_tabs() -> None:
    assert as_text([(3, 64, 1), (4, 128, 2)]) == "blocks\tchannels\tstride\n3\t64\t1\n4\t128\t2\n"


@given(rows=stages)
def test_what_is_copied_is_pasted(rows: list[tuple[int, int, int]]) -> None:
    assert read(as_text(rows)) == tuple(rows)


@pytest.mark.parametrize(
    "text",
    ["3 64 1\n4 128 2", "3, 64, 1\r\n4, 128, 2\r\n", "3;64;1\n\n4;128;2\n", "Blocks Channels Stride\n3 64 1\n4 128 2"],
)
def test_plain_lines_of_three_numbers_are_stages(text: str) -> None:
    assert read(text) == ((3, 64, 1), (4, 128, 2))


def test_thousands_of_a_spreadsheet_are_read() -> None:
    assert read("1,000\t2,048\t2") == ((1000, 2048, 2),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no stages"),
        ("blocks\tchannels\tstride\n", "holds no stages"),
        ("3 64 1\n3 64", "Line 2 of the clipboard, “3 64”, is no stage"),
        ("blocks\tchannels\tstride\n3\t64\t1\n\n3\tx\t1", "Line 4 of the clipboard, “3 x 1”"),
        ("3 64 1.5", "Line 1 .*is no stage"),
        ("-3 64 1", "Line 1 .*is no stage"),
        ("3 64 17", "Line 1 of the clipboard: stride 17 is outside 1 to 16"),
        ("0 64 1", "blocks 0 is outside 1 to 10,000"),
        ("3 65537 1", "channels 65537 is outside 1 to 65,536"),
        ("3 " + "9" * 10_000 + " 1", "channels 999"),
        ("3 64 1\n" * 9, "holds 9 lines; a network has at most 8 stages"),
        ("a letter to a friend", "Line 1 of the clipboard, “a letter to a friend”"),
        ("word " * 1000, "…"),
    ],
)
def test_what_is_no_stage_is_refused_by_its_line(text: str, said: str) -> None:
    with pytest.raises(StudioError, match=said) as refused:
        read(text)
    assert len(str(refused.value)) < 160
