"""Batches on the device are what a slow loop over single images would give."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor
from torchvision.transforms.v2.functional import resize

from resnet_studio.data.draws import integers, samples_of, shuffled, uniform
from resnet_studio.data.feed import batches as module
from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.feed.sampling import Balanced
from resnet_studio.data.images import Images, Split
from resnet_studio.spec.data import AugmentSpec

CPU = torch.device("cpu")
MEAN, STD = (0.4, 0.5, 0.6), (0.2, 0.25, 0.3)


@cache
def noise(count: int, height: int, width: int, channels: int) -> Split:
    random = np.random.default_rng(count)
    images = random.integers(0, 256, (count, height, width, channels), dtype=np.uint8)
    return Split(images, random.integers(0, 7, count))


def made(split: Split, *, pad_crop: int = 2, flip: float = 0.5, seed: int = 0, channels_last: bool = False) -> Batches:
    channels = split.images.shape[3]
    return Batches(
        split,
        mean=MEAN[:channels],
        std=STD[:channels],
        device=CPU,
        channels_last=channels_last,
        augment=AugmentSpec(pad_crop=pad_crop, horizontal_flip=flip),
        seed=seed,
    )


def treated(image: Images, pad: int, top: int, left: int, *, mirror: bool) -> Images:
    """The reference: pad one image with black, crop it, then mirror it."""
    height, width, _ = image.shape
    padded = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
    crop = padded[pad + top : pad + top + height, pad + left : pad + left + width]
    return crop[:, ::-1] if mirror else crop


@settings(deadline=None)
@given(
    count=st.integers(1, 12),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    channels=st.sampled_from([1, 3]),
    pad=st.integers(0, 12),
    flip=st.sampled_from([0.0, 0.5, 1.0]),
    seed=st.integers(0, 5),
)
def test_the_gather_is_padding_crop_and_mirror_of_each_image(
    count: int, height: int, width: int, channels: int, pad: int, flip: float, seed: int
) -> None:
    split = noise(count, height, width, channels)
    samples = np.arange(count)
    seen = made(split, pad_crop=pad, flip=flip, seed=seed).augmented(samples, epoch=3).numpy()
    tops, lefts = (integers(2 * pad + 1, samples, seed, draw, 3) - pad for draw in (2, 3))
    mirrors = (uniform(samples, seed, 4) + 3 * flip) % 1 < flip
    for number in samples:
        expected = treated(
            split.images[number], pad, int(tops[number]), int(lefts[number]), mirror=bool(mirrors[number])
        )
        assert np.array_equal(seen[number], expected)


def test_crops_and_flips_take_every_place_equally_often() -> None:
    count, pad = 5000, 1
    image = np.zeros((1, 5, 5, 1), np.uint8)
    image[0, 2, 1] = 255
    split = Split(np.repeat(image, count, axis=0), np.zeros(count, np.int64))
    seen = made(split, pad_crop=pad).augmented(range(count), epoch=0).numpy()
    # the crop moves the dot by one to every side, the mirror takes it from the second column to the fourth
    share = np.array([[0, 0, 0, 0, 0], [1, 1, 2, 1, 1], [1, 1, 2, 1, 1], [1, 1, 2, 1, 1], [0, 0, 0, 0, 0]]) / 18
    assert (seen > 0).mean(0)[:, :, 0] == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_batches_are_normalised_and_lie_as_asked(channels: int, *, channels_last: bool) -> None:
    split = noise(10, 6, 5, channels)
    images, labels = next(iter(made(split, channels_last=channels_last).in_order(4)))
    expected = (split.images[:4] / 255 - np.array(MEAN[:channels])) / np.array(STD[:channels])
    assert images.shape == (4, channels, 6, 5)
    assert images.dtype == torch.float32
    assert images.permute(0, 2, 3, 1).numpy() == pytest.approx(expected, abs=1e-5)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    assert images.is_contiguous(memory_format=layout)
    assert labels.dtype == torch.int64
    assert labels.tolist() == split.labels[:4].tolist()


def test_another_floating_type() -> None:
    split = noise(10, 6, 5, 3)
    made_so = Batches(split, mean=MEAN, std=STD, device=CPU, dtype=torch.bfloat16)
    (images, _), (plain, _) = next(made_so.in_order(10)), next(made(split).in_order(10))
    assert torch.equal(images, plain.to(torch.bfloat16))


def test_in_order_gives_every_image_once_and_untouched() -> None:
    split = noise(10, 6, 5, 3)
    batches = list(made(split).in_order(4))
    assert [len(labels) for _, labels in batches] == [4, 4, 2]
    assert torch.cat([labels for _, labels in batches]).tolist() == split.labels.tolist()
    plain = Batches(split, mean=MEAN, std=STD, device=CPU)
    assert torch.equal(torch.cat([images for images, _ in batches]), next(plain.in_order(10))[0])


def test_an_epoch_is_what_augmented_shows_in_the_order_of_its_number() -> None:
    split = noise(50, 6, 5, 3)
    batches = made(split, seed=7)
    images, labels = (torch.cat(parts) for parts in zip(*batches.epoch(2, 8, drop_last=False), strict=True))
    order = shuffled(50, 7, 1, 2)
    assert labels.tolist() == split.labels[order].tolist()
    shown = batches.augmented(order, epoch=2).numpy() / 255
    expected = (shown - np.array(MEAN)) / np.array(STD)
    assert images.permute(0, 2, 3, 1).numpy() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("first_step", [0, 1, 3, 6, 7])
@pytest.mark.parametrize("drop_last", [False, True])
def test_a_resumed_epoch_is_the_rest_of_the_whole_one(first_step: int, *, drop_last: bool) -> None:
    split = noise(50, 6, 5, 3)
    whole = list(made(split).epoch(1, 8, drop_last=drop_last))
    rest = list(made(split).epoch(1, 8, first_step=first_step, drop_last=drop_last))
    assert len(rest) == max(0, len(whole) - first_step)
    for (images, labels), (again, names) in zip(whole[first_step:], rest, strict=True):
        assert torch.equal(images, again)
        assert torch.equal(labels, names)


def test_the_size_of_the_batch_changes_no_image() -> None:
    split = noise(48, 6, 5, 3)
    epochs = [list(made(split).epoch(1, size)) for size in (1, 4, 48)]
    one, four, whole = (torch.cat([images for images, _ in epoch]) for epoch in epochs)
    assert torch.equal(one, four)
    assert torch.equal(one, whole)


def test_epochs_and_seeds_differ() -> None:
    split = noise(48, 6, 5, 3)
    runs = [(0, 0), (0, 0), (0, 1), (1, 0)]
    labels = [next(made(split, seed=seed).epoch(epoch, 48))[1].tolist() for seed, epoch in runs]
    shown = [made(split, seed=seed).augmented(range(48), epoch).numpy().tobytes() for seed, epoch in runs]
    assert labels[0] == labels[1]
    assert shown[0] == shown[1]
    assert len({tuple(order) for order in labels}) == 3
    assert len(set(shown)) == 3


@pytest.mark.parametrize(
    ("count", "batch_size", "drop_last", "steps"),
    [
        (50, 8, True, 6),
        (50, 8, False, 7),
        (48, 8, True, 6),
        (48, 8, False, 6),
        (5, 8, True, 1),
        (5, 8, False, 1),
        (0, 8, True, 0),
        (0, 8, False, 0),
    ],
)
def test_steps_are_the_batches_of_an_epoch(count: int, batch_size: int, steps: int, *, drop_last: bool) -> None:
    batches = made(noise(count, 2, 2, 1))
    assert batches.steps(batch_size, drop_last=drop_last) == steps
    assert len(list(batches.epoch(0, batch_size, drop_last=drop_last))) == steps
    assert len(batches) == count


def test_the_images_are_not_copied_and_not_written() -> None:
    split = noise(48, 6, 5, 3)
    before = split.images.copy()
    batches = made(split)
    list(batches.epoch(0, 8))
    list(batches.in_order(8))
    assert np.array_equal(split.images, before)
    shared = Batches(split, mean=MEAN, std=STD, device=CPU)
    split.images[0, 0, 0, 0] ^= 255
    assert shared.augmented([0], 0)[0, 0, 0, 0] == split.images[0, 0, 0, 0]
    split.images[0, 0, 0, 0] ^= 255


@pytest.mark.skipif(not hasattr(os, "sysconf"), reason="this system doesn't say how much memory it has")
def test_a_set_larger_than_the_memory(tmp_path: Path) -> None:
    count = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024 * 3) + 2000
    path = tmp_path / "train.npy"
    np.lib.format.open_memmap(path, "w+", np.uint8, (count, 1024, 1024, 3))[-1] = 7  # the rest is a hole
    batches = made(Split(np.load(path, mmap_mode="r"), np.zeros(count, np.int64)))
    assert batches.augmented([0, count - 1], 0).amax((1, 2, 3)).tolist() == [0, 7]
    assert next(batches.epoch(0, 2))[0].shape == (2, 3, 1024, 1024)
    path.unlink()


def augmented(
    split: Split, augment: AugmentSpec, *, seed: int = 0, size: tuple[int, int] | None = None, classes: int = 7
) -> Batches:
    channels = split.images.shape[3]
    return Batches(
        split,
        mean=MEAN[:channels],
        std=STD[:channels],
        device=CPU,
        augment=augment,
        seed=seed,
        size=size,
        num_classes=classes,
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_every_change_depends_on_seed_epoch_and_sample_alone(augment: AugmentSpec, channels: int) -> None:
    split = noise(48, 12, 10, channels)
    batches = augmented(split, augment, seed=5)
    whole = batches.augmented(range(48), 3)
    assert whole.dtype == torch.uint8
    assert whole.shape == (48, 12, 10, channels)
    order = np.random.default_rng(0).permutation(48)
    assert torch.equal(batches.augmented(order, 3), whole[order])
    assert torch.equal(torch.cat([batches.augmented([sample], 3) for sample in range(48)]), whole)
    again = augmented(split, augment, seed=5)
    small, large = (list(again.epoch(3, size, drop_last=False)) for size in (5, 48))
    images, labels = (torch.cat(parts) for parts in zip(*small, strict=True))
    assert torch.equal(images, large[0][0])
    assert torch.equal(labels, large[0][1])
    for (part, names), (expected, theirs) in zip(
        again.epoch(3, 5, first_step=4, drop_last=False), small[4:], strict=True
    ):
        assert torch.equal(part, expected)
        assert torch.equal(names, theirs)


def test_every_change_differs_by_seed_and_epoch(augment: AugmentSpec) -> None:
    split = noise(48, 12, 10, 3)
    shown = [
        augmented(split, augment, seed=seed).augmented(range(48), epoch) for seed, epoch in ((0, 0), (0, 1), (1, 0))
    ]
    assert not torch.equal(shown[0], shown[1])
    assert not torch.equal(shown[0], shown[2])
    assert not torch.equal(shown[0], torch.from_numpy(split.images))


@pytest.mark.parametrize("channels_last", [False, True])
def test_what_is_shown_is_what_is_trained_on(augment: AugmentSpec, *, channels_last: bool) -> None:
    split = noise(30, 12, 10, 3)
    batches = Batches(
        split, mean=MEAN, std=STD, device=CPU, augment=augment, seed=2, num_classes=7, channels_last=channels_last
    )
    images, _ = next(batches.epoch(1, 30))
    shown = batches.augmented(shuffled(30, 2, 1, 1), epoch=1)
    plain = Batches(Split(shown.numpy(), split.labels), mean=MEAN, std=STD, device=CPU, channels_last=channels_last)
    assert torch.equal(images, next(plain.in_order(30))[0])
    layout = torch.channels_last if channels_last else torch.contiguous_format
    assert images.is_contiguous(memory_format=layout)


def balanced(split: Split, augment: AugmentSpec) -> Batches:
    return Batches(split, mean=MEAN, std=STD, device=CPU, augment=augment, seed=5, num_classes=7, sampling="balanced")


def test_an_image_that_a_balanced_epoch_draws_again_is_treated_anew(everything: AugmentSpec) -> None:
    images = noise(40, 12, 10, 3).images
    labels = np.repeat([0, 1], [37, 3])
    batches = balanced(Split(images, labels), everything)
    order = Balanced(labels, 5).order(2)
    shown = batches.augmented(order, 2)
    seen = torch.cat([part for part, _ in batches.epoch(2, 7, drop_last=False)])
    assert torch.equal(seen, torch.cat([part for part, _ in batches.epoch(2, 40)]))
    expected = (shown.numpy() / 255 - np.array(MEAN)) / np.array(STD)
    assert seen.permute(0, 2, 3, 1).numpy() == pytest.approx(expected, abs=1e-5)
    again = [shown[samples_of(order) == sample] for sample in (37, 38, 39)]
    assert [6 <= len(each) <= 7 for each in again] == [True] * 3
    assert len(np.unique(torch.cat(again).flatten(1).numpy(), axis=0)) == 20
    first = order < 40
    assert torch.equal(shown[first], batches.augmented(samples_of(order)[first], 2))


def test_a_resumed_balanced_epoch_is_the_rest_of_the_whole_one(everything: AugmentSpec) -> None:
    split = Split(noise(40, 12, 10, 3).images, np.repeat([0, 1], [37, 3]))
    first, other = balanced(split, everything), balanced(split, everything)
    whole, rest = list(first.epoch(1, 8)), list(other.epoch(1, 8, first_step=3))
    assert len(whole) == first.steps(8, drop_last=True) == 5
    for (images, labels), (again, theirs) in zip(whole[3:], rest, strict=True):
        assert torch.equal(images, again)
        assert torch.equal(labels, theirs)


def test_draws_made_together_are_those_made_apart(everything: AugmentSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = augmented(noise(48, 12, 10, 3), everything)
    together = list(batches.epoch(0, 5, drop_last=False))
    monkeypatch.setattr(module, "_PLANNED", 10)
    apart = list(batches.epoch(0, 5, drop_last=False))
    for (images, labels), (others, theirs) in zip(together, apart, strict=True):
        assert torch.equal(images, others)
        assert torch.equal(labels, theirs)


def test_what_is_erased_has_the_mean() -> None:
    split = Split(np.full((40, 16, 16, 3), 7, np.uint8), np.zeros(40, np.int64))
    seen = augmented(split, AugmentSpec(random_erasing=1.0)).augmented(range(40), 0)
    values, counts = np.unique(seen.flatten(0, 2).numpy(), axis=0, return_counts=True)
    assert values.tolist() == [[7, 7, 7], [102, 128, 153]]
    assert 0.05 < counts[1] / counts.sum() < 0.3


@pytest.mark.parametrize("field", ["mixup", "cutmix"])
def test_mixed_labels_have_the_shares_of_both_images(field: str) -> None:
    count = 400
    # each image is filled with its class, so that its mean says how much of which it has
    labels = np.arange(count) % 2
    images = np.broadcast_to((labels * 200).astype(np.uint8)[:, None, None, None], (count, 16, 16, 1))
    batches = Batches(
        Split(images, labels),
        mean=(0.0,),
        std=(1.0,),
        device=CPU,
        augment=AugmentSpec(**{field: 1.0}),
        num_classes=3,
    )
    mixed, shares = next(batches.epoch(0, count))
    assert shares.shape == (count, 3)
    assert shares.sum(1) == pytest.approx(1)
    assert shares[:, 2].abs().max() == 0
    assert mixed.mean((1, 2, 3)) * 255 / 200 == pytest.approx(shares[:, 1].numpy(), abs=0.5 / 200)
    # half the partners are of the other class
    assert 0.4 < ((shares > 0).sum(1) == 2).float().mean() < 0.6


def test_no_image_is_shown_as_none(everything: AugmentSpec) -> None:
    batches = augmented(noise(10, 12, 10, 3), everything, size=(9, 7))
    assert batches.augmented([], 0).shape == (0, 9, 7, 3)
    assert batches.augmented([], 0).dtype == torch.uint8


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (4, 4), (4, 9), (1, 64)])
@pytest.mark.parametrize("size", [None, (4, 4), (8, 6)])
@pytest.mark.parametrize("augment", ["nothing", "everything"], indirect=True)
def test_tiny_images_few_of_them_and_batches_of_one(
    augment: AugmentSpec, size: tuple[int, int] | None, shape: tuple[int, int], channels: int
) -> None:
    for count in (1, 2, 9):
        batches = augmented(noise(count, *shape, channels), augment, size=size)
        for batch_size in (1, 4, 4096):
            parts = list(batches.epoch(0, batch_size, drop_last=False))
            assert sum(len(images) for images, _ in parts) == count
            assert all(images.shape[1:] == (channels, *(size or shape)) for images, _ in parts)
            assert all(images.isfinite().all() for images, _ in parts)


def test_labels_that_are_not_mixed_stay_numbers() -> None:
    _, labels = next(augmented(noise(48, 12, 10, 3), AugmentSpec(rotation=20.0)).epoch(0, 8))
    assert labels.dtype == torch.int64
    assert labels.shape == (8,)


@pytest.mark.parametrize("crop", [0.0, 0.4])
@pytest.mark.parametrize("size", [(12, 10), (9, 7), (16, 20)])
def test_batches_have_the_size_that_is_wanted(everything: AugmentSpec, size: tuple[int, int], crop: float) -> None:
    split = noise(20, 12, 10, 3)
    batches = augmented(split, everything.model_copy(update={"random_resized_crop": crop}), size=size)
    assert batches.augmented(range(20), 0).shape == (20, *size, 3)
    assert next(batches.epoch(0, 8))[0].shape == (8, 3, *size)
    whole, _ = next(batches.in_order(20))
    expected = resize(torch.from_numpy(split.images).permute(0, 3, 1, 2), size, antialias=True)
    values = (expected.permute(0, 2, 3, 1).numpy() / 255 - np.array(MEAN)) / np.array(STD)
    assert whole.permute(0, 2, 3, 1).numpy() == pytest.approx(values, abs=1e-5)


@pytest.mark.parametrize("augment", ["moved", "everything"], indirect=True)
def test_images_that_travel_are_treated_as_those_that_stay(
    monkeypatch: pytest.MonkeyPatch, augment: AugmentSpec
) -> None:
    """All but the transfer itself, which needs a GPU."""

    def streamed(images: Tensor, batches: Iterable[NDArray[np.int64]], _device: torch.device) -> Iterator[Tensor]:
        return (images[torch.from_numpy(samples)] for samples in batches)

    split = noise(50, 12, 10, 3)
    staying = augmented(split, augment, size=(8, 6))
    monkeypatch.setattr(module, "fits", lambda _size, _device: False)
    monkeypatch.setattr(module, "streamed", streamed)
    travelling = augmented(split, augment, size=(8, 6))
    pairs = [
        (staying.epoch(1, 8, drop_last=False), travelling.epoch(1, 8, drop_last=False)),
        (staying.in_order(8), travelling.in_order(8)),
    ]
    for expected, found in pairs:
        for (images, labels), (others, names) in zip(expected, found, strict=True):
            assert torch.equal(images, others)
            assert torch.equal(labels, names)
    assert torch.equal(staying.augmented([3, 30], 2), travelling.augmented([3, 30], 2))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("resident", [True, False])
@pytest.mark.parametrize("augment", ["moved", "everything"], indirect=True)
def test_a_gpu_gives_the_batches_of_the_cpu(
    monkeypatch: pytest.MonkeyPatch, augment: AugmentSpec, *, resident: bool
) -> None:
    monkeypatch.setattr(module, "fits", lambda _size, _device: resident)
    split = noise(50, 12, 10, 3)
    there = Batches(
        split, mean=MEAN, std=STD, device=torch.device("cuda"), augment=augment, num_classes=7, size=(12, 10)
    )
    here = augmented(split, augment)
    torch.cuda.set_sync_debug_mode("error")
    try:
        gpu = [*there.epoch(1, 8), *there.in_order(8)]
    finally:
        torch.cuda.set_sync_debug_mode("default")
    for (images, labels), (expected, names) in zip(gpu, [*here.epoch(1, 8), *here.in_order(8)], strict=True):
        assert images.device.type == labels.device.type == "cuda"
        # a product that ends in another digit is cut to another whole number now and then
        apart = (images.cpu() - expected).abs()
        assert (apart > 1e-5).float().mean() < 0.01
        torch.testing.assert_close(labels.cpu(), names)
