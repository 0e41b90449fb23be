"""What the machine could do at most: its rate of matrix products, and the images per second that follow."""

import time

import torch

from resnet_studio.analysis.network import analyse
from resnet_studio.bench.train_case import Case
from resnet_studio.training.arithmetic import fast_paths

OPERATIONS = 6
"""Operations an image and multiply-add: two each, forward, for the weights' gradient and for the input's.

The first layer needs no gradient of its input: for these networks that is at most some per cent less.
"""
_SECONDS = 0.5
_SIZES = {"cpu": (1024, 2048), "cuda": (4096, 8192)}


def matrix_rates(device: str) -> dict[str, float]:
    """Return the most operations per second that a square matrix product reached, for each number format."""
    formats = {"bf16": torch.bfloat16, "fp32": torch.float32}
    with fast_paths(torch.device(device)):
        return {name: max(_rate(device, size, dtype) for size in _SIZES[device]) for name, dtype in formats.items()}


def limit(wanted: Case, rate: float) -> float:
    """Return the images per second of training at a rate of operations per second."""
    return rate / (OPERATIONS * analyse(wanted.network).mult_adds)


def _rate(device: str, size: int, dtype: torch.dtype) -> float:
    one, other = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    out = torch.empty_like(one)
    best, end = 0.0, time.perf_counter() + _SECONDS
    while time.perf_counter() < end or not best:
        # enough on a GPU that starting them takes no part of the time
        products = 10 if device == "cuda" else 1
        begin = time.perf_counter()
        for _ in range(products):
            torch.mm(one, other, out=out)
        if device == "cuda":
            torch.cuda.synchronize()
        best = max(best, products * 2 * size**3 / (time.perf_counter() - begin))
    return best
