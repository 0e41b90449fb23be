"""Which preset someone means who types a part of its name."""

import re
from collections.abc import Sequence


def best(typed: str, names: Sequence[str]) -> int | None:
    """Return the place of the name that fits best what was typed, or None where none fits.

    All words typed must be in the name. A word or number of the name itself counts more than the beginning of one,
    and that more than a part: `50` is ResNet-50 before ResNeXt-50 32×4d, and never ResNet-152.

    Args:
        typed: some letters, of which case does not matter.
        names: in the order in which they are listed; of equals the first wins.
    """
    wanted = _words(typed)
    ranks = {place: _rank(wanted, name.lower()) for place, name in enumerate(names)}
    fitting = {place: rank for place, rank in ranks.items() if rank is not None}
    return min(fitting, key=lambda place: fitting[place]) if wanted and fitting else None


def _rank(wanted: Sequence[str], name: str) -> int | None:
    """Return how badly a name fits, 0 where it has all words as they are; None where one is not in it."""
    words = _words(name)
    rank = 0
    for word in wanted:
        if word in words:
            continue
        if any(each.startswith(word) for each in words):
            rank += 1
        elif word in name:
            rank += 2 * len(wanted)
        else:
            return None
    return rank


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())
