"""What can be done with the stages as rows of a list: each edit gives all rows, what is chosen then, and a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import MAX_STAGES, NetworkSpec

Row = tuple[int, int, int]
"""Blocks, channels and stride of a stage."""

MOST_CHANNELS = 65_536


@dataclass(frozen=True)
class Edited:
    """All rows after an edit, the places that are chosen then, from 0 and rising, and what the edit is called."""

    rows: tuple[Row, ...]
    chosen: tuple[int, ...]
    text: str


def rows_of(network: NetworkSpec) -> tuple[Row, ...]:
    """Return a network's stages as rows."""
    return tuple(zip(network.block_sizes, network.stage_channels, network.strides, strict=True))


def changes(network: NetworkSpec, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the values that give a network these stages; channels that double stay one number where they still do."""
    blocks, channels, strides = (tuple(column) for column in zip(*rows, strict=True))
    doubled = tuple(channels[0] * 2**place for place in range(len(channels)))
    one = isinstance(network.channels, int) and channels == doubled
    stages = {"block_sizes": blocks, "channels": channels[0] if one else channels, "strides": strides}
    # the three are of one length, so they can only change together
    return {"network": network.model_dump() | stages}


def named(places: Sequence[int]) -> str:
    """Return `stage 2`, `stages 2 and 3` or `stages 1, 2 and 4` for places from 0."""
    *most, last = [str(place + 1) for place in places]
    return f"stages {', '.join(most)} and {last}" if most else f"stage {last}"


def added(rows: Sequence[Row], chosen: Sequence[int]) -> Edited:
    """Add a stage after the chosen ones, with twice the channels at half the resolution.

    Raises:
        StudioError: there are as many stages as a network may have.
    """
    _check_room(rows, 1)
    place = chosen[-1] + 1
    blocks, channels, _ = rows[place - 1]
    new = (blocks, min(MOST_CHANNELS, 2 * channels), 2)
    return Edited((*rows[:place], new, *rows[place:]), (place,), f"add stage {place + 1}")


def removed(rows: Sequence[Row], chosen: Sequence[int], verb: str = "remove") -> Edited:
    """Take the chosen stages away; the one before them is chosen then.

    Raises:
        StudioError: none would be left.
    """
    if len(chosen) == len(rows):
        raise StudioError("A network needs at least one stage; leave one of them.")
    kept = tuple(row for place, row in enumerate(rows) if place not in chosen)
    return Edited(kept, (max(0, chosen[0] - 1),), f"{verb} {named(chosen)}")


def duplicated(rows: Sequence[Row], chosen: Sequence[int]) -> Edited:
    """Put copies of the chosen stages behind the last of them.

    Raises:
        StudioError: that would be more stages than a network may have.
    """
    copies = [rows[place] for place in chosen]
    return _inserted(rows, chosen[-1] + 1, copies, f"duplicate {named(chosen)}")


def pasted(rows: Sequence[Row], chosen: Sequence[int], new: Sequence[Row]) -> Edited:
    """Put new stages behind the last chosen one.

    Raises:
        StudioError: that would be more stages than a network may have.
    """
    text = "paste 1 stage" if len(new) == 1 else f"paste {len(new)} stages"
    return _inserted(rows, chosen[-1] + 1, new, text)


def moved(rows: Sequence[Row], chosen: Sequence[int], by: int) -> Edited:
    """Move each chosen stage one place up (-1) or down (1); at the end of the list they stay."""
    text = f"move {named(chosen)} {'up' if by < 0 else 'down'}"
    if chosen[0] + by < 0 or chosen[-1] + by >= len(rows):
        return Edited(tuple(rows), tuple(chosen), text)
    order = list(rows)
    for place in chosen if by < 0 else reversed(chosen):
        order[place], order[place + by] = order[place + by], order[place]
    return Edited(tuple(order), tuple(place + by for place in chosen), text)


def dropped(rows: Sequence[Row], chosen: Sequence[int], gap: int) -> Edited:
    """Move the chosen stages together into a gap: 0 is before the first row, 1 behind it, and so on."""
    before = [rows[place] for place in range(gap) if place not in chosen]
    after = [rows[place] for place in range(gap, len(rows)) if place not in chosen]
    first = len(before)
    order = (*before, *(rows[place] for place in chosen), *after)
    return Edited(order, tuple(range(first, first + len(chosen))), f"move {named(chosen)} to place {first + 1}")


def _inserted(rows: Sequence[Row], place: int, new: Sequence[Row], text: str) -> Edited:
    _check_room(rows, len(new))
    return Edited((*rows[:place], *new, *rows[place:]), tuple(range(place, place + len(new))), text)


def _check_room(rows: Sequence[Row], more: int) -> None:
    if len(rows) + more > MAX_STAGES:
        raise StudioError(f"That would make {len(rows) + more} stages; a network has at most {MAX_STAGES}.")
