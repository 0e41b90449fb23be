import os
from typing import Any

import pytest
import torch

from resnet_studio.spec.errors import FieldError
from resnet_studio.training.arithmetic import (
    CUBLAS_WORKSPACE,
    autocast,
    fast_paths,
    prepare_determinism,
)

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
    with fast_paths(CPU, deterministic=True):
        assert (matmul.allow_tf32, cudnn.allow_tf32, cudnn.benchmark) == before
        assert not torch.are_deterministic_algorithms_enabled()


def test_deterministic_algorithms_are_asked_for_and_put_back() -> None:
    memory: Any = torch.utils.deterministic
    before = torch.are_deterministic_algorithms_enabled(), memory.fill_uninitialized_memory
    with fast_paths(torch.device("cuda"), deterministic=True):
        assert torch.are_deterministic_algorithms_enabled()
        assert not torch.is_deterministic_algorithms_warn_only_enabled()
        assert not torch.backends.cudnn.benchmark
        assert not memory.fill_uninitialized_memory
    assert (torch.are_deterministic_algorithms_enabled(), memory.fill_uninitialized_memory) == before
    with pytest.raises(ZeroDivisionError), fast_paths(torch.device("cuda"), deterministic=True):
        _ = 1 // 0
    assert (torch.are_deterministic_algorithms_enabled(), memory.fill_uninitialized_memory) == before


@pytest.mark.parametrize("used", [False, True])
def test_cublas_is_set_up_in_time_or_it_is_said(monkeypatch: pytest.MonkeyPatch, *, used: bool) -> None:
    monkeypatch.delenv(CUBLAS_WORKSPACE, raising=False)
    monkeypatch.setattr(torch.cuda, "memory_stats", lambda _: {"allocation.all.allocated": 3} if used else {})
    prepare_determinism(CPU)
    assert CUBLAS_WORKSPACE not in os.environ
    if used:
        with pytest.raises(FieldError, match="start it again with CUBLAS_WORKSPACE_CONFIG=:4096:8") as caught:
            prepare_determinism(torch.device("cuda"))
        assert caught.value.path == "training.deterministic"
        monkeypatch.setenv(CUBLAS_WORKSPACE, ":16:8")
        prepare_determinism(torch.device("cuda"))
    else:
        # so that the variable is taken back after the test
        monkeypatch.setenv(CUBLAS_WORKSPACE, "")
        prepare_determinism(torch.device("cuda"))
        assert os.environ[CUBLAS_WORKSPACE] == ":4096:8"
