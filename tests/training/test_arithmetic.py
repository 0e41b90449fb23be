import platform

import pytest
import torch

from resnet_studio.training.arithmetic import autocast, fast_paths, kept_memory

CPU = torch.device("cpu")


@pytest.mark.parametrize(("precision", "dtype"), [("fp32", torch.float32), ("bf16", torch.bfloat16)])
def test_products_are_computed_in_the_wanted_format(precision: str, dtype: torch.dtype) -> None:
    layer, x = torch.nn.Linear(4, 4), torch.ones(2, 4)
    with autocast(CPU, precision):
        assert layer(x).dtype == dtype
    assert layer(x).dtype == torch.float32


def test_fast_paths_are_put_back() -> None:
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark
    with fast_paths(torch.device("cuda")):
        assert (matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark) == (True, True, True)
    assert (matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark) == before
    with fast_paths(CPU):
        assert (matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark) == before


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is told")
def test_memory_that_is_freed_is_kept_for_the_next_step() -> None:
    import resource

    def faults() -> int:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(20):
            torch.ones(4 << 20, dtype=torch.uint8)
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    pages = 4 * 2**20 // resource.getpagesize()
    with kept_memory():
        faults()
        assert faults() < pages
