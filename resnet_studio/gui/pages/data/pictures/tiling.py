"""How large the images of the grid are and how many stand beside each other. Pure arithmetic."""

from dataclasses import dataclass

TINY = 32
"""Images up to this side are shown enlarged by whole numbers, so that every pixel of them is a square."""
EDGE = 2
"""Pixels around an image, for the frame of the selected one."""
LABEL_HEIGHT = 24
"""Room for the name of the class below an image."""
LABELLED_FROM = 44
"""Images narrower than this have no room for a name."""
MARGIN = 10
"""Left of and above the first image."""
SMALLEST, LARGEST, USUAL = 24, 192, 76
"""Bounds and default of the longer side of an image on the screen, in pixels."""
_ZOOM = 1.04


@dataclass(frozen=True)
class Tiling:
    """Sizes in pixels of the widget, and the number of columns."""

    image: tuple[int, int]
    """Width and height of an image."""
    cell: tuple[int, int]
    """Width and height of an image with its edge and its name."""
    columns: int

    @property
    def labelled(self) -> bool:
        """Whether names of classes stand below the images."""
        return self.image[0] >= LABELLED_FROM

    def corner(self, row: int) -> tuple[int, int]:
        """Return where the cell of an image begins, from the left and from the top of all of them."""
        line, column = divmod(row, self.columns)
        return MARGIN + column * self.cell[0], MARGIN + line * self.cell[1]

    def row_at(self, x: int, y: int, total: int) -> int:
        """Return the image at a point, -1 where none of `total` is."""
        column, line = (x - MARGIN) // self.cell[0], (y - MARGIN) // self.cell[1]
        row = line * self.columns + column
        return row if 0 <= column < self.columns and 0 <= row < total else -1

    def height(self, total: int) -> int:
        """Return the height of so many images, with margins."""
        return -(-total // self.columns) * self.cell[1] + 2 * MARGIN

    def rows(self, top: int, bottom: int, total: int, *, by_half: bool = False) -> range:
        """Return the images between two heights, those by more than a half or all that are touched."""
        high = self.cell[1]
        up, down = (high // 2, high // 2) if by_half else (0, high - 1)
        first, last = max(0, top - MARGIN + up) // high, max(0, bottom - MARGIN + down) // high
        return range(min(first * self.columns, total), min(last * self.columns, total))


def is_tiny(sides: tuple[int, int]) -> bool:
    """Whether images of that height and width are shown pixel by pixel."""
    return max(sides) <= TINY


def tiling(sides: tuple[int, int], wanted: int, room: int) -> Tiling:
    """Return how images of a height and width fill a room of so many pixels across.

    Args:
        sides: height and width of the images.
        wanted: the longer side that is wanted on the screen; tiny images take the nearest multiple of theirs,
            others grow or shrink until their rows fill the room.
        room: width of the area.
    """
    high, wide = sides
    scale = wanted / max(sides)
    if is_tiny(sides):
        scale = max(1.0, float(round(scale)))
    across = room / (max(1, round(wide * scale)) + 2 * EDGE)
    columns = max(1, int(across) if is_tiny(sides) else round(across))
    pitch = max(room // columns, 1)
    if not is_tiny(sides):
        scale = max(pitch - 2 * EDGE, 1) / wide
    image = max(1, round(wide * scale)), max(1, round(high * scale))
    label = LABEL_HEIGHT if image[0] >= LABELLED_FROM else EDGE
    return Tiling(image, (pitch, image[1] + 2 * EDGE + label), columns)


def zoomed(sides: tuple[int, int], wanted: int, room: int, steps: int) -> int:
    """Return the wanted side after so many steps that can be seen, smaller where negative; 0 steps: the usual one.

    Whole columns of photographs and whole multiples of tiny images leave many sides alike.
    """
    side = float(wanted if steps else USUAL)
    for _ in range(abs(steps)):
        shown = tiling(sides, round(side), room).image
        while SMALLEST <= side <= LARGEST and tiling(sides, round(side), room).image == shown:
            side *= _ZOOM if steps > 0 else 1 / _ZOOM
    return round(max(SMALLEST, min(side, LARGEST)))
