"""What becomes of an image in an epoch: its random changes, drawn on the host and done on the device.

The order is fixed: crop and mirror image, rotation and other affine maps, colours (brightness, contrast, saturation,
hue), TrivialAugment, RandAugment, erasing, cutout; mixing comes last. Values are rounded to whole numbers after each of
them, as they are where images are bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_studio.data.draws import Draws, Purpose, Reals
from resnet_studio.data.feed import augment_colour as colour
from resnet_studio.data.feed import augment_policy as policy
from resnet_studio.data.feed import mix
from resnet_studio.data.feed.augment_affine import affine_draw, warped
from resnet_studio.data.feed.augment_boxes import crop_boxes, cutout_boxes, erased_boxes, filled
from resnet_studio.data.feed.augment_crop import Crop, enlarged, resampled
from resnet_studio.data.feed.augment_move import as_planes, copied, gathered
from resnet_studio.data.feed.resize import Size, resized
from resnet_studio.spec.data import AugmentSpec

_CROP_COLUMNS = 7

Change: TypeAlias = Callable[[Tensor, Tensor, NDArray[np.float32]], Tensor]
"""Takes float32 images (n, C, H, W), what is drawn for each on the device, and the same on the host."""

Partners: TypeAlias = Callable[[Draws], NDArray[np.int64]]
"""Returns the number of the image with which each is mixed, (n,)."""


@dataclass(frozen=True)
class Stage:
    """One kind of change, and the columns of the draws that it reads."""

    draw: Callable[[Draws], Reals]
    change: Change
    columns: int


class Treatment:
    """The random changes of the images of one set.

    Attributes:
        mixes: whether each image is mixed with another.
    """

    def __init__(
        self, augment: AugmentSpec, *, source: Size, size: Size, partners: Partners, filling: Tensor, seed: int
    ) -> None:
        """Find out what there is to do.

        Args:
            augment: null is off.
            source: height and width of the images as they are.
            size: those that are wanted.
            partners: chooses those with which images are mixed.
            filling: what stands in erased rectangles, from 0 to 255, float32 (C,), on the device.
            seed: of all draws.
        """
        self._source, self._size, self._partners, self._seed = source, size, partners, seed
        self._pad = augment.pad_crop or 0
        self._flip = augment.horizontal_flip or 0.0
        self._smallest = augment.random_resized_crop or 0.0
        self._mixup, self._cutmix = augment.mixup or 0.0, augment.cutmix or 0.0
        self.mixes = bool(self._mixup or self._cutmix)
        self._stages = _stages(augment, size, filling.view(1, -1, 1, 1))

    def with_partners(self, numbers: NDArray[np.int64], epoch: int) -> NDArray[np.int64]:
        """Return the draws that are needed for some: themselves and, where images are mixed, their partners.

        Args:
            numbers: of draws, see `draws.numbered`, (n,).
            epoch: its number, from 0.
        """
        if not self.mixes:
            return numbers
        return np.concatenate([numbers, self._partners(Draws(numbers, self._seed, epoch))])

    def drawn(self, numbers: NDArray[np.int64], epoch: int) -> NDArray[np.float32]:
        """Return all the random numbers of some draws in an epoch, (n, columns)."""
        draws = Draws(numbers, self._seed, epoch)
        parts = [self._crop_draw(draws), *(stage.draw(draws) for stage in self._stages)]
        if self.mixes:
            parts.append(mix.mix_draw(draws, self._mixup, self._cutmix, self._size))
        return np.concatenate(parts, 1, dtype=np.float32)

    def treated(self, store: Tensor, places: Tensor, drawn: Tensor, known: NDArray[np.float32]) -> Tensor:
        """Return changed images.

        Args:
            store: images, uint8 (N, H, W, C).
            places: where in the store the images are, int32 or int64 (n,), on its device; where images are mixed, all
                partners come after all images.
            drawn: for each of these, on the device, (n, columns).
            known: the same on the host.

        Returns:
            uint8 (n, H, W, C), or float32 (n, C, H, W) of whole numbers from 0 to 255; half as many where images are
            mixed.
        """
        images = self._cropped(store, places, drawn, known)
        if not self._stages and not self.mixes:
            return images
        images = images if images.is_floating_point() else as_planes(images)
        first = _CROP_COLUMNS
        for stage in self._stages:
            columns = slice(first, first + stage.columns)
            images = stage.change(images, drawn[:, columns], known[:, columns])
            first += stage.columns
        if self.mixes:
            own, others = images.chunk(2)
            images = mix.mixed(own, others, drawn[: len(own), first:])
        return images

    def soft_labels(self, labels: Tensor, drawn: Tensor, num_classes: int) -> Tensor:
        """Return the share of each class in mixed images, (n, num_classes).

        Args:
            labels: of the images and then of their partners, (2n,).
            drawn: for each of these, (2n, columns).
            num_classes: number of classes.
        """
        own, others = labels.chunk(2)
        return mix.soft_labels(own, others, drawn[: len(own), -mix.COLUMNS :], num_classes)

    def _crop_draw(self, draws: Draws) -> Reals:
        """Return first row, first column and flip (0 or 1) of the crop, and the box it is taken from, (n, 7)."""
        reach = 2 * self._pad + 1
        top, left = (draws.below(reach, each) - self._pad for each in (Purpose.PAD_TOP, Purpose.PAD_LEFT))
        flip = draws.in_turn(self._flip, Purpose.FLIP)
        boxes = np.tile([0, 0, *self._source], (len(top), 1))
        if self._smallest:
            boxes = crop_boxes(draws, self._smallest, self._source)
        return np.column_stack([top, left, flip, boxes])

    def _cropped(self, store: Tensor, places: Tensor, drawn: Tensor, known: NDArray[np.float32]) -> Tensor:
        """Return uint8 (n, H, W, C) where pixels only move, else float32 (n, C, H, W)."""
        if self._smallest:
            images = as_planes(store.index_select(0, places))
            crop = Crop(box=drawn[:, 3:7], offset=drawn[:, :2], flip=drawn[:, 2])
            shrinks = any(there > wanted for there, wanted in zip(self._source, self._size, strict=True))
            return (resampled if shrinks else enlarged)(images, crop, self._size)
        if self._source != self._size:
            store = resized(store.index_select(0, places), self._size)
            places = torch.arange(len(store), dtype=places.dtype, device=store.device)
        if not self._pad and not self._flip:
            return store.index_select(0, places)
        if store.device.type == "cpu":
            return copied(store, places, known[:, :3].astype(np.int64))
        return gathered(store, places, drawn[:, :3])


def _stages(augment: AugmentSpec, size: Size, filling: Tensor) -> list[Stage]:
    """Return what there is to do between the crop and the mixing, in its order."""
    stages: list[Stage] = []
    if augment.rotation or augment.translation or augment.zoom or augment.shear:
        stages.append(_affine_stage(augment, size))
    change, turn = augment.color_jitter or 0.0, augment.hue or 0.0
    if change or turn:
        jittered = partial(colour.jittered, turns=turn > 0)
        stages.append(Stage(partial(colour.jitter_draw, change=change, turn=turn), _on_device(jittered), 4))
    if augment.trivial_augment:
        draw = partial(policy.trivial_draw, strength=augment.trivial_augment, size=size)
        stages.append(Stage(draw, _grouped, policy.COLUMNS))
    if augment.rand_augment:
        draw = partial(policy.rand_draw, magnitude=augment.rand_augment, size=size)
        places = range(augment.rand_augment_ops or 0)
        stages.extend(Stage(partial(draw, place=place), _grouped, policy.COLUMNS) for place in places)
    erase = _on_device(partial(filled, filling=filling))
    if augment.random_erasing:
        stages.append(Stage(partial(erased_boxes, probability=augment.random_erasing, size=size), erase, 4))
    if augment.cutout:
        stages.append(Stage(partial(cutout_boxes, side=augment.cutout, size=size), erase, 4))
    return stages


def _affine_stage(augment: AugmentSpec, size: Size) -> Stage:
    draw = partial(
        affine_draw,
        angle=augment.rotation or 0.0,
        shift=augment.translation or 0.0,
        zoom=augment.zoom or 0.0,
        shear=augment.shear or 0.0,
        size=size,
    )
    return Stage(draw, _on_device(warped), 6)


def _on_device(change: Callable[[Tensor, Tensor], Tensor]) -> Change:
    """Return a change that needs nothing of what the host knows."""
    return lambda images, drawn, _: change(images, drawn)


def _grouped(images: Tensor, drawn: Tensor, known: NDArray[np.float32]) -> Tensor:
    return policy.changed(images, drawn, known[:, 0].astype(np.int64))
