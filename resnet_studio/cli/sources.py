"""`data sources` and `data download`: the data sets that are known by name."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resnet_studio.cli.loading import loading
from resnet_studio.cli.options import DataRoot, Json
from resnet_studio.cli.outcome import DONE, WrongUsageError
from resnet_studio.cli.output import emit, show_table
from resnet_studio.cli.signals import stopping
from resnet_studio.data.memory import told_bytes
from resnet_studio.spec.data import CATALOGUE, DataSpec
from resnet_studio.spec.errors import nearest

if TYPE_CHECKING:
    from resnet_studio.data.catalogue.wanted_files import Missing

Name = Annotated[str, typer.Argument(metavar="NAME", help=f"{', '.join(CATALOGUE)}.")]


def download(name: Name, data_root: DataRoot = None) -> int:
    """Download a data set that is known by name, so that it is there when it is wanted.

    What is there already stays. A download that was stopped is gone on with.
    """
    if name not in CATALOGUE:
        raise WrongUsageError(f"There is no data set {name!r}{nearest(name, CATALOGUE)}")
    from resnet_studio.data.catalogue.checksum import require_sound
    from resnet_studio.data.catalogue.entries import ENTRIES
    from resnet_studio.data.catalogue.fetch import fetch
    from resnet_studio.data.catalogue.remote import REMOTES
    from resnet_studio.data.catalogue.wanted_files import root_of
    from resnet_studio.data.watch import LoadingStoppedError, Watch

    if name not in REMOTES:
        print(f"{ENTRIES[name].title} is part of the program.")
        return DONE
    root, stop = root_of(_spec(name, data_root)), threading.Event()
    with stopping(stop) as stopped, loading() as show:
        watch = Watch(show, stop.is_set)
        try:
            fetch(name, root, watch)
            require_sound(name, root, watch)
        except LoadingStoppedError:
            return stopped.exit_code
    print(f"{ENTRIES[name].title} is in {root / REMOTES[name][0].folder}")
    return DONE


def sources(data_root: DataRoot = None, as_json: Json = False) -> None:
    """List the data sets that are known by name, and whether they are there."""
    from resnet_studio.data.catalogue.wanted_files import missing

    found = {name: missing(_spec(name, data_root)) for name in CATALOGUE}
    if as_json:
        emit([_as_json(name, lacks) for name, lacks in found.items()])
        return
    words = [("shape", False), ("licence", False), ("", False)]
    columns = [("name", False), ("title", False), ("images", True), ("classes", True), *words]
    show_table(columns, [_row(name, lacks) for name, lacks in found.items()])


def _spec(name: str, data_root: Path | None) -> DataSpec:
    return DataSpec(source=name, root=None if data_root is None else str(data_root))


def _row(name: str, lacks: "Missing | None") -> list[str]:
    from resnet_studio.data.catalogue.entries import ENTRIES

    entry = ENTRIES[name]
    return [
        *(name, entry.title, f"{sum(entry.images.values()):,}", str(len(entry.class_names))),
        f"{entry.channels}x{entry.side}x{entry.side}" if entry.side else f"{entry.channels}, sizes differ",
        entry.licence,
        "there" if lacks is None else f"{told_bytes(lacks.total_bytes)} to download",
    ]


def _as_json(name: str, lacks: "Missing | None") -> dict[str, Any]:
    from resnet_studio.data.catalogue.entries import ENTRIES

    entry = ENTRIES[name]
    return {
        "name": name,
        "title": entry.title,
        "image_size": [entry.side, entry.side] if entry.side else None,
        "channels": entry.channels,
        "classes": entry.class_names,
        "images": dict(entry.images),
        "licence": entry.licence,
        "citation": entry.citation,
        "there": lacks is None,
        "bytes_to_download": 0 if lacks is None else lacks.total_bytes,
        "urls": [] if lacks is None else lacks.urls,
    }
