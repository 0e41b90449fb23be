"""`data`: looking through a data set before training, and the caches of decoded images."""

import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resnet_studio.cli.loading import loading
from resnet_studio.cli.options import DataRoot, Json
from resnet_studio.cli.outcome import DONE, FAILED
from resnet_studio.cli.output import emit, show_table
from resnet_studio.cli.signals import stopping
from resnet_studio.cli.sources import download, sources
from resnet_studio.cli.wanted import changed
from resnet_studio.data.memory import told_bytes
from resnet_studio.spec.data import CATALOGUE
from resnet_studio.spec.experiment import ExperimentSpec

if TYPE_CHECKING:
    from resnet_studio.data.checks.check import Report
    from resnet_studio.data.checks.finding import DataFinding
    from resnet_studio.data.store.caches import Cache

SHOWN_FILES = 5
_WORDS = {"stop": "training stops here", "skip": "left out", "convert": "converted", "nothing": "left as it is"}

data = typer.Typer(help="Data sets: look through one, see and download those known by name, list and clear caches.")
data.command()(sources)
data.command()(download)

Path_ = Annotated[
    str, typer.Argument(metavar="PATH", help=f"A folder of images, an .npz file, {', '.join(CATALOGUE)}.")
]


@data.command()
def check(
    path: Path_,
    data_root: DataRoot = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the findings as CSV too.")] = None,
    as_json: Json = False,
) -> int:
    """Look through a data set: what is wrong with it, and what the studio does about that.

    The exit code is 0 where training can start, whatever is skipped or converted, else 1.

    Nothing in the folder is changed.
    """
    from resnet_studio.data.checks.check import check as reports
    from resnet_studio.data.checks.finding import write_csv
    from resnet_studio.data.watch import LoadingStoppedError

    spec = changed(ExperimentSpec(), {"data.source": path, "data.root": data_root and str(data_root)}).data
    stop = threading.Event()
    report: Report | None = None
    with stopping(stop) as stopped, loading() as show:
        try:
            for report in reports(spec, progress=show, should_stop=stop.is_set):
                if report.progress is not None:
                    show(report.progress)
        except LoadingStoppedError:
            return stopped.exit_code
    assert report is not None  # noqa: S101 - there is one at least, and the last is complete
    if csv is not None:
        write_csv(csv, report.findings)
    if as_json:
        emit(_report(report))
    else:
        _print(report)
    return DONE if report.can_train else FAILED


@data.command()
def caches(
    source: Annotated[
        str | None, typer.Argument(metavar="[NAME or PATH]", help="Those of one source only; all without.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare every byte with its checksum; damaged ones are made anew.")
    ] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Remove them; they are made anew when needed.")] = False,
    as_json: Json = False,
) -> int:
    """List the caches of decoded images with sizes and age, and say which are stale or damaged.

    The exit code is 1 where `--check` finds a damaged one, else 0.
    """
    from resnet_studio.data.store import caches as known
    from resnet_studio.data.watch import LoadingStoppedError, Watch

    if check and clear:
        raise typer.BadParameter("--check and --clear exclude each other.")
    found = list(known.caches())
    if source is not None:
        found = known.matching(found, source)
    if check:
        stop = threading.Event()
        with stopping(stop) as stopped, loading() as show:
            try:
                found = [known.verify(cache, Watch(show, stop.is_set)) for cache in found]
            except LoadingStoppedError:
                return stopped.exit_code
    elif clear and source is None:
        known.clear()
    elif clear:
        for cache in found:
            known.remove(cache)
    total = sum(cache.nbytes for cache in found)
    if as_json:
        entries = [_entry(cache) for cache in found]
        emit({"caches": entries, "bytes": total, "checked": check, "cleared": clear})
    else:
        _told_caches(found, total, clear=clear, check=check)
    return FAILED if check and any(cache.state == "damaged" for cache in found) else DONE


