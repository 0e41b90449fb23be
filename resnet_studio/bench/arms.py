"""Arms of a benchmark, each in a process of its own, so that none warms up or slows down another."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from resnet_studio.bench.report import OtherLoad


class ArmFailedError(RuntimeError):
    """An arm that didn't come to its end.

    Attributes:
        reason: which, and the last line that it printed.
    """

    def __init__(self, arm: str, printed: str) -> None:
        super().__init__(f"the arm {arm!r} failed:\n{printed}")
        *_, last = ("it said nothing", *printed.splitlines())
        self.reason = f"the arm {arm!r} failed: {last}"


def measured(
    module: str,
    arms: Sequence[str],
    *arguments: str,
    rounds: int,
    environment: Mapping[str, str] | None = None,
    watch: Callable[[str, float | None], None] | None = None,
) -> dict[str, list[float]]:
    """Run every arm once a round, the order rotated from round to round, and return what they tell.

    Args:
        module: run as `python -m MODULE ARM ARGUMENTS`; it prints a JSON object of named figures as its last line.
        arms: names of the arms.
        *arguments: of each arm.
        rounds: how often each arm runs.
        environment: variables beside those of this process.
        watch: told after each run the arm and the cores that others kept busy meanwhile, None where nobody tells.

    Returns:
        One figure a round under each name.

    Raises:
        ArmFailedError: an arm failed; what it printed is told.
    """
    figures: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        first = number % len(arms)
        for arm in (*arms[first:], *arms[:first]):
            load = OtherLoad()
            for name, figure in _told([sys.executable, "-m", module, arm, *arguments], environment or {}).items():
                figures[name].append(figure)
            if watch is not None:
                watch(arm, load.cores())
    return dict(figures)


def _told(command: Sequence[str], environment: Mapping[str, str]) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
        command, capture_output=True, text=True, check=False, env=os.environ | environment
    )
    if done.returncode:
        raise ArmFailedError(command[3], done.stderr.strip())
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
