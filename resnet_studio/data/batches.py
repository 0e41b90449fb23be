"""One split on the device, and its batches: normalised, cropped and flipped there, with one draw per image."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_studio.data.draws import integers, shuffled, uniform
from resnet_studio.data.images import Split
from resnet_studio.spec.data import AugmentSpec

_ORDER, _TOP, _LEFT, _FLIP = range(1, 5)
"""Tell the draws apart that are made of the same seed, epoch and sample."""
_MOST_INT32 = 2**31 - 1


class Batches:
    """The images of one split as batches that a network takes.

    The uint8 images stay on the device as they are; where they don't fit on a GPU they stay in memory, and each batch
    travels from a pinned buffer while the GPU computes. Normalisation is `(value / 255 - mean) / std`. A crop pads
    with black. Nothing here waits for the GPU, and nothing depends on the size of the batch but the batch.

    The order of an epoch comes from (seed, epoch), the treatment of an image from (seed, epoch, sample).
    """

    def __init__(
        self,
        split: Split,
        *,
        mean: Sequence[float],
        std: Sequence[float],
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        channels_last: bool = False,
        augment: AugmentSpec | None = None,
        seed: int = 0,
    ) -> None:
        """Take a split to the device.

        Args:
            split: images uint8 (N, H, W, C) and labels (N,).
            mean: of each channel on a scale from 0 to 1.
            std: of each channel on a scale from 0 to 1.
            device: on which the batches are wanted.
            dtype: floating type of the batches.
            channels_last: whether the batches lie in memory as (N, H, W, C); their shape is (N, C, H, W) always.
            augment: the random changes in `epoch`, resolved; None: none.
            seed: of order and augmentation.
        """
        images = torch.from_numpy(np.require(split.images, requirements=["C", "W"]))
        self._device, self._dtype, self._channels_last, self._seed = device, dtype, channels_last, seed
        self._resident = _fits(images.nbytes, device)
        self._images = images.to(device) if self._resident else images
        self._labels = split.labels
        count, height, width, channels = images.shape
        place = self._images.device
        # half the traffic of int64, wherever it can count all pixels
        self._index = torch.int32 if count * height * width <= _MOST_INT32 else torch.int64
        self._rows = torch.arange(height, dtype=self._index, device=place)
        self._columns = torch.arange(width, dtype=self._index, device=place)
        self._pixels = self._images.view(count * height * width, channels)
        self._pad = (augment.pad_crop or 0) if augment is not None else 0
        self._flip = (augment.horizontal_flip or 0.0) if augment is not None else 0.0
        scale = 1 / (255 * np.array(std))
        self._scale, self._shift = (self._per_channel(values) for values in (scale, -np.array(mean) / np.array(std)))

    def __len__(self) -> int:
        return len(self._labels)

    def steps(self, batch_size: int, *, drop_last: bool) -> int:
        """Return the number of batches of an epoch.

        `drop_last` leaves out a last batch that is short, unless it is the only one.
        """
        whole, rest = divmod(len(self), batch_size)
        return whole if whole and (drop_last or not rest) else whole + 1

    def epoch(
        self, epoch: int, batch_size: int, *, first_step: int = 0, drop_last: bool = True
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the shuffled and augmented batches of an epoch.

        Args:
            epoch: its number, from 0.
            batch_size: images in a batch.
            first_step: the batch to begin with; it and those after it are what a whole epoch has there.
            drop_last: see `steps`.

        Yields:
            Images (n, C, H, W) and labels, int64 (n,).
        """
        order = shuffled(len(self), self._seed, _ORDER, epoch)
        plan = self._plan(order, epoch)
        labels = torch.from_numpy(self._labels[order]).to(self._device)
        for step in range(first_step, self.steps(batch_size, drop_last=drop_last)):
            rows = slice(step * batch_size, (step + 1) * batch_size)
            yield self._finished(self._treated(plan[:, rows])), labels[rows]

    def in_order(self, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield all images in their order and as they are, the last batch as short as it comes out.

        Yields:
            Images (n, C, H, W) and labels, int64 (n,).
        """
        labels = torch.from_numpy(self._labels).to(self._device)
        for start in range(0, len(self), batch_size):
            rows = slice(start, start + batch_size)
            yield self._finished(self._images[rows]), labels[rows]

    def augmented(self, indices: Sequence[int] | NDArray[np.int64], epoch: int) -> Tensor:
        """Return images exactly as training sees them in an epoch, before the normalisation.

        Args:
            indices: numbers of the images, (n,).
            epoch: its number, from 0.

        Returns:
            uint8 (n, H, W, C), on the device where the images are.
        """
        return self._treated(self._plan(np.asarray(indices, dtype=np.int64), epoch))

    def _plan(self, samples: NDArray[np.int64], epoch: int) -> Tensor:
        """Return sample, first row, first column and flip (0 or 1) of each image, (4, n)."""
        pad = self._pad
        top, left = (integers(2 * pad + 1, samples, self._seed, draw, epoch) - pad for draw in (_TOP, _LEFT))
        flip = uniform(samples, self._seed, _FLIP, epoch) < self._flip
        plan = np.stack([samples, top, left, flip.astype(np.int64)])
        return torch.from_numpy(plan).to(self._images.device, self._index)

    def _treated(self, plan: Tensor) -> Tensor:
        """Return the images of a plan, cropped and flipped, uint8 (n, H, W, C).

        One gather with computed indices does both (a mask of booleans would make the GPU wait).
        """
        samples, top, left, flip = plan.unsqueeze(2)
        if not self._pad and not self._flip:
            return self._images.index_select(0, samples.view(-1))
        height, width = len(self._rows), len(self._columns)
        rows = self._rows + top
        columns = torch.where(flip > 0, width - 1 - self._columns, self._columns) + left
        inside = ((rows >= 0) & (rows < height)).unsqueeze(2) & ((columns >= 0) & (columns < width)).unsqueeze(1)
        rows.clamp_(0, height - 1)
        columns.clamp_(0, width - 1)
        pixels = ((samples * height + rows) * width).unsqueeze(2) + columns.unsqueeze(1)
        images = self._pixels.index_select(0, pixels.view(-1)).view(-1, height, width, self._images.shape[3])
        return images.mul_(inside.unsqueeze(3))

    def _finished(self, images: Tensor) -> Tensor:
        """Return uint8 images (n, H, W, C) on the device, normalised, (n, C, H, W)."""
        if not self._resident:
            images = images.pin_memory().to(self._device, non_blocking=True)
        count, height, width, channels = images.shape
        if self._channels_last:
            # whole rows, so that the inner loop is long
            values = images.view(count * height, width * channels).to(torch.float32)
            values = values.mul_(self._scale).add_(self._shift).view(images.shape).permute(0, 3, 1, 2)
        else:
            values = images.permute(0, 3, 1, 2).contiguous().to(torch.float32).mul_(self._scale).add_(self._shift)
        return values.to(self._dtype)

    def _per_channel(self, values: NDArray[np.float64]) -> Tensor:
        """Return one number a channel as it meets the images in `_finished`."""
        row = torch.tensor(values, dtype=torch.float32, device=self._device)
        return row.repeat(len(self._columns)) if self._channels_last else row.view(1, -1, 1, 1)


def _fits(size: int, device: torch.device) -> bool:
    """Whether images of so many bytes may stay on a device: half of a GPU's free memory is the network's."""
    return device.type != "cuda" or size < torch.cuda.mem_get_info(device)[0] // 2
