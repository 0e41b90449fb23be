"""Gaps of the window's event loop while it trains, and what the window costs the training."""

import subprocess
import sys
import tempfile
from pathlib import Path

from resnet_studio.bench.report import OtherLoad, Report, machine, median, percentile
from resnet_studio.bench.train_case import write_images
from resnet_studio.bench.ui_arm import ARMS, CASE, WITH, WITHOUT, Told

ROUNDS = 5


def run(*, as_json: bool) -> None:
    """Train with and without the window in turn and print the table."""
    load, report = OtherLoad(), Report("ui")
    speeds: dict[str, list[float]] = {arm: [] for arm in ARMS}
    gaps: list[float] = []
    shares: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        write_images(Path(folder) / "images.npz", CASE)
        for number in range(ROUNDS):
            for arm in ARMS if number % 2 == 0 else reversed(ARMS):
                told = _tell(arm, folder)
                speeds[arm].append(told.images_per_second)
                gaps += told.gaps
                shares += [told.share] if arm == WITH else []
    p99 = 1000 * percentile(gaps, 99)
    report.add("gap of the event loop while training, p50", 1000 * percentile(gaps, 50), "ms")
    report.add("the same, p99", p99, "ms", "under 16.7", met=p99 < 1000 / 60)
    report.add("the same, longest", 1000 * max(gaps), "ms")
    for arm in ARMS:
        report.add(f"training {arm}", median(speeds[arm]), "images/s, median")
    ratio = median([one / other for one, other in zip(speeds[WITH], speeds[WITHOUT], strict=True)])
    report.add("throughput with against without the window", ratio, "times", "at least 0.97", met=ratio >= 0.97)
    report.add("what the window's thread computes while training", 100 * median(shares), "% of a core")
    report.notes.append(f"{CASE.title}, batch {CASE.batch}; the train page is shown, 1280x800, its curves moving.")
    report.notes.append(
        "A gap is the time from one turn of the event loop to the next beyond its 1 ms timer. As that timer costs the "
        "training something too, the ratio is of the arms without it, median of those of the rounds."
    )
    report.machine = machine(load)
    report.show(as_json=as_json)


def _tell(arm: str, folder: str) -> Told:
    command = [sys.executable, "-m", "resnet_studio.bench.ui_arm", arm, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise RuntimeError(f"the arm {arm!r} failed:\n{done.stderr}")
    return Told.read(done.stdout.splitlines()[-1])
