import hashlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.model import build
from resnet_studio.runs.events import Event
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.control import Control
from resnet_studio.training.loop import resume, train
from resnet_studio.training.prepare import prepare

QUICK = {
    "training.epochs": 2,
    "training.batch_size": 256,
    "training.learning_rate": 0.2,
    "training.log_every": 2,
    "training.device": "cpu",
}
"""Ten steps in all: five an epoch, points after the second, the fourth and the last."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from a second thread, and wait for it on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def digits() -> ImageSet:
    return load(DataSpec(image_size=(8, 8), channels=1))


class Lab:
    """Makes runs on the digits and looks at what is left of them."""

    def __init__(self, images: ImageSet, folder: Path) -> None:
        self.images = images
        self.folder = folder

    def prepared(self, **changes: Any) -> ExperimentSpec:
        """Return the quick experiment, resolved; `training__epochs=3` changes a field."""
        dotted = {path.replace("__", "."): value for path, value in changes.items()}
        return prepare(with_values(ExperimentSpec(), QUICK | dotted), images=self.images)[0]

    def new(self, **changes: Any) -> RunFolder:
        return RunFolder.create(self.folder, self.prepared(**changes))

    def network(self, experiment: ExperimentSpec) -> nn.Module:
        """Return the experiment's network as training begins with it."""
        layout = torch.channels_last if experiment.training.channels_last else torch.contiguous_format
        return build(experiment.network, seed=experiment.training.seed).to(memory_format=layout).train()

    def train(self, run: RunFolder, control: Control | None = None) -> Generator[Event, None, None]:
        return train(run.experiment(), run, control or Control(), images=self.images)

    def resume(
        self,
        run: RunFolder,
        control: Control | None = None,
        epochs: int | None = None,
        changes: dict[str, Any] | None = None,
    ) -> Generator[Event, None, None]:
        return resume(run, control or Control(), epochs=epochs, changes=changes, images=self.images)

    def trained(self, **changes: Any) -> RunFolder:
        run = self.new(**changes)
        list(self.train(run))
        return run


@pytest.fixture
def lab(digits: ImageSet, tmp_path: Path) -> Lab:
    return Lab(digits, tmp_path)


@pytest.fixture
def left() -> Callable[[RunFolder], tuple[Any, ...]]:
    """What two equal runs have in common: the folded history, and the bytes of the last and the best checkpoint."""

    def look(run: RunFolder) -> tuple[Any, ...]:
        index = run.checkpoints()
        files = sorted(
            path for name in {index.last, index.best} for path in (run.checkpoints_path / str(name)).iterdir()
        )
        hashes = {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        return fold(run.events()).without_clock(), index.best, index.last, hashes

    return look