def _told_caches(found: "list[Cache]", total: int, *, clear: bool, check: bool) -> None:
    from resnet_studio.data.store.entry import images_folder

    if clear:
        print(f"{_caches(len(found))} removed, {told_bytes(total)}.")
        return
    if found:
        _list(found)
    print(f"{_caches(len(found))}, {told_bytes(total)}, in {images_folder()}")
    if damaged := sum(cache.state == "damaged" for cache in found):
        print(f"{_caches(damaged)} damaged; made anew the next time the images are loaded.")
    elif check:
        print("All that was written is there, byte for byte.")


def _report(report: "Report") -> dict[str, Any]:
    from resnet_studio.data.images import printable

    return {
        "path": printable(report.source),
        "classes": [printable(name) for name in report.class_names],
        "splits": {
            part: {"images": sum(counts), "classes": dict(zip(map(printable, report.class_names), counts, strict=True))}
            for part, counts in report.counts.items()
        },
        "findings": [
            {
                "severity": finding.severity,
                "kind": finding.kind,
                "message": printable(finding.message),
                "action": finding.action,
                "files": [printable(file) for file in finding.files],
                "groups": [[printable(file) for file in group] for group in finding.groups],
                "remedies": [{"label": one.label, "changes": dict(one.changes)} for one in finding.remedies],
            }
            for finding in report.findings
        ],
    }


def _print(report: "Report") -> None:
    from resnet_studio.data.images import printable

    total = sum(map(sum, report.counts.values()))
    parts = ", ".join(f"{part} {sum(counts):,}" for part, counts in report.counts.items())
    if report.counts:
        print(f"{printable(report.title)}: {total:,} images in {len(report.class_names)} classes ({parts})")
    for finding in report.findings:
        print(f"{finding.severity}: {printable(finding.message)} [{_WORDS[finding.action]}]")
        for line in _files(finding):
            print(f"    {printable(line)}")
        for remedy in finding.remedies:
            print(f"    {remedy.label}: {' '.join(f'--set {path}={value}' for path, value in remedy.changes)}")
    if not report.can_train:
        print("Training can't start on this data.")
    elif report.findings:
        print("Training can start.")
    else:
        print("Nothing to complain of; training can start.")
    sys.stdout.flush()


def _files(finding: "DataFinding") -> Iterator[str]:
    lines = [" = ".join(group) for group in finding.groups] or list(finding.files)
    yield from lines[:SHOWN_FILES]
    if len(lines) > SHOWN_FILES:
        yield f"and {len(lines) - SHOWN_FILES:,} more; --csv or --json lists them all"


def _entry(cache: "Cache") -> dict[str, Any]:
    from resnet_studio.data.images import printable

    return {
        "source": printable(cache.source),
        "shape": cache.shape,
        "images": cache.images,
        "skipped": cache.skipped,
        "bytes": cache.nbytes,
        "made": cache.made,
        "state": cache.state,
        "folder": str(cache.folder),
    }


def _list(found: "list[Cache]") -> None:
    from resnet_studio.data.images import printable

    columns = [
        ("source", False),
        ("images", True),
        ("height x width", True),
        ("size", True),
        ("made", False),
        ("age", True),
    ]
    rows = [
        [
            printable(cache.source) or "unknown",
            f"{cache.images:,}",
            "" if cache.shape is None else "x".join(map(str, cache.shape[:2])),
            told_bytes(cache.nbytes),
            "" if cache.made is None else f"{datetime.fromtimestamp(cache.made).astimezone():%Y-%m-%d %H:%M}",
            "" if cache.made is None else _age(time.time() - cache.made),
            "" if cache.state == "good" else cache.state,
        ]
        for cache in found
    ]
    show_table([*columns, ("", False)], rows)


def _caches(count: int) -> str:
    return "1 cache" if count == 1 else f"{count:,} caches"


def _age(seconds: float) -> str:
    """Return a time that has passed in the largest unit that it fills."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"
    return "just now"
