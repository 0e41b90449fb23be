"""Arguments and options that commands share; a field's help is its meaning in the specification."""

from pathlib import Path
from typing import Annotated

import typer

from resnet_studio.spec.base import Spec
from resnet_studio.spec.data import CATALOGUE
from resnet_studio.spec.training import TrainingSpec


def _meaning(spec: type[Spec], field: str) -> str:
    return spec.model_fields[field].description or ""


Network = Annotated[str, typer.Argument(metavar="NETWORK", help="A preset, or the JSON file of a network.")]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable lines and nothing else.")]
Data = Annotated[
    str | None,
    typer.Option("--data", metavar="NAME or PATH", help=f"{', '.join(CATALOGUE)}, a folder of images or an .npz file."),
]
DataRoot = Annotated[
    Path | None,
    typer.Option("--data-root", metavar="DIR", help="Folder in which torchvision keeps its data sets."),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Set any field of the experiment, such as data.channels=1."),
]
InputShape = Annotated[
    str | None,
    typer.Option("--input-shape", metavar="C,H,W", help="Input of the network; the images are resized to it."),
]
# numbers come as they are typed: the specification reads them, and says what is wrong in the same words everywhere
Epochs = Annotated[str | None, typer.Option("--epochs", metavar="N", help=_meaning(TrainingSpec, "epochs"))]
BatchSize = Annotated[str | None, typer.Option("--batch-size", metavar="N", help=_meaning(TrainingSpec, "batch_size"))]
LearningRate = Annotated[str | None, typer.Option("--lr", metavar="X", help=_meaning(TrainingSpec, "learning_rate"))]
Device = Annotated[str | None, typer.Option("--device", metavar="NAME", help=_meaning(TrainingSpec, "device"))]
Precision = Annotated[str | None, typer.Option("--precision", metavar="NAME", help=_meaning(TrainingSpec, "precision"))]
Seed = Annotated[str | None, typer.Option("--seed", metavar="N", help=_meaning(TrainingSpec, "seed"))]
