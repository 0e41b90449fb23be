"""One split on the device, and its batches: normalised and augmented there, with one draw per image."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import tee

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_studio.data.draws import samples_of
from resnet_studio.data.feed.augment_move import as_planes, index_type
from resnet_studio.data.feed.crew import shared_out
from resnet_studio.data.feed.resize import Size, resized
from resnet_studio.data.feed.sampling import Kind, sampling_of
from resnet_studio.data.feed.transfer import as_tensor, fits, streamed, to_device
from resnet_studio.data.feed.treatment import Treatment
from resnet_studio.data.images import Split
from resnet_studio.spec.data import AugmentSpec

_PLANNED = 8192
"""Images whose draws are made, and sent to the device, at once."""
_PIECE = 1 << 19
"""Values of the images that a thread of the CPU changes at once: few enough for the caches beside it."""


@dataclass(frozen=True)
class _Plan:
    """What is drawn for a batch; where images are mixed, their partners stand behind them."""

    samples: NDArray[np.int64]
    """Numbers of the images, (m,)."""
    labels: Tensor
    """Their classes, on the device, int64 (m,)."""
    places: Tensor
    """The numbers on the device."""
    drawn: Tensor
    """See `Treatment.drawn`, on the device, (m, columns)."""
    known: NDArray[np.float32]
    """The same on the host."""


class Batches:
    """The images of one split as batches that a network takes.

    The uint8 images stay on the device as they are; where they don't fit on a GPU they stay in memory, and each batch
    travels from pinned memory while the GPU computes. Normalisation is `(value / 255 - mean) / std`. A crop pads with
    black, and what is erased has the mean. Nothing here waits for the GPU, and nothing depends on the size of the batch
    but the batch.

    The order of an epoch comes from (seed, epoch), the treatment of an image from (seed, epoch, sample); where balanced
    sampling draws an image several times in an epoch, from how often it came before, too.
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
        size: Size | None = None,
        num_classes: int | None = None,
        sampling: Kind = "shuffle",
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
            size: height and width of the batches; None: the images' own.
            num_classes: classes of mixed labels; None: up to the highest label of the split.
            sampling: which images make an epoch, see `TrainingSpec.sampling`.
        """
        images = as_tensor(split.images)
        self._device, self._dtype, self._channels_last = device, dtype, channels_last
        self._resident = fits(images.nbytes, device)
        self._images = images.to(device) if self._resident else images
        self._labels = split.labels
        self._classes = num_classes or int(split.labels.max(initial=0)) + 1
        source = (images.shape[1], images.shape[2])
        self._size = size or source
        self._sampling = sampling_of(sampling, split.labels, seed)
        self._treatment = Treatment(
            augment or AugmentSpec(),
            source=source,
            size=self._size,
            partners=self._sampling.partners,
            filling=torch.tensor(mean, device=device).mul_(255).round_(),
            seed=seed,
        )
        factors = np.stack([1 / (255 * np.array(std)), -np.array(mean) / np.array(std)])
        channels = torch.tensor(factors, dtype=torch.float32, device=device)
        self._planes = channels.view(2, 1, -1, 1, 1)
        self._rows = channels.repeat(1, self._size[1])

    def __len__(self) -> int:
        return len(self._labels)

    def steps(self, batch_size: int, *, drop_last: bool) -> int:
        """Return the number of batches of an epoch.

        `drop_last` leaves out a last batch that is short, unless it is the only one.
        """
        whole, rest = divmod(len(self), batch_size)
        return whole if whole and drop_last else whole + (rest > 0)

    def epoch(
        self, epoch: int, batch_size: int, *, first_step: int = 0, drop_last: bool = True
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the augmented batches of an epoch, in its order.

        Args:
            epoch: its number, from 0.
            batch_size: images in a batch.
            first_step: the batch to begin with; it and those after it are what a whole epoch has there.
            drop_last: see `steps`.

        Yields:
            Images (n, C, H, W) and labels, int64 (n,); with mixup or cutmix the share of each class, float32
            (n, classes).
        """
        order = self._sampling.order(epoch)
        steps = range(first_step, self.steps(batch_size, drop_last=drop_last))
        parts = [order[step * batch_size : (step + 1) * batch_size] for step in steps]
        for plan, images in self._made(self._plans(parts, epoch)):
            labels = plan.labels
            if self._treatment.mixes:
                labels = self._treatment.soft_labels(labels, plan.drawn, self._classes)
            yield images, labels

    def in_order(self, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield all images in their order and as they are, the last batch as short as it comes out.

        Yields:
            Images (n, C, H, W) and labels, int64 (n,).
        """
        labels = to_device(self._labels, self._device)
        parts = [slice(start, start + batch_size) for start in range(0, len(self), batch_size)]
        if self._resident:
            batches: Iterable[Tensor] = (self._images[rows] for rows in parts)
        else:
            numbers = np.arange(len(self), dtype=np.int64)
            batches = streamed(self._images, (numbers[rows] for rows in parts), self._device)
        for rows, images in zip(parts, batches, strict=True):
            yield self._finished(resized(images, self._size)), labels[rows]

    def augmented(self, indices: Sequence[int] | NDArray[np.int64], epoch: int) -> Tensor:
        """Return images exactly as training sees them in an epoch, before the normalisation.

        Args:
            indices: numbers of the images, or of their draws where an epoch draws some again, see `draws.numbered`;
                (n,).
            epoch: its number, from 0.

        Returns:
            uint8 (n, H, W, C), on the device.
        """
        if not len(indices):
            return torch.empty((0, *self._size, self._images.shape[3]), dtype=torch.uint8, device=self._device)
        plans = self._plans([np.asarray(indices, dtype=np.int64)], epoch)
        images = next(images for _, images in self._treated(plans))
        if images.is_floating_point():
            return images.to(torch.uint8).permute(0, 2, 3, 1).contiguous()
        return images

    def _plans(self, parts: list[NDArray[np.int64]], epoch: int) -> Iterator[_Plan]:
        """Yield the plan of each batch, given the numbers of its draws; many are made at once, as that is faster."""
        together = max(1, _PLANNED // max(map(len, parts), default=1))
        for first in range(0, len(parts), together):
            batches = [self._treatment.with_partners(part, epoch) for part in parts[first : first + together]]
            numbers = np.concatenate(batches)
            known, samples = self._treatment.drawn(numbers, epoch), samples_of(numbers)
            drawn, labels, places = (to_device(each, self._device) for each in (known, self._labels[samples], samples))
            places = places.to(index_type(self._images))
            ends = np.cumsum([len(batch) for batch in batches]).tolist()
            for start, end in zip([0, *ends], ends, strict=False):
                rows = slice(start, end)
                yield _Plan(samples[rows], labels[rows], places[rows], drawn[rows], known[rows])

    def _made(self, plans: Iterator[_Plan]) -> Iterator[tuple[_Plan, Tensor]]:
        """Yield each plan and its images as they are wanted, (n, C, H, W)."""
        if self._resident and self._device.type == "cpu":
            for plan in plans:
                yield plan, self._made_in_pieces(plan)
        else:
            for plan, images in self._treated(plans):
                yield plan, self._finished(images)

    def _made_in_pieces(self, plan: _Plan) -> Tensor:
        """Return the images of a plan as they are wanted, (n, C, H, W), on the CPU."""
        count = len(plan.places) // 2 if self._treatment.mixes else len(plan.places)
        shape = (count, self._images.shape[3], *self._size)
        layout = torch.channels_last if self._channels_last else torch.contiguous_format
        made = torch.empty(shape, dtype=self._dtype, memory_format=layout)
        size = max(1, _PIECE // math.prod(shape[1:]))

        def make(first: int) -> None:
            rows = torch.arange(first, min(first + size, count))
            # partners stand behind all images
            rows = torch.cat([rows, rows + count]) if self._treatment.mixes else rows
            treated = self._treatment.treated(
                self._images, plan.places[rows], plan.drawn[rows], plan.known[rows.numpy()]
            )
            made[first : first + size] = self._finished(treated)

        shared_out(make, range(0, count, size))
        return made

    def _treated(self, plans: Iterator[_Plan]) -> Iterator[tuple[_Plan, Tensor]]:
        """Yield each plan and its images, see `Treatment.treated`."""
        if self._resident:
            for plan in plans:
                yield plan, self._treatment.treated(self._images, plan.places, plan.drawn, plan.known)
            return
        plans, ahead = tee(plans)
        stores = streamed(self._images, (each.samples for each in ahead), self._device)
        for plan, store in zip(plans, stores, strict=True):
            places = torch.arange(len(store), device=self._device)
            yield plan, self._treatment.treated(store, places, plan.drawn, plan.known)

    def _finished(self, images: Tensor) -> Tensor:
        """Return images as `Treatment.treated` gives them, normalised, (n, C, H, W)."""
        if not images.is_floating_point() and self._channels_last:
            # whole rows, so that the inner loop is long
            scale, shift = self._rows
            values = images.flatten(2).to(torch.float32).mul_(scale).add_(shift)
            return values.view(images.shape).permute(0, 3, 1, 2).to(self._dtype)
        scale, shift = self._planes
        planes = images if images.is_floating_point() else as_planes(images)
        values = planes.mul_(scale).add_(shift).to(self._dtype)
        return values.contiguous(memory_format=torch.channels_last) if self._channels_last else values
