"""The machine that a run goes on on: its arithmetic is made what it was, and where it can't be, that is said."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch

from resnet_studio.training.device import Device


def arithmetic(device: Device) -> dict[str, Any]:
    """Return what the last bits of a run depend on beside its experiment and its data, as a JSON object.

    Kernels are chosen by the processor and the libraries, and sums are split among the threads of a CPU: others give
    other last bits.
    """
    return {
        "torch": torch.__version__,
        "cuda": torch.version.cuda if device.kind == "cuda" else None,
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads(),
    }


@contextmanager
def threads_of(known: Mapping[str, Any]) -> Iterator[None]:
    """Compute with as many threads as a run has begun with, where the machine has as many processors.

    Args:
        known: the environment of the run; one of an older studio doesn't say, and nothing changes.
    """
    before, wanted = torch.get_num_threads(), known.get("threads")
    if not isinstance(wanted, int) or wanted == before or not 1 <= wanted <= _processors():
        yield
        return
    torch.set_num_threads(wanted)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def other_bits(known: Mapping[str, Any], device: Device, *, deterministic: bool) -> tuple[str, ...]:
    """Return why a run that goes on here may differ in its last bits from one that was never stopped, in a sentence.

    Args:
        known: the environment of the run; what it doesn't say is taken for the same.
        device: where it goes on.
        deterministic: whether it asks for the same bits on a GPU, too.
    """
    if device.kind != "cpu" and not deterministic:
        return ()  # nothing is promised of their last bits
    now = arithmetic(device)
    names = {"torch": "torch", "cuda": "CUDA"}
    if device.kind == "cpu":
        names = {"torch": "torch", "cpu_capability": "its instruction set", "threads": "the number of threads"}
    found = [(name, known.get(key, now[key]), now[key]) for key, name in names.items()]
    found.append(("the processor", known.get("device", {}).get("title", device.title), device.title))
    changed = [f"{name} was {then} and is {here}" for name, then, here in found if then != here]
    if not changed:
        return ()
    return (f"From here on, the last bits may be others than where the run began: {', '.join(changed)}.",)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
