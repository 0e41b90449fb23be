"""The side of `bench data` that people write themselves: torchvision's transforms on Pillow images, in a DataLoader.

Datasets and transforms are at the top level, as workers that are not forked have to import them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from torch import Tensor
from torch.utils.data import ConcatDataset, DataLoader, Dataset
from torchvision import transforms
from torchvision.datasets import ImageFolder

from resnet_studio.bench.data_work import (
    LARGE,
    LARGE_AUGMENT,
    LARGE_BATCH,
    MEAN,
    SMALL,
    SMALL_AUGMENT,
    SMALL_BATCH,
    STD,
    small_images,
)
from resnet_studio.data.images import Images


class ArrayImages(Dataset[tuple[Tensor, int]]):
    """An array of images as a dataset, each through Pillow and some transforms."""

    def __init__(self, images: Images, transform: Any) -> None:
        """Take the images, uint8 (N, H, W, C)."""
        self._images = images
        self._transform = transforms.Compose([transforms.ToPILImage(), transform])

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self._transform(self._images[index]), 0


def small_transform() -> Any:
    """Return the random changes and the normalisation of the small images."""
    augment = SMALL_AUGMENT
    return transforms.Compose(
        [
            transforms.RandomCrop(SMALL, padding=augment.pad_crop),
            transforms.RandomHorizontalFlip(augment.horizontal_flip),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )


def large_transform() -> Any:
    """Return the random changes and the normalisation of the photographs."""
    augment = LARGE_AUGMENT
    return transforms.Compose(
        [
            transforms.RandomResizedCrop(LARGE, scale=(augment.random_resized_crop, 1.0)),
            transforms.RandomHorizontalFlip(augment.horizontal_flip),
            transforms.ColorJitter(*[augment.color_jitter] * 3, hue=augment.hue),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )


def small_loader(workers: int) -> Iterable[tuple[Tensor, Tensor]]:
    """Return the small images in batches, changed and normalised."""
    return _loader(ArrayImages(small_images(), small_transform()), SMALL_BATCH, workers)


def large_loader(folder: Path, workers: int) -> Iterable[tuple[Tensor, Tensor]]:
    """Return the photographs of a folder of class folders in batches, each decoded again, changed and normalised."""
    return _loader(ImageFolder(str(folder), large_transform(), allow_empty=True), LARGE_BATCH, workers)


def cached_loader(images: Images, workers: int) -> Iterable[tuple[Tensor, Tensor]]:
    """Return images that are decoded already, uint8 (N, H, W, C), in batches, changed and normalised."""
    return _loader(ArrayImages(images, large_transform()), LARGE_BATCH, workers)


def decoding_loader(folders: list[Path], workers: int) -> Iterable[tuple[Tensor, Tensor]]:
    """Return the photographs of folders of class folders in order and in one size, as bytes."""
    transform = transforms.Compose([transforms.Resize(LARGE), transforms.CenterCrop(LARGE), transforms.PILToTensor()])
    parts = [ImageFolder(str(folder), transform, allow_empty=True) for folder in folders]
    return DataLoader(ConcatDataset(parts), LARGE_BATCH, num_workers=workers)


def _loader(dataset: Dataset[Any], batch: int, workers: int) -> Iterable[tuple[Tensor, Tensor]]:
    return DataLoader(dataset, batch, shuffle=True, num_workers=workers, persistent_workers=workers > 0)
