"""Where a network can be trained on this machine, and what each place is made for."""

import os
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from resnet_studio.spec.errors import FieldError


@dataclass(frozen=True)
class Device:
    """A processor that trains.

    Attributes:
        name: as torch and `training.device` call it: `cpu`, `cuda:0`, `mps`.
        title: as its maker calls it.
        bf16: whether it multiplies bf16 in hardware.
        memory: bytes of its memory; None where the system doesn't tell.
        fp16: whether it multiplies fp16 in hardware.
    """

    name: str
    title: str
    bf16: bool
    memory: int | None
    fp16: bool = True

    @property
    def kind(self) -> str:
        """`cpu`, `cuda` or `mps`."""
        return self.name.partition(":")[0]

    @property
    def graphs(self) -> bool:
        """Whether what it is asked to do can be recorded as CUDA graphs: NVIDIA's GPUs."""
        return self.kind == "cuda" and torch.version.hip is None

    @property
    def torch(self) -> torch.device:
        """The same for torch."""
        return torch.device(self.name)


def devices() -> tuple[Device, ...]:
    """Return all devices of this machine, the one that `auto` takes first."""
    found = [_cuda(index) for index in range(torch.cuda.device_count())] if _has_cuda() else []
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple GPU", bf16=False, memory=_cpu().memory))
    return (*found, _cpu())


def resolve(wanted: str) -> Device:
    """Return the device that `training.device` asks for.

    Args:
        wanted: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`; auto is the first GPU, else the CPU.

    Raises:
        FieldError: it isn't there; the sentence says why, and what is.
    """
    there = devices()
    if wanted == "auto":
        return there[0]
    name = "cuda:0" if wanted == "cuda" else wanted
    for device in there:
        if device.name == name:
            return device
    why = no_gpu_reason() if wanted.startswith("cuda") else None
    known = ", ".join(device.name for device in there)
    raise FieldError(
        "training.device",
        f"training.device: there is no {wanted} here{f' ({why})' if why else ''}; choose {known} or auto.",
    )


@cache
def no_gpu_reason() -> str | None:
    """Return why no NVIDIA or AMD GPU can be used, in a few words; None where one can."""
    if _has_cuda():
        return None
    if torch.version.cuda is None and torch.version.hip is None:
        return f"torch {torch.__version__} is built without GPU support"
    try:
        torch.cuda.init()  # type: ignore[no-untyped-call]
    except (RuntimeError, AssertionError) as error:
        return str(error).partition(". ")[0].rstrip(".")
    return "torch finds no GPU"


@cache
def _has_cuda() -> bool:
    with warnings.catch_warnings():
        # a driver that is too old warns here; `no_gpu_reason` says it once, in the right place
        warnings.simplefilter("ignore")
        return torch.cuda.is_available()


@cache
def _cuda(index: int) -> Device:
    properties = torch.cuda.get_device_properties(index)
    # tensor cores take bf16 from compute capability 8.0 (Ampere) on
    bf16 = torch.version.hip is not None or (properties.major, properties.minor) >= (8, 0)
    return Device(f"cuda:{index}", properties.name, bf16, properties.total_memory)


@cache
def _cpu() -> Device:
    known = torch.cpu.get_capabilities()
    # dot products of bf16 in hardware: avx512_bf16 on AMD and Intel, AMX on Intel, BFMMLA on ARM
    bf16 = any(known.get(name, False) for name in ("avx512_bf16", "amx_bf16", "sve_bf16"))
    # the same of fp16; fp16_arith is ARM's
    fp16 = any(known.get(name, False) for name in ("avx512_fp16", "amx_fp16", "fp16_arith"))
    return Device("cpu", str(known.get("cpu_name") or known.get("architecture", "CPU")), bf16, _main_memory(), fp16)


def _main_memory() -> int | None:
    """Return the bytes of memory that this process may have: the machine's, or its container's if that is less."""
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names:
        return None
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return memory
    return min(memory, int(limit)) if limit.isdigit() else memory
