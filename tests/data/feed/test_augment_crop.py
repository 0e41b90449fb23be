"""The resized box of each image is the one that torchvision cuts out of it."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torchvision.transforms.v2.functional import resized_crop

from resnet_studio.data.feed.augment_crop import Crop, enlarged, resampled
from resnet_studio.data.feed.resize import Size

MOST_DIFFERENCE, MOST_MEAN_DIFFERENCE = 1.0, 0.3
"""Of 255: torchvision multiplies bytes by whole numbers, with an error of up to one; for floats it has none."""
IMAGES = torch.randint(0, 256, (5, 3, 20, 24), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
BOXES = [(0, 0, 20, 24), (3, 5, 11, 14), (10, 2, 7, 9), (19, 23, 1, 1), (0, 20, 20, 4)]


def crop(boxes: list[tuple[int, int, int, int]], offset: tuple[int, int] = (0, 0), *, flip: bool = False) -> Crop:
    count = len(boxes)
    return Crop(
        torch.tensor(boxes, dtype=torch.float32),
        torch.tensor([offset] * count, dtype=torch.float32),
        torch.full((count,), float(flip)),
    )


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("way", "size"),
    [(enlarged, (20, 24)), (enlarged, (24, 31)), (resampled, (20, 24)), (resampled, (9, 12)), (resampled, (30, 7))],
)
def test_each_box_is_what_torchvision_makes_of_it(
    way: Callable[[Tensor, Crop, Size], Tensor], size: Size, channels: int
) -> None:
    images = IMAGES[:, :channels]
    outcome = way(images.float(), crop(BOXES), size)
    assert outcome.shape == (5, channels, *size)
    assert torch.equal(outcome, outcome.round())
    for mine, image, box in zip(outcome, images, BOXES, strict=True):
        apart = (mine - resized_crop(image, *box, size, antialias=True).float()).abs()
        assert apart.max() <= MOST_DIFFERENCE
        assert apart.mean() <= MOST_MEAN_DIFFERENCE
        exact = resized_crop(image.float(), *box, size, antialias=True)
        # rounded, and now and then a half is rounded to the other side
        assert (mine - exact).abs().max() <= 0.51


class Setting:
    """Notes what is written to torch's setting for products on a GPU."""

    def __init__(self) -> None:
        self.written: list[bool] = []

    @property
    def allow_tf32(self) -> bool:
        return True

    @allow_tf32.setter
    def allow_tf32(self, value: bool) -> None:
        self.written.append(value)


@pytest.mark.parametrize(("device", "written"), [("cpu", []), ("cuda", [False, True])])
def test_products_are_exact_on_a_gpu_and_images_on_the_cpu_leave_the_training_there_alone(
    monkeypatch: pytest.MonkeyPatch, device: str, written: list[bool]
) -> None:
    setting = Setting()
    monkeypatch.setattr(torch.backends.cuda, "matmul", setting)
    with FakeTensorMode():
        there = Crop(*(each.to(device) for each in (torch.empty(5, 4), torch.empty(5, 2), torch.empty(5))))
        resampled(torch.empty(5, 3, 20, 24, device=device), there, (9, 12))
    assert setting.written == written


@pytest.mark.parametrize("way", [enlarged, resampled])
def test_the_padded_crop_and_the_mirror_come_after_the_resizing(way: Callable[[Tensor, Crop, Size], Tensor]) -> None:
    plain = way(IMAGES.float(), crop(BOXES), (20, 24))
    for top, left in ((2, -3), (-4, 4), (20, 0)):
        moved = way(IMAGES.float(), crop(BOXES, (top, left)), (20, 24))
        flipped = way(IMAGES.float(), crop(BOXES, (top, left), flip=True), (20, 24))
        expected = torch.nn.functional.pad(plain, (24, 24, 20, 20))[:, :, 20 + top : 40 + top, 24 + left : 48 + left]
        assert (moved - expected).abs().max() <= 1
        assert torch.equal(flipped, moved.flip(3))
