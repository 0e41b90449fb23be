"""Random resized crops: a box of each image, its own, in the size that is wanted, with antialiasing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from resnet_studio.data.feed.resize import Size

_OUTSIDE = -3.0
"""Where nothing of the image reaches, in the coordinates of grid_sample, which go from -1 to 1."""


@dataclass(frozen=True)
class Crop:
    """Where the rows and columns of cropped images come from.

    Attributes:
        box: top, left, height and width of what is resized to the full size, in pixels of the image; float32 (n, 4).
        offset: first row and first column of the crop of that, which may reach outside; float32 (n, 2).
        flip: 1 where it is then mirrored left to right, else 0; float32 (n,).
    """

    box: Tensor
    offset: Tensor
    flip: Tensor

    def places(self, size: Size) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """Return for rows and for columns the place each comes from, and whether it comes from the image at all.

        Places are in pixels of the image, 0 being the middle of its first row or column.

        Args:
            size: height and width of the outcome.

        Returns:
            For rows (n, H) and for columns (n, W).
        """
        height, width = size
        top, left, tall, wide = self.box.unsqueeze(2).unbind(1)
        first_row, first_column = self.offset.unsqueeze(2).unbind(1)
        rows = torch.arange(height, dtype=torch.float32, device=self.box.device)
        columns = torch.arange(width, dtype=torch.float32, device=self.box.device)
        columns = torch.where(self.flip.unsqueeze(1) > 0, width - 1 - columns, columns) + first_column
        rows = rows + first_row
        return (
            (top + (rows + 0.5) * (tall / height) - 0.5, (rows >= 0) & (rows < height)),
            (left + (columns + 0.5) * (wide / width) - 0.5, (columns >= 0) & (columns < width)),
        )


def enlarged(images: Tensor, crop: Crop, size: Size) -> Tensor:
    """Return each image's box, resized bilinearly, cropped and mirrored; no box may have more pixels than `size`.

    Args:
        images: float32 (n, C, h, w), whole numbers.
        crop: of each image.
        size: height and width of the outcome.

    Returns:
        float32 (n, C, H, W), whole numbers.
    """
    (rows, row_is_inside), (columns, column_is_inside) = crop.places(size)
    top, left, tall, wide = crop.box.unsqueeze(2).unbind(1)
    height, width = images.shape[2:]
    # beyond the middle of the box's outermost pixels, these go on
    y = rows.clamp(top, top + tall - 1).add_(0.5).mul_(2 / height).sub_(1)
    x = columns.clamp(left, left + wide - 1).add_(0.5).mul_(2 / width).sub_(1)
    grid = torch.empty((len(images), *size, 2), device=images.device)
    grid[..., 0] = torch.where(column_is_inside, x, _OUTSIDE).unsqueeze(1)
    grid[..., 1] = torch.where(row_is_inside, y, _OUTSIDE).unsqueeze(2)
    return grid_sample(images, grid, align_corners=False).round_()


def resampled(images: Tensor, crop: Crop, size: Size) -> Tensor:
    """Return each image's box, resized with antialiasing, cropped and mirrored.

    The filter is a triangle as wide as two pixels of the coarser grid, as torchvision's. Where no box shrinks,
    `enlarged` gives the same at a quarter of the time.

    Args:
        images: float32 (n, C, h, w), whole numbers.
        crop: of each image.
        size: height and width of the outcome.

    Returns:
        float32 (n, C, H, W), whole numbers.
    """
    rows, columns = crop.places(size)
    top, left, tall, wide = crop.box.unsqueeze(2).unbind(1)
    across = _weights(*columns, left, wide, images.shape[3]).unsqueeze(1)
    along = _weights(*rows, top, tall, images.shape[2]).unsqueeze(1)
    with _exact_products(images.device):
        return (along @ (images @ across.transpose(2, 3))).round_()


def _weights(places: Tensor, is_inside: Tensor, first: Tensor, length: Tensor, sources: int) -> Tensor:
    """Return the share of every source row in every row, (n, rows, sources)."""
    scale = (length / places.shape[1]).clamp_(min=1).unsqueeze(2)
    source = torch.arange(sources, dtype=torch.float32, device=places.device)
    in_box = ((source >= first) & (source < first + length)).unsqueeze(1)
    weights = (1 - (source - places.unsqueeze(2)).abs_().div_(scale)).clamp_(min=0).mul_(in_box)
    return weights.div_(weights.sum(2, keepdim=True).clamp_(min=1e-6)).mul_(is_inside.unsqueeze(2))


@contextmanager
def _exact_products(device: torch.device) -> Iterator[None]:
    """Keep the ten bits of mantissa that training allows its products on a GPU from the pixels.

    The setting is the whole program's: images shown on the CPU must not touch it while another thread trains.
    """
    if device.type != "cuda":
        yield
        return
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before
