"""How fast images come: from a folder that was decoded before, into the loop, and from a folder that was not.

Against what people use today: torchvision's transforms on Pillow images in torch's DataLoader.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from resnet_studio.bench.arms import measured
from resnet_studio.bench.data_arm import SECONDS, WORKERS, arms, part_folders
from resnet_studio.bench.data_work import LARGE, LARGE_BATCH, SMALL, SMALL_BATCH
from resnet_studio.bench.photographs import CLASSES, QUALITY, write_photographs
from resnet_studio.bench.report import OtherLoad, Report, machine, median

ROUNDS = 3
PHOTOGRAPHS = 1500
_MODULE = "resnet_studio.bench.data_arm"
NOTES = (
    f"Each arm in its own process, {ROUNDS} runs an arm, the order rotated; torch's own number of threads; the files "
    "are in the machine's memory.",
    "Second start: torch is imported; then load() looks at the size and the time of every file, maps the images and "
    f"checks them, and the first batch of {LARGE_BATCH} is made.",
    f"{SMALL}x{SMALL}: both crop from 4 pixels of padding, mirror and normalise to float32, batches of {SMALL_BATCH}, "
    f"{SECONDS:g} s each.",
    f"{LARGE}x{LARGE}: both crop at random (a quarter of the area and more), resize, mirror, change brightness, "
    f"contrast, saturation and hue, and normalise to float32, batches of {LARGE_BATCH}, {SECONDS:g} s each. The studio "
    f"crops from the {LARGE}x{LARGE} images of its store; a DataLoader from the files, which it decodes each time, or "
    "from the same images as the studio.",
    f"First decode: both decode, resize with antialiasing to {LARGE} pixels and crop the middle, their workers' start "
    "counted in. The studio also checks every image, keeps them on disk and measures mean and standard deviation.",
)


def run(*, as_json: bool, data: Path | None = None) -> None:
    """Run every arm in its own process, the order rotated from round to round, and print the table.

    Args:
        as_json: one line of JSON instead of the table.
        data: folder of photographs to measure with; None: some are made up.

    Raises:
        StudioError: the folder isn't there or isn't laid out as it should be.
    """
    if data is not None:
        part_folders(data.absolute())
    load, report = OtherLoad(), Report("data")
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as home:
        photographs = Path(made) / "photographs" if data is None else data.absolute()
        if data is None:
            write_photographs(photographs, PHOTOGRAPHS)
        here = {"RESNET_STUDIO_HOME": home}
        # what is measured later finds the store filled and the files in memory
        measured(_MODULE, ["second start"], str(photographs), rounds=1, environment=here)
        figures = measured(_MODULE, tuple(arms(photographs)), str(photographs), rounds=ROUNDS, environment=here)
    fill(report, {name: median(values) for name, values in figures.items()})
    report.notes += [_source(data), *NOTES]
    report.machine = machine(load)
    report.show(as_json=as_json)


def fill(report: Report, figures: Mapping[str, float]) -> None:
    """Add the rows of the table.

    Args:
        report: to be filled.
        figures: the median of each figure that the arms tell.
    """
    start = figures["second start"]
    report.add("second start of a cached folder to the first batch", start, "s, median", "under 0.2", met=start < 0.2)
    report.add("the same with the studio's own imports", figures["second start and imports"], "s, median")
    _add_rates(report, figures, "small", f"{SMALL}x{SMALL} from an array", 5)
    _add_rates(report, figures, "large", f"{LARGE}x{LARGE} of photographs", 3)
    for workers in WORKERS:
        rate = figures[f"loader, cached, {workers}"]
        report.add(f"DataLoader, {workers} workers, from the studio's {LARGE}x{LARGE}", rate, "images/s, median")
    studio, loader = figures["studio, decode"], figures["loader, decode"]
    report.add("the studio's first decode of the folder", studio, "s, median")
    report.add("a DataLoader's pass over it, 2 workers", loader, "s, median")
    report.add("the DataLoader's time over the studio's", loader / studio, "times", "at least 1", met=loader >= studio)


def _add_rates(report: Report, figures: Mapping[str, float], kind: str, what: str, aim: int) -> None:
    studio = figures[f"studio, {kind}"]
    report.add(f"studio, {what}", studio, "images/s, median")
    rates = {workers: figures[f"loader, {kind}, {workers}"] for workers in WORKERS}
    for workers, rate in rates.items():
        report.add(f"DataLoader, {workers} workers, the same", rate, "images/s, median")
    ratio = studio / max(rates.values())
    report.add("studio against the better DataLoader", ratio, "times", f"at least {aim}", met=ratio >= aim)


def _source(data: Path | None) -> str:
    if data is not None:
        return f"The photographs are those in {data}."
    return (
        f"The photographs are {PHOTOGRAPHS:,} made-up JPEG files of {CLASSES} classes, 400x533 pixels, quality "
        f"{QUALITY}: noise of every scale, shapes and grain, so that they cost as much to decode as real ones."
    )
