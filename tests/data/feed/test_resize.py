"""Whole batches are resized as torchvision does it."""

import pytest
import torch
from torchvision.transforms.v2.functional import resize

from resnet_studio.data.feed.resize import _rounded, resized

IMAGES = torch.randint(0, 256, (3, 20, 24, 3), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(10, 12), (7, 31), (40, 48)])
def test_the_outcome_is_torchvisions(size: tuple[int, int], channels: int) -> None:
    images = IMAGES[..., :channels].contiguous()
    outcome = resized(images, size)
    assert outcome.dtype == torch.uint8
    assert outcome.is_contiguous()
    planes = images.permute(0, 3, 1, 2)
    assert torch.equal(outcome.permute(0, 3, 1, 2), resize(planes, size, antialias=True))
    # what a GPU does, on the CPU
    by_floats = _rounded(planes, size).float()
    # bytes are multiplied by whole numbers, with an error of up to one
    exact = resize(planes.float(), size, antialias=True)
    assert (outcome.permute(0, 3, 1, 2) - exact).abs().max() <= 1.01
    assert (by_floats - exact).abs().max() <= 0.51


def test_images_of_that_size_stay_as_they_are() -> None:
    assert resized(IMAGES, (20, 24)) is IMAGES
