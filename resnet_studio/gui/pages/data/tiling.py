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
