"""How often something is drawn anew while news keep coming."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

BREATH_MS = 5
"""Milliseconds between two parts of a drawing, for everything else that the window has to do."""


class Pace(QObject):
    """Draws soon after `ask`, part by part, but never sooner than an interval after the last time."""

    def __init__(self, draw: Callable[[], Iterator[None]], interval_ms: int, parent: QObject | None = None) -> None:
        """Make an idle one.

        Args:
            draw: a generator that draws; where it yields, other events may be handled.
            interval_ms: from the end of one drawing to the beginning of the next.
            parent: its owner.
        """
        super().__init__(parent)
        self.interval_ms = interval_ms
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
            passed = self._since.elapsed() if self._since.isValid() else self.interval_ms
            self._timer.start(max(0, self.interval_ms - passed))

    @Slot()
    def _go_on(self) -> None:
        if self._parts is None:
            self._parts = self._draw()
        for _ in self._parts:
            self._timer.start(BREATH_MS)
            return
        self._parts = None
        self._since.start()
        if self._again:
            self._again = False
            self.ask()
