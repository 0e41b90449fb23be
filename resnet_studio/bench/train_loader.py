"""The images as people load them: torchvision's transforms on Pillow images, in a DataLoader.

Dataset and transforms are at the top level, as workers that are not forked have to import them.
"""

from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from resnet_studio.bench.train_case import MEAN, STD, Case


class ArrayImages(Dataset[Any]):
    """An array of images as a dataset, each through Pillow and some transforms."""

    def __init__(self, images: Any, labels: Any, transform: Any) -> None:
        """Take images, uint8 (N, H, W, C), and labels (N,)."""
        self._images, self._labels = images, labels
        self.transform = transform

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self.transform(self._images[index]), int(self._labels[index])


def changed(wanted: Case) -> list[Any]:
    """Return the random changes of an image, still one of Pillow's."""
    return [
        transforms.ToPILImage(),
        transforms.RandomCrop(wanted.shape[1:], padding=wanted.pad),
        transforms.RandomHorizontalFlip(),
    ]


def dataset(wanted: Case, images: Any, labels: Any) -> ArrayImages:
    """Return the images of a case, changed and normalised."""
    channels = wanted.shape[0]
    normalised = [transforms.ToTensor(), transforms.Normalize((MEAN,) * channels, (STD,) * channels)]
    return ArrayImages(images, labels, transforms.Compose([*changed(wanted), *normalised]))


def loader(wanted: Case, images: Any, labels: Any, workers: int) -> DataLoader[Any]:
    """Return the batches of an epoch: images float32 (N, C, H, W), labels int64 (N,)."""
    torch.manual_seed(0)
    return DataLoader(
        dataset(wanted, images, labels),
        wanted.batch,
        shuffle=True,
        drop_last=True,
        num_workers=workers,
        pin_memory=wanted.device == "cuda",
    )
