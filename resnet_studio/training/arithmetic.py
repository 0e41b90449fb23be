"""How numbers are computed: formats and the device's fast paths, set for a while and put back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch

from resnet_studio.spec.errors import FieldError

_FORMATS = {"bf16": torch.bfloat16, "fp16": torch.float16}
CUBLAS_WORKSPACE = "CUBLAS_WORKSPACE_CONFIG"
"""Environment variable that cuBLAS reads."""
_DETERMINISTIC_WORKSPACES = (":4096:8", ":16:8")
"""Its values that make products deterministic, the faster one first."""


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """Return the context in which convolutions and dense layers compute in a format; `fp32` changes nothing."""
    return torch.autocast(device.type, _FORMATS.get(precision), enabled=precision in _FORMATS)


@contextmanager
def fast_paths(device: torch.device, *, deterministic: bool = False) -> Iterator[None]:
    """On CUDA, let fp32 products use TF32's ten bits of mantissa, and cuDNN time its algorithms once a shape.

    Args:
        device: where it is computed; on any other than CUDA nothing happens.
        deterministic: take only algorithms that give the same bits again. None is timed then, as the fastest of today
            need not be that of tomorrow; TF32 stays, as it rounds in the same way each time.
    """
    if device.type != "cuda":
        yield
        return
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark
    matmul.allow_tf32 = cudnn.allow_tf32 = True
    cudnn.benchmark = not deterministic
    try:
        with _deterministic_algorithms() if deterministic else nullcontext():
            yield
    finally:
        matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark = before


@contextmanager
def _deterministic_algorithms() -> Iterator[None]:
    """Let torch refuse what has no deterministic algorithm, whatever it is told elsewhere."""
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    memory: Any = torch.utils.deterministic  # its setting is made when torch is imported, where mypy can't see it
    filled = memory.fill_uninitialized_memory
    torch.use_deterministic_algorithms(True)  # noqa: FBT003 - torch's signature
    # nothing here reads memory that it hasn't written, and filling it all costs a kernel a tensor
    memory.fill_uninitialized_memory = False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
        memory.fill_uninitialized_memory = filled


def prepare_determinism(device: torch.device) -> None:
    """Ask cuBLAS for workspaces with which it gives the same bits again; on any other device there is nothing to do.

    cuBLAS reads its setting once in the life of a process, before its first product.

    Raises:
        FieldError: that has happened already, without the setting.
    """
    if device.type != "cuda" or os.environ.get(CUBLAS_WORKSPACE) in _DETERMINISTIC_WORKSPACES:
        return
    if torch.cuda.memory_stats(device).get("allocation.all.allocated", 0):
        raise FieldError(
            "training.deterministic",
            "training.deterministic: this program has used the GPU already and can't set it up for that now; start it "
            f"again with {CUBLAS_WORKSPACE}={_DETERMINISTIC_WORKSPACES[0]} in its environment.",
        )
    os.environ[CUBLAS_WORKSPACE] = _DETERMINISTIC_WORKSPACES[0]
