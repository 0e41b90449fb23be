"""Images per second of the studio against what people write or install, and against the machine's limit."""

import itertools
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from resnet_studio.bench import train_table
from resnet_studio.bench.arms import ArmFailedError, measured
from resnet_studio.bench.report import OtherLoad, Report, machine
from resnet_studio.bench.train_arm import LIBRARIES, arm_names, no_compiler
from resnet_studio.bench.train_case import CASES, Case, write_images
from resnet_studio.bench.train_frameworks import missing, versions
from resnet_studio.bench.train_table import BUSY, LOAD, MEMORY, SPREAD
from resnet_studio.bench.train_to_accuracy import to_accuracy
from resnet_studio.training.device import devices, no_gpu_reason

_ARM = "resnet_studio.bench.train_arm"
NOTES = (
    "Each arm in its own process, medians of three runs, the order rotated; the same "
    "network, first weights, batch, random changes and optimiser (SGD with Nesterov's momentum, no clipping); torch's "
    "own number of threads.",
    "Plain: DataLoader, torchvision's transforms, fp32, the loss read each step. From there each line down to the "
    "studio has one change more than the line above; the studio's has its events and curves on. Its checkpoint comes "
    "after the last step that is timed: what checkpoints cost is in the cost of watching.",
    "timm's step and Lightning's Trainer (barebones) have bf16, channels last and a DataLoader, without workers "
    "where there are two cores or fewer.",
    "Limit: multiply-adds an image x 6 operations, over the best rate that a square matrix product reached here; on a "
    "GPU, fp32 is multiplied in TF32.",
    f"{SPREAD}: slowest to fastest run, of the median. {MEMORY}: of the process; on a GPU, of torch's tensors there. "
    f"{LOAD}: cores that others kept busy during the worst of the runs, more than {BUSY:g} being told above; what they "
    "do on a GPU is not seen.",
)


def run(*, as_json: bool, accuracy: bool = False, data_root: Path | None = None) -> None:
    """Measure all cases that this machine can train, and print the table.

    Args:
        as_json: one line of JSON instead of the table.
        accuracy: measure the time to an accuracy on Fashion-MNIST instead; it takes half an hour on two cores.
        data_root: folder of that data set; None: the studio's own.

    Raises:
        StudioError: the data isn't there.
        ArmFailedError: an arm of a case failed; the table of the others is printed all the same.
    """
    load, report, begin = OtherLoad(), Report("train"), time.monotonic()
    failures: list[ArmFailedError] = []
    if accuracy:
        to_accuracy(report, data_root)
    else:
        failures = _measure(report)
    gpus = [device.title for device in devices() if device.kind == "cuda"]
    about: dict[str, Any] = {"GPU": gpus[0]} if gpus else {}
    about |= {"torch": torch.__version__, "threads": torch.get_num_threads()}
    took = f"{(time.monotonic() - begin) / 60:.1f} min"
    report.machine = machine(load) | about | versions() | {"measured in": took}
    report.show(as_json=as_json)
    if failures:
        raise failures[0]


def _measure(report: Report) -> list[ArmFailedError]:
    """Measure all cases, and return what failed: a GPU may be too small for one of them."""
    failures = []
    for wanted in CASES:
        reason = left_out(wanted)
        if reason is None:
            try:
                _measure_case(report, wanted)
            except ArmFailedError as failure:
                failures.append(failure)
                reason = failure.reason
        if reason is not None:
            report.left_out[wanted.title] = reason
    report.left_out |= {library: reason for library in LIBRARIES if (reason := missing(library))}
    report.notes += NOTES
    return failures


def _measure_case(report: Report, wanted: Case) -> None:
    train_table.fill(report, wanted, *_measured(wanted))
    reason = no_compiler(wanted) if wanted.device == "cuda" else None
    if reason is not None:
        report.left_out[f"{wanted.title}, compiled"] = reason


def _measured(wanted: Case) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return what the arms of a case tell, and of each the cores that others kept busy during its runs."""
    from rich.console import Console

    arms, runs = arm_names(wanted), itertools.count(1)
    loads: dict[str, list[float]] = {arm: [] for arm in arms}
    with tempfile.TemporaryDirectory() as folder, Console(stderr=True).status(wanted.title) as status:

        def watch(arm: str, cores: float | None) -> None:
            loads[arm] += [] if cores is None else [cores]
            status.update(f"{wanted.title}: {next(runs)} of {wanted.rounds * len(arms)} runs")

        write_images(Path(folder) / "images.npz", wanted)
        return measured(_ARM, arms, wanted.name, folder, rounds=wanted.rounds, watch=watch), loads


def left_out(wanted: Case) -> str | None:
    """Return why a case can't be measured on this machine; None where it can."""
    if wanted.device != "cuda" or any(device.kind == "cuda" for device in devices()):
        return None
    return no_gpu_reason() or "there is no GPU"
