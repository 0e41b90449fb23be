import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from resnet_studio.data.images import ImageSet
from resnet_studio.data.load import load
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.control import Control
from resnet_studio.training.loop import train
from resnet_studio.training.prepare import prepare


@contextmanager
def _one_thread() -> Iterator[None]:
    """Small tensors gain nothing from a second thread, and wait for it on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with _one_thread():
        yield


@pytest.fixture(scope="session")
def digits() -> ImageSet:
    return load(DataSpec(image_size=(8, 8), channels=1))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, digits: ImageSet) -> RunFolder:
    """A run of two epochs on the digits; not to be changed."""
    wanted = with_values(ExperimentSpec(), {"training.epochs": 2, "training.device": "cpu"})
    experiment, images = prepare(wanted, images=digits)
    run = RunFolder.create(tmp_path_factory.mktemp("runs"), experiment)
    with _one_thread():
        list(train(experiment, run, Control(), images=images))
    return run


@pytest.fixture
def run(trained: RunFolder, tmp_path: Path) -> Path:
    """A copy of that run."""
    return Path(shutil.copytree(trained.path, tmp_path / trained.name))
