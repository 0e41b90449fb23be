"""How often something is drawn anew while news keep coming."""

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

BREATH_MS = 5
"""Milliseconds between two parts of a drawing, for everything else that the window has to do."""

LONGEST_MS = 1000
"""Milliseconds that a drawing is put off at most, however slow the machine is."""


class Pace(QObject):
    """Draws soon after `ask`, part by part, but never sooner than an interval after the last time.

    Attributes:
        interval_ms: from the end of one drawing to the beginning of the next, at least.
        share: of the time of a core, which drawings take at most; where one costs more of it, the next comes later.
    """

    def __init__(
        self, draw: Callable[[], Iterator[None]], interval_ms: int, share: float, parent: QObject | None = None
    ) -> None:
        """Make an idle one.

        Args:
            draw: a generator that draws; where it yields, other events may be handled, such as what it has to paint.
            interval_ms: see there.
            share: see there.
            parent: its owner.
        """
        super().__init__(parent)
        self.interval_ms, self.share = interval_ms, share
        self._began = self._taken_ms = 0.0
        self._draw = draw
        self._parts: Iterator[None] | None = None
        self._again = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)

    def ask(self) -> None:
        """Ask for a drawing; those who ask before it begins share it."""
        if self._parts is not None:
            self._again = True
        elif not self._timer.isActive():
            # its painting is among what is handled between its parts
            pause = max(self.interval_ms, min(LONGEST_MS, round(self._taken_ms / self.share)))
            passed = self._since.elapsed() if self._since.isValid() else pause
            self._timer.start(max(0, pause - passed))

    @Slot()
    def _go_on(self) -> None:
        if self._parts is None:
            self._began = time.thread_time()
            self._parts = self._draw()
        for _ in self._parts:
            self._timer.start(BREATH_MS)
            return
        self._parts = None
        self._taken_ms = 1000 * (time.thread_time() - self._began)
        self._since.start()
        if self._again:
            self._again = False
            self.ask()
