import platform
from typing import Any

import pytest
import torch

from resnet_studio.training import heap
from resnet_studio.training.heap import kept_memory


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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is told")
def test_memory_is_kept_in_threads_other_than_the_first_too() -> None:
    import resource
    from concurrent.futures import ThreadPoolExecutor

    def faults() -> int:
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        # several of the heaps of 64 MiB that such a thread has
        tensors = [torch.ones(4 << 20, dtype=torch.uint8) for _ in range(40)]
        del tensors
        return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before

    with kept_memory(), ThreadPoolExecutor(1) as thread:
        # the first few times they settle
        *_, last = (thread.submit(faults).result() for _ in range(6))
    assert last < 4 * 2**20 // resource.getpagesize()


def test_it_is_kept_until_the_last_one_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    class Libc:
        kept = False

        def mallopt(self, _: int, value: int) -> None:
            self.kept = value >= 256 << 20

        def malloc_trim(self, _: int) -> None:
            assert not self.kept

    libc: Any = Libc()
    monkeypatch.setattr(heap, "_glibc", lambda: libc)
    training, looking = kept_memory(), kept_memory()
    with training:
        looking.__enter__()
    assert libc.kept
    looking.__exit__(None, None, None)
    assert not libc.kept
