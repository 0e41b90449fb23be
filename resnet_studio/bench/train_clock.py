"""When the steps of an arm are timed, and what it tells of them."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch


class Clock:
    """Counts the steps of an arm, and times those after the warm-up.

    The device is waited for at the beginning and at the end, and at no step between.
    """

    def __init__(self, device: str, batch: int, warm_up: int, steps: int) -> None:
        self._device, self._batch = device, batch
        self._first, self._last = warm_up, warm_up + steps
        self._count, self._begin = 0, 0.0
        self.rate = 0.0
        """Images per second, once all steps are done."""

    def tick(self) -> bool:
        """Count a step that is done, and return whether there are more to do."""
        self._count += 1
        if self._count in {self._first, self._last}:
            now = self._now()
            if self._count == self._first:
                self._begin = now
            else:
                self.rate = (self._last - self._first) * self._batch / (now - self._begin)
        return self._count < self._last

    def _now(self) -> float:
        if self._device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()


@contextmanager
def no_waiting(device: str) -> Iterator[None]:
    """Let everything that waits for the GPU raise an error."""
    if device != "cuda":
        yield
        return
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode(before)


def peak_memory(device: str) -> float | None:
    """Return the most bytes that this process had, of the GPU's memory or of its own; None where nobody tells."""
    if device == "cuda":
        return float(torch.cuda.max_memory_allocated())
    if sys.platform == "win32":
        return None
    import resource

    # kilobytes, but on macOS bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)
