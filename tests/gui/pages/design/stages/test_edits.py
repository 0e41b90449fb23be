"""Edits of the rows of stages: what comes out, what is chosen then, what it is called."""

import pytest

from resnet_studio.gui.pages.design.stages.edits import (
    added,
    changes,
    dropped,
    duplicated,
    moved,
    named,
    pasted,
    removed,
    rows_of,
)
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.presets import preset

A, B, C, D = ROWS = ((1, 16, 1), (2, 32, 2), (3, 64, 2), (4, 128, 2))


def test_rows_of_a_network() -> None:
    assert rows_of(preset("resnet50")) == ((3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2))


@pytest.mark.parametrize(
    ("places", "words"), [((1,), "stage 2"), ((1, 2), "stages 2 and 3"), ((0, 1, 3), "stages 1, 2 and 4")]
)
def test_stages_are_named(places: tuple[int, ...], words: str) -> None:
    assert named(places) == words


def test_a_stage_is_added_after_the_last_chosen_one() -> None:
    edited = added(ROWS, (0, 1))
    assert edited.rows == (A, B, (2, 64, 2), C, D)
    assert (edited.chosen, edited.text) == ((2,), "add stage 3")
    assert added(((1, 60_000, 1),), (0,)).rows[1] == (1, 65_536, 2)


def test_chosen_stages_are_removed_but_not_all() -> None:
    edited = removed(ROWS, (1, 3))
    assert (edited.rows, edited.chosen, edited.text) == ((A, C), (0,), "remove stages 2 and 4")
    assert removed(ROWS, (0,)).chosen == (0,)
    assert removed(ROWS, (2,), "cut").text == "cut stage 3"
    with pytest.raises(StudioError, match="at least one stage"):
        removed(ROWS, (0, 1, 2, 3))


def test_copies_come_behind_the_last_chosen_one_and_are_chosen() -> None:
    edited = duplicated(ROWS, (0, 2))
    assert edited.rows == (A, B, C, A, C, D)
    assert (edited.chosen, edited.text) == ((3, 4), "duplicate stages 1 and 3")
    edited = pasted(ROWS, (1,), [D, A])
    assert (edited.rows, edited.chosen, edited.text) == ((A, B, D, A, C, D), (2, 3), "paste 2 stages")
    assert pasted(ROWS, (1,), [D]).text == "paste 1 stage"


def test_nine_stages_are_refused() -> None:
    eight = ROWS + ROWS
    with pytest.raises(StudioError, match="would make 9 stages; a network has at most 8"):
        added(eight, (0,))
    with pytest.raises(StudioError, match="9 stages"):
        duplicated(eight[:6], (0, 1, 2))
    with pytest.raises(StudioError, match="9 stages"):
        pasted(eight, (0,), [A])


@pytest.mark.parametrize(
    ("chosen", "by", "rows", "then", "text"),
    [
        ((2,), -1, (A, C, B, D), (1,), "move stage 3 up"),
        ((0, 1), 1, (C, A, B, D), (1, 2), "move stages 1 and 2 down"),
        ((1, 3), -1, (B, A, D, C), (0, 2), "move stages 2 and 4 up"),
        ((0, 2), -1, ROWS, (0, 2), "move stages 1 and 3 up"),
        ((3,), 1, ROWS, (3,), "move stage 4 down"),
    ],
)
def test_stages_move_by_one(
    chosen: tuple[int, ...], by: int, rows: tuple[object, ...], then: tuple[int, ...], text: str
) -> None:
    edited = moved(ROWS, chosen, by)
    assert (edited.rows, edited.chosen, edited.text) == (rows, then, text)


@pytest.mark.parametrize(
    ("chosen", "gap", "rows", "then", "text"),
    [
        ((3,), 0, (D, A, B, C), (0,), "move stage 4 to place 1"),
        ((0, 2), 4, (B, D, A, C), (2, 3), "move stages 1 and 3 to place 3"),
        ((0, 2), 2, (B, A, C, D), (1, 2), "move stages 1 and 3 to place 2"),
        ((1,), 1, ROWS, (1,), "move stage 2 to place 2"),
        ((1,), 2, ROWS, (1,), "move stage 2 to place 2"),
    ],
)
def test_stages_are_dropped_into_a_gap(
    chosen: tuple[int, ...], gap: int, rows: tuple[object, ...], then: tuple[int, ...], text: str
) -> None:
    edited = dropped(ROWS, chosen, gap)
    assert (edited.rows, edited.chosen, edited.text) == (rows, then, text)


def test_doubling_channels_stay_one_number_while_they_double() -> None:
    network = preset("resnet18")
    assert changes(network, ((2, 64, 1), (2, 128, 2)))["network"]["channels"] == 64
    assert changes(network, ((2, 64, 1), (2, 100, 2)))["network"]["channels"] == (64, 100)
    wide = network.model_validate(network.model_dump() | {"channels": (64, 128, 256, 512)})
    assert changes(wide, ((2, 64, 1), (2, 128, 2)))["network"]["channels"] == (64, 128)
