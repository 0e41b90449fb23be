"""Epochs and seconds of the `studio` recipe to the accuracy that the notebook's recipe ends with."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resnet_studio.bench.report import Report
from resnet_studio.data.images import ImageSet
from resnet_studio.runs.events import EpochDone
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import ExperimentSpec, with_recipe, with_values
from resnet_studio.spec.presets import preset
from resnet_studio.spec.training import RecipeName
from resnet_studio.training.control import Control
from resnet_studio.training.device import devices
from resnet_studio.training.loop import train
from resnet_studio.training.prepare import prepare

SHARE = 1 / 3
"""Of the notebook's epochs that the studio's recipe may take."""
_NETWORKS = {
    "cpu": ("cifar_resnet20", (28, 28)),
    "mps": ("cifar_resnet20", (28, 28)),
    "cuda": ("d2l_resnet18", (96, 96)),
}


@dataclass(frozen=True)
class Trained:
    """What a run came to."""

    epochs: int
    seconds: float
    """Of its epochs, their validation counted in."""
    accuracy: float
    """On the test images, after the last epoch."""


def to_accuracy(report: Report, data_root: Path | None, images: ImageSet | None = None, **changes: Any) -> None:
    """Train with the notebook's recipe, then with the studio's for one epoch, for two, and so on until it is as good.

    Each number of epochs is a run of its own, as the schedule of the learning rate is made for it. The test images are
    the validation images, as in the notebook.

    Args:
        report: gets the rows.
        data_root: folder of Fashion-MNIST; None: the studio's own.
        images: other images than those.
        **changes: fields of `training` for both recipes.

    Raises:
        StudioError: the data isn't there.
    """
    network, size = _NETWORKS[devices()[0].kind]
    goal = _trained(_experiment("d2l", network, size, data_root, changes), images)
    report.add("d2l recipe", goal.epochs, "epochs")
    report.add("d2l recipe, its time", goal.seconds, "s")
    report.add("d2l recipe, test accuracy at the end", 100 * goal.accuracy, "%")
    runs: list[Trained] = []
    while len(runs) < goal.epochs and (not runs or runs[-1].accuracy < goal.accuracy):
        wanted = {**changes, "epochs": len(runs) + 1}
        runs.append(_trained(_experiment("studio", network, size, data_root, wanted), images))
        made_for = "1 epoch" if len(runs) == 1 else f"{len(runs)} epochs"
        report.add(f"studio recipe, {made_for}, test accuracy", 100 * runs[-1].accuracy, "%")
    best = runs[-1]
    reached = best.accuracy >= goal.accuracy
    aim = goal.epochs * SHARE
    met = reached and best.epochs <= aim
    what = "studio recipe to that accuracy" if reached else "studio recipe, accuracy not reached"
    report.add(what, best.epochs, "epochs", f"at most {aim:.3g}", met=met)
    report.add("studio recipe, its time", best.seconds, "s")
    report.notes.append(
        f"{network} at {size[0]}x{size[1]} on Fashion-MNIST, seed 0; each row of the studio's recipe is a run of its "
        "own, with the schedule of that many epochs; accuracy after the last epoch, on the test images, which are the "
        "validation images in both, as in the notebook."
    )


def _experiment(
    recipe: RecipeName, network: str, size: tuple[int, int], data_root: Path | None, changes: dict[str, Any]
) -> ExperimentSpec:
    values = {
        "network": preset(network).model_dump(),
        "data.source": "fashion-mnist",
        "data.root": None if data_root is None else str(data_root),
        "data.image_size": size,
        "data.validation": "test",
    }
    values |= {f"training.{name}": value for name, value in changes.items()}
    return with_values(with_recipe(ExperimentSpec(), recipe), values)


def _trained(wanted: ExperimentSpec, images: ImageSet | None) -> Trained:
    experiment, loaded = prepare(wanted, fit_network=True, images=images)
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder.create(Path(folder), experiment)
        events = list(train(experiment, run, Control(), images=loaded))
    epochs = [event for event in events if isinstance(event, EpochDone)]
    return Trained(len(epochs), sum(epoch.seconds for epoch in epochs), epochs[-1].val_accuracy)
