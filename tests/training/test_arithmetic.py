import platform

import pytest
import torch

from resnet_studio.spec.errors import StudioError
from resnet_studio.training.arithmetic import autocast, fast_paths, kept_memory, within_memory

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


def test_what_fits_is_returned() -> None:
    assert within_memory(lambda: 3, "never said") == 3


def test_other_errors_are_not_taken_for_memory() -> None:
    def wrong() -> None:
        raise RuntimeError("sizes don't match")

    with pytest.raises(RuntimeError, match="sizes don't match"):
        within_memory(wrong, "never said")


@pytest.mark.parametrize("too_much", ["allocator", "cuda"])
def test_memory_that_runs_out_becomes_a_sentence_and_nothing_is_held(too_much: str) -> None:
    import gc
    import weakref

    held: list[weakref.ref[torch.Tensor]] = []

    def run_out() -> None:
        large = torch.zeros(1000)
        held.append(weakref.ref(large))
        if too_much == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.\nmore")
        torch.empty(2**60, dtype=torch.uint8)

    gc.disable()
    try:
        with pytest.raises(StudioError, match=r"memory is too small .*; take a smaller one") as caught:
            within_memory(run_out, "take a smaller one")
        assert held[0]() is None
    finally:
        gc.enable()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "\n" not in str(caught.value)
