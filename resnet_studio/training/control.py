"""How a run is stopped and paused from another thread or another process."""

import threading
from collections.abc import Callable
from pathlib import Path

from resnet_studio.runs.folder import Request, RunFolder

_LOOK_AGAIN = 0.1
"""Seconds between two looks at the folder while a run is paused."""


class Control:
    """Two switches that any thread, or a signal handler, may set; the trainer looks at them between steps.

    Files `stop` and `pause` in the run's folder `control/` do the same from another process.

    Attributes:
        stop: set it, and the run saves and ends.
        pause: while it is set, the run saves and waits; the run sets it itself where its disk takes nothing.
        parent: a folder in which a run that waits for its disk makes its own anew, before the pause is ended; None to
            try the same one again.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.pause = threading.Event()
        self.parent: Path | None = None

    def request(self, folder: RunFolder) -> Request | None:
        """Return what is asked of the run right now; a stop counts more than a pause."""
        asked = folder.requests()
        if self.stop.is_set() or "stop" in asked:
            return "stop"
        return "pause" if self.pause.is_set() or "pause" in asked else None

    def wait(self, folder: RunFolder, until: Callable[[], bool] = lambda: False) -> None:
        """Wait until no pause is asked for any more, a stop is, or `until` returns True."""
        while self.request(folder) == "pause" and not until():
            self.stop.wait(_LOOK_AGAIN)
