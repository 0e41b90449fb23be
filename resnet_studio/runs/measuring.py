"""What a run has taken: pauses, and the time between a stop and its resumption, are nobody's work."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from resnet_studio.runs.events import EpochDone, Event, Paused, Resumed, RunEnded


def epoch_seconds(events: Sequence[Event]) -> float | None:
    """Return the mean seconds of an epoch, its validation included; None before the first is whole.

    An epoch that began in an earlier sitting tells of its second half alone, and does not count.
    """
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


def run_seconds(events: Sequence[Event]) -> float | None:
    """Return the seconds of a whole run, the test at its end included; None where it has not come to its end."""
    if not events or not isinstance(events[-1], RunEnded) or events[-1].reason != "finished":
        return None
    return sum(event.time - before.time for before, event in pairwise(events) if not isinstance(event, Resumed))


def checkpoint_bytes(folder: Path) -> int:
    """Return the bytes of the tensors in all checkpoints of a run; those that are being let go meanwhile don't count.

    Args:
        folder: the run.
    """
    total = 0
    with suppress(OSError):
        for checkpoint in (folder / "checkpoints").glob("step-*"):
            with suppress(OSError):
                total += sum(path.stat().st_size for path in checkpoint.glob("*.safetensors"))
    return total
