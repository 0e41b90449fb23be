"""The recipe's limit of the training time, over all sittings of a run."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from time import monotonic

from resnet_studio.runs.events import Event, Paused, Resumed, RunEnded


class TimeLimit:
    """Counts the time that a run has trained, evaluations and checkpoints included, pauses and loading not.

    Whoever resumes a run that its limit has ended wants it to go on: then it has the whole time again.
    """

    def __init__(self, minutes: float | None, before: Iterable[Event] = ()) -> None:
        """Begin to count.

        Args:
            minutes: the limit; None: there is none.
            before: what happened in earlier sittings.
        """
        self._minutes = minutes
        self._began = monotonic() - trained_seconds(before)

    @property
    def is_reached(self) -> bool:
        """Whether the run is to end now."""
        return self._minutes is not None and monotonic() - self._began >= 60 * self._minutes

    @property
    def sentence(self) -> str:
        """Why the run has ended."""
        return f"The time limit of {self._minutes:g} min is reached (training.max_minutes); resume gives as much again."

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Count nothing meanwhile."""
        start = monotonic()
        try:
            yield
        finally:
            self._began += monotonic() - start


def trained_seconds(events: Iterable[Event]) -> float:
    """Return how long a run has trained since it began, or since its limit has ended it the last time.

    A sitting that was killed counts up to its last event.
    """
    seconds = 0.0
    for before, event in pairwise(events):
        if not isinstance(event, Resumed) and not isinstance(before, Paused):
            # clocks are put back now and then
            seconds += max(0.0, event.time - before.time)
        if isinstance(event, RunEnded) and event.reason == "stopped" and event.message:
            seconds = 0.0
    return seconds
