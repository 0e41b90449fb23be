"""What becomes of a sample depends on (seed, epoch, sample) alone, whatever is on and whatever surrounds it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor

from resnet_studio.data.feed import batches as module
from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.feed.sampling import Kind, sampling_of
from resnet_studio.data.images import Split
from resnet_studio.spec.data import AugmentSpec

STRENGTHS: dict[str, Any] = {
    "pad_crop": 2,
    "random_resized_crop": 0.3,
    "horizontal_flip": 0.5,
    "rotation": 30.0,
    "translation": 0.2,
    "zoom": 0.3,
    "shear": 10.0,
    "color_jitter": 0.4,
    "hue": 0.2,
    "random_erasing": 0.7,
    "cutout": 4,
    "trivial_augment": 1.0,
    "rand_augment": 9.0,
    "mixup": 0.4,
    "cutmix": 1.0,
}
MIXES = {"mixup", "cutmix"}

fields = st.sets(st.sampled_from(list(STRENGTHS)))
seeds, epochs = st.integers(0, 2**31 - 1), st.integers(0, 99_999)
sizes = st.sampled_from([(12, 10), (9, 7), (17, 11)])


def pictures(count: int, channels: int, seed: int = 0) -> Split:
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 12, 10, channels), dtype=np.uint8)
    return Split(images, random.integers(0, 4, count) ** 2)


def made(split: Split, chosen: set[str], seed: int, size: tuple[int, int], sampling: Kind = "shuffle") -> Batches:
    return Batches(
        split,
        # values stay what they are, so that an epoch can be held beside what is shown
        mean=(0.0,) * split.images.shape[3],
        std=(1 / 255,) * split.images.shape[3],
        device=torch.device("cpu"),
        augment=AugmentSpec(**{field: STRENGTHS[field] for field in chosen}, rand_augment_ops=2),
        seed=seed,
        size=size,
        num_classes=10,
        sampling=sampling,
    )


def shown(batches: Batches, numbers: NDArray[np.int64], epoch: int) -> Tensor:
    """Each one in a batch of its own, as an epoch gives it."""
    return torch.cat([batches.augmented([number], epoch) for number in numbers]).permute(0, 3, 1, 2).float()


@contextmanager
def surroundings(*, threads: int, piece: int, resident: bool) -> Iterator[None]:
    """Other threads, other pieces for each, and images that travel to the device, but for the travelling itself."""

    def streamed(images: Tensor, batches: Iterable[NDArray[np.int64]], _device: torch.device) -> Iterator[Tensor]:
        return (images[torch.from_numpy(samples)] for samples in batches)

    before = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "fits", lambda _size, _device: resident)
        patch.setattr(module, "streamed", streamed)
        patch.setattr(module, "_PLANNED", 16)
        patch.setattr(module, "_PIECE", piece)
        torch.set_num_threads(threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)


@settings(deadline=None)
@given(
    chosen=fields,
    seed=seeds,
    epoch=epochs,
    size=sizes,
    count=st.integers(1, 20),
    channels=st.sampled_from([1, 3]),
    sampling=st.sampled_from(["shuffle", "balanced"]),
    batch_size=st.integers(1, 24),
    threads=st.sampled_from([1, 2, 3]),
    piece=st.sampled_from([1, 500, 1 << 19]),
    resident=st.booleans(),
    data=st.data(),
)
def test_neither_batch_nor_place_nor_first_step_nor_threads_nor_transfer_matter(
    chosen: set[str],
    seed: int,
    epoch: int,
    size: tuple[int, int],
    count: int,
    channels: int,
    sampling: Kind,
    batch_size: int,
    threads: int,
    piece: int,
    data: st.DataObject,
    *,
    resident: bool,
) -> None:
    split = pictures(count, channels)
    order = sampling_of(sampling, split.labels, seed).order(epoch)
    alone = shown(made(split, chosen, seed, size, sampling), order, epoch)
    first = data.draw(st.integers(0, (count - 1) // batch_size))
    with surroundings(threads=threads, piece=piece, resident=resident):
        batches = made(split, chosen, seed, size, sampling)
        parts = list(batches.epoch(epoch, batch_size, first_step=first, drop_last=False))
    seen = torch.cat([images for images, _ in parts])
    torch.testing.assert_close(seen, alone[first * batch_size :], rtol=0, atol=1e-3)


@settings(deadline=None)
@given(
    chosen=fields.map(lambda each: each - MIXES),
    seed=seeds,
    epoch=epochs,
    size=sizes,
    sample=st.integers(0, 30),
    more=st.integers(0, 9),
)
def test_other_samples_matter_to_none_that_is_not_mixed_with_them(
    chosen: set[str], seed: int, epoch: int, size: tuple[int, int], sample: int, more: int
) -> None:
    ours, others = pictures(31, 3), pictures(sample + 1 + more, 3, seed=1)
    others.images[sample] = ours.images[sample]
    expected = made(ours, chosen, seed, size).augmented([sample], epoch)
    assert torch.equal(made(others, chosen, seed, size).augmented([sample], epoch), expected)


@settings(deadline=None)
@given(chosen=fields, seed=seeds, epoch=epochs, sampling=st.sampled_from(["shuffle", "balanced"]))
def test_of_other_samples_only_the_partner_matters_to_one_that_is_mixed(
    chosen: set[str], seed: int, epoch: int, sampling: Kind
) -> None:
    chosen = chosen | {"mixup"}
    ours = pictures(30, 1)
    # the partner is the only one that brings another class than the sample's own
    apart = Split(ours.images, np.arange(30))
    shares = Batches(
        apart,
        mean=(0.0,),
        std=(1.0,),
        device=torch.device("cpu"),
        augment=AugmentSpec(**{field: STRENGTHS[field] for field in chosen}),
        seed=seed,
        sampling=sampling,
    )
    order = sampling_of(sampling, apart.labels, seed).order(epoch)
    _, labels = next(shares.epoch(epoch, 30))
    needed = torch.nonzero(labels[np.flatnonzero(order == 5)[0]]).flatten().tolist()
    others = Split(255 - ours.images, apart.labels)
    others.images[[5, *needed]] = ours.images[[5, *needed]]
    expected = made(apart, chosen, seed, (12, 10), sampling).augmented([5], epoch)
    assert torch.equal(made(others, chosen, seed, (12, 10), sampling).augmented([5], epoch), expected)
