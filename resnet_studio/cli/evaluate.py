"""`evaluate`: how good a run, or weights that come alone, are on a whole split of images."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resnet_studio.cli import options
from resnet_studio.cli.loading import loading
from resnet_studio.cli.outcome import DONE, WrongUsageError
from resnet_studio.cli.output import emit, show_table
from resnet_studio.cli.signals import stopping
from resnet_studio.cli.wanted import changed, changes_of
from resnet_studio.cli.wanted import network as network_named
from resnet_studio.data.watch import LoadingStoppedError
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.files import read_network

if TYPE_CHECKING:
    from resnet_studio.training.evaluate import Evaluation

SPLITS = ("test", "validation", "train")

Trained = Annotated[
    Path, typer.Argument(metavar="RUN or WEIGHTS", help="The folder of a run, or a .safetensors or .pt file.")
]
Checkpoint = Annotated[
    str | None, typer.Option("--checkpoint", metavar="best/last/ema/N", help="Which one of a run; else the best.")
]
Split = Annotated[str, typer.Option("--split", metavar="/".join(SPLITS), help="Which images.")]
ItsNetwork = Annotated[
    str | None, typer.Option("--network", metavar="NETWORK", help="The design of weights that come alone.")
]


def evaluate(
    trained: Trained,
    checkpoint: Checkpoint = None,
    split: Split = "test",
    network: ItsNetwork = None,
    data: options.Data = None,
    data_root: options.DataRoot = None,
    sets: options.Sets = None,
    as_json: options.Json = False,
) -> int:
    """Compute accuracy, loss and the figures of each class."""
    if split not in SPLITS:
        raise WrongUsageError(f"--split: {split!r} is none of {', '.join(SPLITS)}.")
    changes = changes_of(sets or [], {"data.source": data, "data.root": data_root and str(data_root)})
    if data is not None:
        # where the run's own data lies says nothing of another's
        changes.setdefault("data.root", None)
    for path in changes:
        if not path.startswith("data."):
            raise WrongUsageError(f"--set: {path} changes nothing of an evaluation; set fields of data.")
    if trained.is_dir():
        if network is not None:
            raise WrongUsageError("--network is for weights that come alone; a run knows its own.")
        compute = _of_run(trained, checkpoint, changes)
    elif trained.is_file():
        if checkpoint is not None:
            raise WrongUsageError("--checkpoint is for runs; a file of weights is one alone.")
        compute = _of_weights(trained, network, changes)
    else:
        raise StudioError(f"There is no run and no file of weights {trained}; check the name.")
    stop = threading.Event()
    with stopping(stop) as stopped:
        try:
            with loading() as progress:
                evaluation = compute(split=split, progress=progress, should_stop=stop.is_set)
        except LoadingStoppedError:
            return stopped.exit_code
    if as_json:
        emit(evaluation.to_json())
    else:
        _show(evaluation)
    return DONE


def _of_run(run: Path, checkpoint: str | None, changes: dict[str, Any]) -> Callable[..., "Evaluation"]:
    """Return what evaluates a run, on its own data unless something of it changes."""
    folder = RunFolder.open(run)
    data = changed(folder.experiment(), changes).data
    from resnet_studio.training.trained import evaluate_run

    return partial(evaluate_run, folder, checkpoint=checkpoint or "best", data=data)


def _of_weights(weights: Path, network: str | None, changes: dict[str, Any]) -> Callable[..., "Evaluation"]:
    """Return what evaluates a file of weights; one of an export has its network and its data's figures beside it."""
    if changes.get("data.source") is None:
        raise WrongUsageError("Weights alone don't say what they are for; name the images with --data.")
    if network is not None:
        spec, known = network_named(network), {}
    elif (weights.parent / "classes.json").is_file():
        from resnet_studio.export.files import NETWORK, read_about

        about, spec = read_about(weights.parent), read_network(weights.parent / NETWORK)
        known = {"data.mean": about["mean"], "data.std": about["std"]}
    else:
        raise WrongUsageError(f"Which network {weights} belongs to is not known; name it with --network.")
    channels, *size = spec.input_shape
    known |= {"data.image_size": size, "data.channels": channels}
    data = changed(ExperimentSpec(network=spec), known | changes).data
    from resnet_studio.training.trained import evaluate_weights

    return partial(evaluate_weights, weights, spec, data)


def _show(evaluation: "Evaluation") -> None:
    print(
        f"{evaluation.split} accuracy {100 * evaluation.accuracy:.2f} %, top-5 {100 * evaluation.top5_accuracy:.2f} %, "
        f"loss {evaluation.loss:.4f} on {evaluation.samples:,} images ({evaluation.checkpoint})"
    )
    for note in evaluation.notes:
        print(note)
    columns = [("class", False), ("precision", True), ("recall", True), ("F1", True), ("images", True)]
    rows = [
        [each.name, *(f"{100 * value:.1f} %" for value in (each.precision, each.recall, each.f1)), f"{each.samples:,}"]
        for each in evaluation.classes
    ]
    show_table(columns, rows)
