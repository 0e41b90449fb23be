"""Images per second of the studio against what people write or install, and against the machine's limit."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from resnet_studio.bench import train_table
from resnet_studio.bench.arms import measured
from resnet_studio.bench.report import OtherLoad, Report, machine, median
from resnet_studio.bench.train_arm import LIBRARIES, arm_names
from resnet_studio.bench.train_case import CASES, Case, write_images
from resnet_studio.bench.train_frameworks import missing
from resnet_studio.bench.train_to_accuracy import to_accuracy
from resnet_studio.training.device import devices, no_gpu_reason

ROUNDS = 3
BUSY = 0.25
"""Cores that others keep busy from which on a run is flagged."""
NOTES = (
    f"Each arm in its own process, {ROUNDS} runs an arm, the order rotated; the same network, first weights, batch, "
    "random changes and optimiser (SGD with Nesterov's momentum, no clipping); torch's own number of threads.",
    "Plain: DataLoader, torchvision's transforms, fp32, the loss read each step. Each rung of the ladder has one "
    "change more than the one before; the last is the studio, its events, curves and checkpoints on.",
    "timm's step and Lightning's Trainer (barebones) have bf16, channels last and a DataLoader with workers.",
    "Limit: multiply-adds an image x 6 operations, over the best rate that a square matrix product reached here.",
    f"A figure is flagged where others kept more than {BUSY:g} cores busy while it was measured.",
)


def run(*, as_json: bool, accuracy: bool = False, data_root: Path | None = None) -> None:
    """Measure all cases that this machine can train, and print the table.

    Args:
        as_json: one line of JSON instead of the table.
        accuracy: measure the time to an accuracy on Fashion-MNIST instead; it takes half an hour on two cores.
        data_root: folder of that data set; None: the studio's own.

    Raises:
        StudioError: the data isn't there.
    """
    load, report = OtherLoad(), Report("train")
    if accuracy:
        to_accuracy(report, data_root)
    else:
        _measure(report)
    report.machine = machine(load) | {"torch": torch.__version__, "threads": torch.get_num_threads()}
    report.show(as_json=as_json)


def _measure(report: Report) -> None:
    for wanted in CASES:
        reason = left_out(wanted)
        if reason is not None:
            report.notes.append(f"{wanted.title}: left out, {reason}.")
            continue
        arms, loads = arm_names(wanted), Loads()
        with tempfile.TemporaryDirectory() as folder:
            write_images(Path(folder) / "images.npz", wanted)
            figures = measured(
                "resnet_studio.bench.train_arm", arms, wanted.name, folder, rounds=ROUNDS, watch=loads.add
            )
        train_table.fill(report, wanted, {name: median(values) for name, values in figures.items()}, loads.flags())
    report.notes += [f"{library}: left out, {reason}." for library in LIBRARIES if (reason := missing(library))]
    report.notes += NOTES


def left_out(wanted: Case) -> str | None:
    """Return why a case can't be measured on this machine; None where it can."""
    if wanted.device != "cuda" or any(device.kind == "cuda" for device in devices()):
        return None
    return no_gpu_reason() or "there is no GPU"


class Loads:
    """What others did to the machine during the runs of each arm."""

    def __init__(self) -> None:
        self._runs: dict[str, list[float]] = {}

    def add(self, arm: str, cores: float | None) -> None:
        """Note the cores that others kept busy during a run."""
        self._runs.setdefault(arm, []).append(cores or 0.0)

    def flags(self) -> Mapping[str, str]:
        """Return what stands beside the figures of those arms that were not alone."""
        return {arm: _flag(cores) for arm, cores in self._runs.items() if max(cores) > BUSY}


def _flag(cores: Sequence[float]) -> str:
    busy = sum(each > BUSY for each in cores)
    return f"other load in {busy} of {len(cores)} runs, up to {max(cores):.1f} cores"
