"""How numbers are computed: formats, the device's fast paths, memory. All of it set for a while and put back."""

import ctypes
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_FORMATS = {"bf16": torch.bfloat16, "fp16": torch.float16}
# glibc's malloc.h
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """Return the context in which convolutions and dense layers compute in a format; `fp32` changes nothing."""
    return torch.autocast(device.type, _FORMATS.get(precision), enabled=precision in _FORMATS)


@contextmanager
def fast_paths(device: torch.device) -> Iterator[None]:
    """On CUDA, let fp32 products use TF32's ten bits of mantissa, and cuDNN time its algorithms once a shape."""
    if device.type != "cuda":
        yield
        return
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark
    matmul.allow_tf32 = cudnn.allow_tf32 = cudnn.benchmark = True
    try:
        yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark = before


@contextmanager
def kept_memory() -> Iterator[None]:
    """Let the C library keep freed memory instead of handing it back to the system and asking for it again.

    Every step frees and takes the same tensors of some megabytes. Handed back, each of their pages costs a fault when
    it is written again: 8,000 a step of cifar_resnet20 at 28x28, batch 128, and a fifth of the images per second.
    Linux with glibc; elsewhere nothing happens.
    """
    libc = _glibc()
    if libc is None:
        yield
        return
    libc.mallopt(_MMAP_THRESHOLD, 1 << 30)
    libc.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    try:
        yield
    finally:
        # where glibc's own adaptation ends after large tensors were freed
        libc.mallopt(_MMAP_THRESHOLD, 32 << 20)
        libc.mallopt(_TRIM_THRESHOLD, 64 << 20)
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return None
    return ctypes.CDLL(None)
