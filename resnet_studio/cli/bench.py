"""`bench`: speeds as ratios, measured here and now."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from resnet_studio.cli.options import Json
from resnet_studio.cli.outcome import WrongUsageError

BENCHMARKS = ("edit", "startup", "ui", "train", "data", "resume")

Name = Annotated[
    str | None, typer.Argument(metavar=f"[{'/'.join(BENCHMARKS)}]", help="Which one; all where none is named.")
]
Photographs = Annotated[
    Path | None,
    typer.Option("--data", metavar="PATH", help="Folder of photographs that `bench data` measures with."),
]
ToAccuracy = Annotated[
    bool,
    typer.Option(
        "--to-accuracy",
        help="Let `bench train` measure the time to an accuracy on Fashion-MNIST instead (half an hour on two cores).",
    ),
]
DataRoot = Annotated[
    Path | None, typer.Option("--data-root", metavar="DIR", help="Where Fashion-MNIST lies, for --to-accuracy.")
]


def bench(
    name: Name = None,
    photographs: Photographs = None,
    accuracy: ToAccuracy = False,
    data_root: DataRoot = None,
    as_json: Json = False,
) -> None:
    """Measure speeds as ratios in one run, the machine's other load beside them."""
    if name is not None and name not in BENCHMARKS:
        raise WrongUsageError(f"There is no benchmark {name!r}; choose {', '.join(BENCHMARKS)}.")
    if photographs is not None and name != "data":
        raise WrongUsageError("--data is an option of `bench data` alone.")
    if (accuracy or data_root is not None) and name != "train":
        raise WrongUsageError("--to-accuracy and --data-root are options of `bench train` alone.")
    if data_root is not None and not accuracy:
        raise WrongUsageError("--data-root says where --to-accuracy finds its images; give both.")
    for each in BENCHMARKS if name is None else (name,):
        given: dict[str, Any] = {} if photographs is None else {"data": photographs}
        if accuracy:
            given = {"accuracy": True, "data_root": data_root}
        import_module(f"resnet_studio.bench.{each}").run(as_json=as_json, **given)
