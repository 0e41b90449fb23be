"""A step recorded as CUDA graphs and repeated: one launch where the host would launch some hundred kernels.

A small network keeps a GPU busy for less time than the host needs to ask for it, kernel by kernel. What is recorded is
what repeats, `Update`, at the same places in memory; the batches themselves are made anew each time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor

from resnet_studio.training.optimizer import capturable
from resnet_studio.training.update import Update

_REHEARSALS = 3
"""Times that a step is done before it is recorded: libraries are set up, algorithms chosen and compilers done then."""

Action = Callable[[], None]


class Recorder(Protocol):
    """Records what a device is asked to do."""

    def rehearse(self, action: Action) -> None:
        """Do it as it will be recorded."""

    def record(self, action: Action) -> Action:
        """Record it, and return what repeats it.

        Recordings share memory, so that they have to be repeated in the order in which they were made.
        """


class Graphs:
    """Records CUDA graphs; a `Recorder`. Not safe in two threads at once."""

    def __init__(self, device: torch.device) -> None:
        """Get ready to record on a CUDA device."""
        self._device = device
        # torch has no types here
        self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._memory = torch.cuda.graph_pool_handle()

    def rehearse(self, action: Action) -> None:
        """Do it some times on the stream on which it will be recorded."""
        here = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(here)
        with torch.cuda.stream(self._stream):
            for _ in range(_REHEARSALS):
                action()
        here.wait_stream(self._stream)

    def record(self, action: Action) -> Action:
        """Record it, and return what repeats it, see `Recorder`."""
        graph = torch.cuda.CUDAGraph()
        # meanwhile other threads may copy checkpoints and ask for the memory: only this one must not wait
        with torch.cuda.graph(graph, self._memory, self._stream, capture_error_mode="thread_local"):
            action()
        return graph.replay


class Captured:
    """The batches of a step and the change of the weights, recorded. Same arithmetic as `Update`, bit for bit.

    Random draws, of dropout, are those of the seed that stands when a batch is repeated.
    """

    def __init__(self, update: Update, images: Tensor, labels: Tensor, recorder: Recorder, *, batches: int) -> None:
        """Record a step; nothing that it goes on with is changed by that.

        Args:
            update: what is recorded, after a step at least: moments and scale are there.
            images: (N, C, H, W); all later batches have its shape and layout.
            labels: as many.
            recorder: of the device.
            batches: in a step.
        """
        self._images, self._labels = torch.empty_like(images), torch.empty_like(labels)
        self._put(images, labels)
        self._begun = False

        def batch() -> None:
            update.batch(self._images, self._labels)

        def rehearsed() -> None:
            for _ in range(min(2, batches)):
                batch()
            update.change()

        with unchanged(update.tensors), _waiting(self._images.device):
            recorder.rehearse(rehearsed)
            with capturable(update.optimizer):
                # the first batch makes the gradients, those after it add to them
                self._first = recorder.record(batch)
                self._further = recorder.record(batch) if batches > 1 else self._first
                self._change = recorder.record(update.change)

    def batch(self, images: Tensor, labels: Tensor) -> None:
        """Do what `Update.batch` does.

        Raises:
            ValueError: it is of another shape than the recorded one.
        """
        if images.shape != self._images.shape or labels.shape != self._labels.shape:
            raise ValueError(f"recorded with {tuple(self._images.shape)}, not {tuple(images.shape)}")
        self._put(images, labels)
        if self._begun:
            self._further()
        else:
            self._first()
        self._begun = True

    def change(self) -> None:
        """Do what `Update.change` does."""
        self._change()
        self._begun = False

    def _put(self, images: Tensor, labels: Tensor) -> None:
        self._images.copy_(images, non_blocking=True)
        self._labels.copy_(labels, non_blocking=True)


@contextmanager
def unchanged(tensors: Sequence[Tensor]) -> Iterator[None]:
    """Give tensors back the values that they had; where an error ends it, they are left as they are."""
    kept = [tensor.detach().clone() for tensor in tensors]
    yield
    with torch.no_grad():
        for tensor, before in zip(tensors, kept, strict=True):
            tensor.copy_(before)


@contextmanager
def _waiting(device: torch.device) -> Iterator[None]:
    """Allow to wait for a GPU where `torch.cuda.set_sync_debug_mode` forbids it: recording does, once in a run."""
    if device.type != "cuda":
        yield
        return
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("default")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode(before)
