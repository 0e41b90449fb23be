"""`bench`: speeds as ratios, measured here and now."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from resnet_studio.cli.options import Json
from resnet_studio.cli.outcome import WrongUsageError

BENCHMARKS = ("edit", "startup", "ui", "train", "data")

Name = Annotated[
    str | None, typer.Argument(metavar=f"[{'/'.join(BENCHMARKS)}]", help="Which one; all where none is named.")
]
Photographs = Annotated[
    Path | None,
    typer.Option("--data", metavar="PATH", help="Folder of photographs that `bench data` measures with."),
]


def bench(name: Name = None, photographs: Photographs = None, as_json: Json = False) -> None:
    """Measure speeds as ratios in one run, the machine's other load beside them."""
    if name is not None and name not in BENCHMARKS:
        raise WrongUsageError(f"There is no benchmark {name!r}; choose {', '.join(BENCHMARKS)}.")
    if photographs is not None and name != "data":
        raise WrongUsageError("--data is an option of `bench data` alone.")
    for each in BENCHMARKS if name is None else (name,):
        given = {} if photographs is None else {"data": photographs}
        import_module(f"resnet_studio.bench.{each}").run(as_json=as_json, **given)
