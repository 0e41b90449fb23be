"""What was found out about every file of a folder, kept from one look at it to the next.

The checks look at all files, and so does the decoding: whichever comes first keeps what it found for the other.
"""

from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import VERSION, Facts
from resnet_studio.data.fingerprint import fingerprint
from resnet_studio.data.remembered import is_remembered, recall, remember, remember_if_possible

_TELLING_SIDE = 32
"""Pixels along a side from which on small copies tell as much of images as the checks want to know."""


def has_facts(identity: str) -> bool:
    """Whether `known_facts` probably knows every file of a folder; this takes no time."""
    return is_remembered(_facts_key(identity))


def known_facts(identity: str) -> dict[str, list[Facts]] | None:
    """Return what is known of every file of each part of a folder; None where it was never decoded."""
    kept_facts = recall(_facts_key(identity))
    if kept_facts is None:
        return None
    return {name: [Facts._make(row) for row in rows] for name, rows in kept_facts}


def keep_facts(identity: str, facts: dict[str, list[Facts]]) -> None:
    """Keep what is known of every file of each part of a folder.

    Raises:
        StudioError: the disk can't be written.
    """
    remember(_facts_key(identity), list(facts.items()))


def keep_better(identity: str, facts: dict[str, list[Facts]]) -> None:
    """Keep facts, if possible, where none are known or the disk denied a file when those were found."""
    known = known_facts(identity)
    if known is None or any(one.problem == "unreadable" for found in known.values() for one in found):
        remember_if_possible(_facts_key(identity), list(facts.items()))


def tell_all(facts: dict[str, list[Facts]], decoding: Decoding) -> bool:
    """Whether facts found in images of the size wanted are as good as those of the checks' own, which are larger."""
    least = min(decoding.size)
    return all(least >= min(_TELLING_SIDE, one.height, one.width) for ones in facts.values() for one in ones)


def _facts_key(identity: str) -> str:
    return fingerprint("examined", VERSION, identity)
