"""Which rows of a list are chosen, as lists everywhere let one choose: one, a stretch with Shift, others with Ctrl."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chosen:
    """What is chosen.

    Attributes:
        places: of the rows, from 0, rising.
        current: the one that was chosen last; None where none is.
        anchor: where a stretch begins.
    """

    places: tuple[int, ...] = ()
    current: int | None = None
    anchor: int = 0

    @classmethod
    def only(cls, place: int) -> "Chosen":
        """Choose one row."""
        return cls((place,), place, place)

    @classmethod
    def of(cls, places: tuple[int, ...]) -> "Chosen":
        """Choose some rows; the last is the current one."""
        return cls(places, places[-1], places[0])

    def up_to(self, place: int) -> "Chosen":
        """Choose all rows from the anchor to this one."""
        first, last = sorted((self.anchor, place))
        return Chosen(tuple(range(first, last + 1)), place, self.anchor)

    def toggled(self, place: int) -> "Chosen":
        """Choose a row beside the others, or no longer; the last one stays."""
        others = tuple(other for other in self.places if other != place)
        if place not in self.places:
            return Chosen(tuple(sorted((*others, place))), place, place)
        return Chosen(others, others[-1], others[-1]) if others else self
