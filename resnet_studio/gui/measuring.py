"""What a run has taken, from its events: pauses, and the time between a stop and its resumption, are nobody's work."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resnet_studio.runs.events import Event


def epoch_seconds(events: "Sequence[Event]") -> float | None:
    """Return the mean seconds of an epoch, its validation included; None before the first is whole.

    An epoch that began in an earlier sitting tells of its second half alone, and does not count.
    """
    from resnet_studio.runs.events import EpochDone, Paused, Resumed

    found: list[float] = []
    rested, halved = 0.0, False
    for before, event in pairwise(events):
        if isinstance(event, Resumed):
            if isinstance(before, Paused):
                rested += event.time - before.time
            else:
                halved = True
        elif isinstance(event, EpochDone):
            if not halved:
                found.append(event.seconds - rested)
            rested, halved = 0.0, False
    return sum(found) / len(found) if found else None


def run_seconds(events: "Sequence[Event]") -> float | None:
    """Return the seconds of a whole run, the test at its end included; None where it has not come to its end."""
    from resnet_studio.runs.events import Resumed, RunEnded

    if not events or not isinstance(events[-1], RunEnded) or events[-1].reason != "finished":
        return None
    return sum(event.time - before.time for before, event in pairwise(events) if not isinstance(event, Resumed))
