"""Reports come often, but where they take long, looking at the images comes first."""

from types import SimpleNamespace
from typing import cast

import pytest

from resnet_studio.data.checks import report as module
from resnet_studio.data.checks.report import EVERY, Looked, Pace, Report
from resnet_studio.data.watch import Progress


class Slow:
    """What is known of a data set, told in some seconds of a clock of its own."""

    def __init__(self, clock: list[float], seconds: float) -> None:
        self._clock, self._seconds = clock, seconds

    def report(self, progress: Progress) -> Report:
        self._clock[0] += self._seconds
        return Report("", "", (), {}, {}, (), progress)


@pytest.mark.parametrize(("seconds", "pause"), [(0.0, EVERY), (3.0, 4 * 3.0)])
def test_most_of_the_time_is_spent_on_the_images(monkeypatch: pytest.MonkeyPatch, seconds: float, pause: float) -> None:
    clock = [0.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    pace = Pace(cast("Looked", Slow(clock, seconds)), "Checking", 100)
    ended: list[float] = []
    pauses: list[float] = []
    for done in range(1, 400):
        clock[0] += 0.1
        began = clock[0]
        for one in pace.report(done):
            assert one.progress == Progress("Checking", done, 100)
            pauses.append(began - (ended[-1] if ended else 0.0))
            ended.append(clock[0])
    first, *others = pauses
    assert EVERY < first < EVERY + 0.2
    assert others
    assert all(pause < each < pause + 0.2 for each in others)
