"""Cyclic garbage is collected in the GUI thread alone.

Python collects it in whichever thread happens to allocate. Where that is a worker's thread, and a QObject with a timer
or an event of its own is among the garbage, Qt destroys it in the wrong thread and the process dies.
"""

import gc
import sys
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 500

MANY_MODULES = 100
"""After so many new modules, what is there is set aside: they stay, and looking through torch's takes 0.2 s."""


class Collector(QObject):
    """While one is started, Python's own collection is off and a timer of the GUI thread does it instead."""

    _started: ClassVar[set[int]] = set()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._modules = 0
        self._old = self._grown = 0
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take the collection over, before a thread is started. GUI thread."""
        gc.disable()
        self._modules = len(sys.modules)
        self._old, self._grown = len(gc.get_objects(2)), 0
        self._started.add(id(self))
        self._timer.start()

    def stop(self) -> None:
        """Give the collection back to Python, after the threads have ended. GUI thread."""
        self._timer.stop()
        self._started.discard(id(self))
        if not self._started:
            gc.unfreeze()
            gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collect the generations that are due by Python's own thresholds; after large imports, set them aside."""
        if len(sys.modules) - self._modules > MANY_MODULES:
            self._modules = len(sys.modules)
            gc.freeze()
            self._old = self._grown = 0
            return
        due = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        # as Python does: through the old ones only where there are a quarter more of them than the last time
        if due[2] and self._grown > self._old // 4:
            gc.collect()
            self._old, self._grown = len(gc.get_objects(2)), 0
        elif due[1]:
            young = len(gc.get_objects(0)) + len(gc.get_objects(1))
            self._grown += young - gc.collect(1)
        elif due[0]:
            gc.collect(0)
