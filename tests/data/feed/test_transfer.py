"""Images on their way to a device."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from resnet_studio.data.feed import transfer
from resnet_studio.data.feed.transfer import as_tensor, fits, streamed, to_device

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


def test_bytes_decide_against_half_of_the_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _device: (1000, 4000))
    assert fits(499, CUDA)
    assert not fits(500, CUDA)
    assert fits(10**15, CPU)


def test_what_may_only_be_read_is_not_copied() -> None:
    array = np.arange(12)
    array.flags.writeable = False
    tensor = as_tensor(array)
    assert tensor.data_ptr() == array.ctypes.data
    del array
    assert tensor.tolist() == list(range(12)), "the tensor keeps the memory"
    assert as_tensor(np.arange(12).reshape(3, 4).T).tolist() == [[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]


def test_on_the_cpu_an_array_stays_where_it_is() -> None:
    array = np.arange(5)
    assert to_device(array, CPU).data_ptr() == array.ctypes.data


def test_each_batch_is_sent_off_while_the_one_before_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []

    def sent(_images: object, samples: NDArray[np.int64], *_: object) -> tuple[torch.Tensor, None]:
        happened.append(f"sent {samples[0]}")
        return torch.from_numpy(samples), None

    def arrived(batch: torch.Tensor, *_: object) -> torch.Tensor:
        return batch

    monkeypatch.setattr(torch.cuda, "Stream", lambda _device: None)
    monkeypatch.setattr(transfer, "_sent", sent)
    monkeypatch.setattr(transfer, "_arrived", arrived)

    def wanted() -> Iterator[NDArray[np.int64]]:
        yield from (np.array([number]) for number in range(4))

    for batch in streamed(torch.empty(4, 1, 1, 1), wanted(), CUDA):
        happened += [f"used {batch.item()}"]
    assert happened == ["sent 0", "sent 1", "used 0", "sent 2", "used 1", "sent 3", "used 2", "used 3"]


@needs_cuda
def test_an_array_gets_to_a_gpu_whole() -> None:
    array = np.random.default_rng(0).random((100, 7), dtype=np.float32)
    assert np.array_equal(to_device(array, CUDA).cpu().numpy(), array)


@needs_cuda
def test_batches_that_are_sent_ahead_arrive_whole() -> None:
    images = torch.randint(0, 256, (64, 32, 32, 3), dtype=torch.uint8)
    parts = [np.random.default_rng(number).integers(0, 64, 16) for number in range(30)]
    for part, batch in zip(parts, streamed(images, iter(parts), CUDA), strict=True):
        # the memory of a batch before is taken again at once
        assert torch.equal((batch + 0).cpu(), images[torch.from_numpy(part)])
