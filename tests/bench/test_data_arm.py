"""Both sides of `bench data` do the same work."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from resnet_studio.bench import data_arm, data_work
from resnet_studio.bench.data import fill
from resnet_studio.bench.data_arm import arms, large_batches, loaded, loader_decode, part_folders, small_batches
from resnet_studio.bench.data_loaders import cached_loader, decoding_loader, large_loader, small_loader
from resnet_studio.bench.data_work import MEAN, STD
from resnet_studio.bench.photographs import write_photographs
from resnet_studio.bench.report import Report


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "photographs"
    write_photographs(folder, 60)
    return folder


@pytest.fixture(autouse=True)
def few_small_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_work, "SMALL_IMAGES", 256)


def joined(batches: Any) -> Tensor:
    return torch.cat([images for images, _ in batches])


def assert_alike(studio: Tensor, loader: Tensor, tolerance: float = 0.1) -> None:
    """Assert that two sides give images of one shape, their values spread alike: no two draws are the same."""
    assert studio.shape[1:] == loader.shape[1:]
    assert studio.dtype == loader.dtype == torch.float32
    for channel in range(3):
        one, other = studio[:, channel], loader[:, channel]
        assert abs(one.mean() - other.mean()) < tolerance
        assert abs(one.std() - other.std()) < tolerance


def test_small_images_come_alike() -> None:
    studio, loader = joined(small_batches().epoch(0, 128)), joined(small_loader(0))
    assert studio.shape == (256, 3, 32, 32)
    assert_alike(studio, loader)
    # what the padding gives: black, normalised
    black = torch.tensor([-mean / std for mean, std in zip(MEAN, STD, strict=True)]).view(3, 1, 1)
    for images in (studio, loader):
        assert 0.05 < torch.isclose(images, black).all(1).float().mean() < 0.25


def test_photographs_come_alike(photographs: Path) -> None:
    torch.manual_seed(0)
    studio = joined(large_batches(photographs).epoch(0, 20))
    assert studio.shape[1:] == (3, 96, 96)
    # the validation and test images are among them
    assert_alike(studio, joined(large_loader(photographs, 0)), 0.4)
    assert_alike(studio, joined(cached_loader(loaded(photographs).train.images, 0)), 0.25)


def test_the_first_decode_gives_the_same_images(photographs: Path) -> None:
    images = loaded(photographs)
    decoded = joined(decoding_loader(part_folders(photographs), 0)).permute(0, 2, 3, 1)
    parts = (images.train, images.validation, images.test)
    stored = {name: image for part in parts for name, image in zip(part.names, part.images, strict=True)}
    assert decoded.shape == (60, 96, 96, 3)
    for name, image in zip(sorted(stored), decoded, strict=True):
        # Pillow reduces a large JPEG while it decodes, and crops where a pixel is cut as well
        assert np.abs(image.numpy().astype(int) - stored[name]).mean() < 6


def test_arms_tell_all_figures_of_the_table(photographs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_arm, "SECONDS", 0.0)
    figures = loader_decode(photographs, 0)
    for name, arm in arms(photographs).items():
        # no workers are forked here, where other tests have threads
        if name != "loader, decode" and not name.endswith("2"):
            figures |= arm()
    figures |= {name.replace(", 0", ", 2"): figure for name, figure in figures.items()}
    assert all(figure > 0 for figure in figures.values())
    report = Report("data")
    fill(report, figures)
    assert [row.aim for row in report.rows if row.aim] == ["under 0.2", "at least 5", "at least 3", "at least 1"]
