"""Running out of memory: said in one sentence, with nothing held, and gone around where that changes no result."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import torch

from resnet_studio.analysis.cost import GIB, KIB, MIB
from resnet_studio.data.memory import available_memory, told_bytes
from resnet_studio.runs.failure import TrainingFailedError
from resnet_studio.spec.training import TrainingSpec

Result = TypeVar("Result")

_UNITS = {"bytes": 1, "KiB": KIB, "MiB": MIB, "GiB": GIB, "KB": KIB, "MB": MIB, "GB": GIB}
_AMOUNT = r"([\d.]+) (bytes|[KMG]i?B)"
_SIGNS = ("can't allocate memory", "out of memory", "ALLOC_FAILED")
"""What is in the messages of the CPU's allocator, of Apple's and of CUDA's libraries, which have no error of their own.
"""
_CUDA = re.compile(rf"[Tt]ried to allocate {_AMOUNT}(?:.*?of which {_AMOUNT} is free)?", re.DOTALL)
_CPU = re.compile(rf"can't allocate memory: you tried to allocate {_AMOUNT}")
_MOST_ADDED = 4096
"""Batches that `training.accumulate` takes at most."""


class TooLittleMemoryError(TrainingFailedError):
    """The memory of the device ran out.

    Attributes:
        needed: bytes that were asked for in vain; None where the device doesn't say.
        free: bytes that were free then; None where the device doesn't say.
    """

    def __init__(self, needed: int | None, free: int | None, mend: str, changes: Mapping[str, Any]) -> None:
        asked = f"{told_bytes(needed)} more were needed" if needed is not None else "more was needed"
        left = f" and {told_bytes(free)} were free" if free is not None else ""
        super().__init__(f"The memory is too small: {asked}{left}; {mend}.", changes)
        self.needed, self.free = needed, free


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether it says that the memory of a device ran out."""
    return isinstance(error, torch.OutOfMemoryError) or any(sign in str(error) for sign in _SIGNS)


def within_memory(action: Callable[[], Result], mend: str, changes: Mapping[str, Any] | None = None) -> Result:
    """Return what an action returns; where it runs out of memory, free it and say so in one sentence.

    Args:
        action: what may need too much.
        mend: ends the sentence.
        changes: values with which the run can go on, see `TrainingFailedError`.

    Raises:
        TooLittleMemoryError: the memory of the device is too small.
    """
    try:
        return action()
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        needed, free = _amounts(str(error))
    # outside of the except block: the exception holds the frames, and the frames hold the tensors
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    raise TooLittleMemoryError(needed, free, mend, changes or {})


def with_fewer_images(action: Callable[[int], Result], images: int) -> tuple[Result, int]:
    """Return what an action returns that takes so many images at a time, or half of them until the memory suffices.

    Returns:
        The result, and the number of images with which it came.

    Raises:
        TooLittleMemoryError: the memory is too small for a single image.
    """
    while images > 1:
        try:
            return within_memory(lambda: action(images), ""), images  # noqa: B023 - called before the next round
        except TooLittleMemoryError:
            images //= 2
    return within_memory(lambda: action(1), "give the network fewer channels or blocks, or a smaller input"), 1


def smaller_batches(training: TrainingSpec) -> tuple[str, dict[str, Any]]:
    """Return what to do with less memory and the same images in a step: half as many at a time, or a third.

    Returns:
        The end of a sentence, and values by dotted path; none where the batch can't be divided.
    """
    size, added = training.batch_size, training.accumulate
    for parts in (2, 3, 5, 7):
        # batch normalisation needs two
        if size % parts == 0 and size // parts > 1 and added * parts <= _MOST_ADDED:
            changes = {"training.batch_size": size // parts, "training.accumulate": added * parts}
            return f"take batches of {size // parts} images and add up {added * parts} of them before a step", changes
    return f"train with a smaller training.batch_size than {size}, or a smaller network", {}


def _amounts(message: str) -> tuple[int | None, int | None]:
    """Return the bytes that were asked for and those that were free, as torch's message has them or the system."""
    on_cpu = _CPU.search(message)
    if on_cpu is not None:
        return _bytes(*on_cpu.groups()), available_memory()
    on_gpu = _CUDA.search(message)
    if on_gpu is None:
        return None, None
    number, unit, free, free_unit = on_gpu.groups()
    return _bytes(number, unit), None if free is None else _bytes(free, free_unit)


def _bytes(number: str, unit: str) -> int:
    return round(float(number) * _UNITS[unit])
