"""The treatment on a GPU, as far as it can be known without one."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from resnet_studio.data.feed import augment_policy, batches
from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.feed.sampling import Shuffled
from resnet_studio.data.feed.treatment import Treatment
from resnet_studio.data.images import Split
from resnet_studio.spec.data import AugmentSpec


def sent(array: NDArray[Any], device: torch.device) -> Tensor:
    return torch.empty(array.shape, dtype=torch.from_numpy(array).dtype, device=device)


@pytest.mark.parametrize("crop", [0.0, 0.5])
@pytest.mark.parametrize("size", [(16, 16), (12, 12), (20, 20)])
@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_waits_for_a_gpu(
    monkeypatch: pytest.MonkeyPatch, everything: AugmentSpec, channels: int, size: tuple[int, int], crop: float
) -> None:
    """Tensors without values, said to be on a GPU: whatever asks for a value, or mixes devices, raises."""
    monkeypatch.setattr(augment_policy, "to_device", sent)
    cuda = torch.device("cuda")
    with FakeTensorMode():
        filling = torch.empty(channels, device=cuda)
        spec = everything.model_copy(update={"random_resized_crop": crop})
        treatment = Treatment(
            spec, source=(16, 16), size=size, partners=Shuffled(100, 0).partners, filling=filling, seed=0
        )
        samples = treatment.with_partners(np.arange(40), 0)
        known = treatment.drawn(samples, 0)
        drawn = torch.empty(known.shape, device=cuda)
        store = torch.empty((100, 16, 16, channels), dtype=torch.uint8, device=cuda)
        places = torch.empty(len(samples), dtype=torch.int32, device=cuda)
        images = treatment.treated(store, places, drawn, known)
        labels = treatment.soft_labels(torch.empty(80, dtype=torch.int64, device=cuda), drawn, 10)
    assert images.shape == (40, channels, *size)
    assert labels.shape == (40, 10)
    assert images.device.type == labels.device.type == "cuda"


def test_only_moved_images_stay_bytes_on_a_gpu() -> None:
    cuda = torch.device("cuda")
    with FakeTensorMode():
        spec = AugmentSpec(pad_crop=2, horizontal_flip=0.5)
        treatment = Treatment(
            spec,
            source=(8, 8),
            size=(8, 8),
            partners=Shuffled(9, 0).partners,
            filling=torch.empty(3, device=cuda),
            seed=0,
        )
        known = treatment.drawn(np.arange(5), 0)
        store = torch.empty((9, 8, 8, 3), dtype=torch.uint8, device=cuda)
        places = torch.empty(5, dtype=torch.int32, device=cuda)
        images = treatment.treated(store, places, torch.empty(known.shape, device=cuda), known)
    assert images.dtype == torch.uint8
    assert images.shape == (5, 8, 8, 3)
    assert images.device.type == "cuda"


@pytest.mark.parametrize("resident", [True, False])
@pytest.mark.parametrize("channels_last", [True, False])
@pytest.mark.parametrize("augment", ["nothing", "moved", "everything"], indirect=True)
def test_no_batch_waits_for_a_gpu(
    monkeypatch: pytest.MonkeyPatch, augment: AugmentSpec, *, channels_last: bool, resident: bool
) -> None:
    def streamed(images: Tensor, parts: Iterable[NDArray[np.int64]], device: torch.device) -> Iterator[Tensor]:
        return (torch.empty((len(part), *images.shape[1:]), dtype=torch.uint8, device=device) for part in parts)

    monkeypatch.setattr(augment_policy, "to_device", sent)
    monkeypatch.setattr(batches, "to_device", sent)
    monkeypatch.setattr(batches, "streamed", streamed)
    monkeypatch.setattr(batches, "fits", lambda _size, _device: resident)
    split = Split(np.zeros((40, 16, 16, 3), np.uint8), np.arange(40) % 4)
    with FakeTensorMode():
        made = Batches(
            split,
            mean=(0.5,) * 3,
            std=(0.2,) * 3,
            device=torch.device("cuda"),
            dtype=torch.bfloat16,
            channels_last=channels_last,
            augment=augment,
            size=(12, 12),
            num_classes=10,
            sampling="balanced",
        )
        for images, labels in [*made.epoch(0, 16), *made.in_order(16)]:
            assert images.shape[1:] == (3, 12, 12)
            assert images.device.type == labels.device.type == "cuda"
            assert images.dtype == torch.bfloat16
        shown = made.augmented([1, 2], 0)
    assert (shown.shape, shown.dtype) == ((2, 12, 12, 3), torch.uint8)
