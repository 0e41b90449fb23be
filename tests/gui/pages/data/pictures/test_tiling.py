"""Sizes and columns of the grid."""

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.gui.pages.data.pictures.tiling import EDGE, TINY, is_tiny, tiling


@given(
    sides=st.tuples(st.integers(1, 400), st.integers(1, 400)), wanted=st.integers(24, 192), room=st.integers(200, 2000)
)
def test_columns_fit_the_room_and_the_shape_stays(sides: tuple[int, int], wanted: int, room: int) -> None:
    tiles = tiling(sides, wanted, room)
    assert tiles.columns * tiles.cell[0] <= room
    assert tiles.image[0] + 2 * EDGE <= tiles.cell[0] or tiles.columns == 1
    assert tiles.image[1] < tiles.cell[1]
    assert abs(tiles.image[0] * sides[0] / sides[1] - tiles.image[1]) <= 0.5 + 0.5 * sides[0] / sides[1]


@given(
    sides=st.tuples(st.integers(4, TINY), st.integers(4, TINY)),
    wanted=st.integers(24, 192),
    room=st.integers(400, 2000),
)
def test_each_pixel_of_a_tiny_image_is_a_square_of_whole_pixels(sides: tuple[int, int], wanted: int, room: int) -> None:
    wide, high = tiling(sides, wanted, room).image
    assert wide % sides[1] == high % sides[0] == 0
    assert wide // sides[1] == high // sides[0]


def test_photographs_fill_the_row() -> None:
    tiles = tiling((96, 96), 76, 546)
    assert tiles.columns == 7
    assert tiles.image == (74, 74)
    assert tiles.labelled


def test_small_ones_have_no_name() -> None:
    assert not tiling((8, 8), 24, 546).labelled


def test_what_is_tiny() -> None:
    assert is_tiny((32, 32))
    assert not is_tiny((32, 33))
