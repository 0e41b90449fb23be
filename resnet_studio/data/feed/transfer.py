"""The way of images from the host's memory to a device."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_AHEAD = 2
"""Batches on the way: one travels while the device computes on another."""


class _Writable:
    """The memory of an array as if it could be written: torch knows no other, and warns."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        start, _ = array.__array_interface__["data"]
        self.__array_interface__ = array.__array_interface__ | {"data": (start, False)}


def as_tensor(array: NDArray[Any]) -> Tensor:
    """Return an array as a tensor in the same memory, which nobody may write to where it is mapped to be read.

    Mapped so that it can be written, be it in a copy, a file may not be larger than the memory: Linux refuses that.
    """
    array = np.ascontiguousarray(array)
    return torch.from_numpy(array if array.flags.writeable else np.asarray(_Writable(array)))


def to_device(array: NDArray[Any], device: torch.device) -> Tensor:
    """Return an array of the host on a device, without waiting for what a GPU still has to do."""
    tensor = as_tensor(array)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


def fits(size: int, device: torch.device) -> bool:
    """Whether images of so many bytes may stay on a device: half of a GPU's free memory is the network's."""
    return device.type != "cuda" or size < torch.cuda.mem_get_info(device)[0] // 2


def streamed(images: Tensor, batches: Iterable[NDArray[np.int64]], device: torch.device) -> Iterator[Tensor]:
    """Yield batches of images that are too many for a GPU, each sent off while those before are being used.

    The images are gathered into pinned memory and copied on a stream of their own, so that neither the host nor the
    GPU waits for the copy. torch's allocators keep both ends of a copy until it is done.

    Args:
        images: on the host, uint8 (N, H, W, C).
        batches: numbers of the images of each batch, (n,).
        device: a CUDA device.

    Yields:
        uint8 (n, H, W, C), on the device.
    """
    copying = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]  # torch has no types here
    under_way: deque[tuple[Tensor, torch.cuda.Event]] = deque()
    for samples in batches:
        under_way.append(_sent(images, samples, device, copying))
        if len(under_way) == _AHEAD:
            yield _arrived(*under_way.popleft(), device)
    while under_way:
        yield _arrived(*under_way.popleft(), device)


def _sent(
    images: Tensor, samples: NDArray[np.int64], device: torch.device, copying: torch.cuda.Stream
) -> tuple[Tensor, torch.cuda.Event]:
    pinned = torch.empty((len(samples), *images.shape[1:]), dtype=images.dtype, pin_memory=True)
    torch.index_select(images, 0, torch.from_numpy(samples), out=pinned)
    with torch.cuda.stream(copying):
        batch = pinned.to(device, non_blocking=True)
        return batch, copying.record_event()


def _arrived(batch: Tensor, copied: torch.cuda.Event, device: torch.device) -> Tensor:
    here = torch.cuda.current_stream(device)
    here.wait_event(copied)
    # the memory was taken on the copying stream: it must not be given away before this one is done with it
    batch.record_stream(here)
    return batch
