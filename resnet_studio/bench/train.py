"""Images per second of the studio's loop against the loop that people write themselves."""

import subprocess
import sys
import tempfile
from pathlib import Path

from resnet_studio.bench.report import OtherLoad, Report, machine, median
from resnet_studio.bench.train_arm import ARMS, BATCH, NETWORK, SHAPE, STEPS, write_images

ROUNDS = 3


def run(*, as_json: bool) -> None:
    """Run every arm in its own process, the order rotated from round to round, and print the table."""
    load, report = OtherLoad(), Report("train")
    speeds: dict[str, list[float]] = {arm: [] for arm in ARMS}
    with tempfile.TemporaryDirectory() as folder:
        write_images(Path(folder) / "images.npz")
        for number in range(ROUNDS):
            for arm in (*ARMS[number % len(ARMS) :], *ARMS[: number % len(ARMS)]):
                speeds[arm].append(_speed(arm, folder))
    for arm in ARMS:
        report.add(arm, median(speeds[arm]), "images/s, median")
    best = max(median(speeds[arm]) for arm in ARMS if arm != "studio")
    ratio = median(speeds["studio"]) / best
    report.add("studio against the better plain loop", ratio, "times", "at least 2", met=ratio >= 2)
    size = "x".join(map(str, SHAPE))
    report.notes.append(
        f"{NETWORK} at 1x{size}, batch {BATCH}, {STEPS} steps a run after a warm-up, {ROUNDS} runs an arm."
    )
    report.notes.append(
        "Each arm in its own process, order rotated; the studio's with events, checkpoints and plots' data."
    )
    report.machine = machine(load)
    report.show(as_json=as_json)


def _speed(arm: str, folder: str) -> float:
    command = [sys.executable, "-m", "resnet_studio.bench.train_arm", arm, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise RuntimeError(f"the arm {arm!r} failed:\n{done.stderr}")
    return float(done.stdout.splitlines()[-1])
