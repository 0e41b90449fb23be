"""Which steps are compiled is a matter of the experiment, and a machine that can't is told so before training."""

import importlib.util
import itertools
import shutil
import sysconfig
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import Tensor, nn

from resnet_studio.runs.events import CheckpointSaved, EpochDone, RunEnded
from resnet_studio.runs.failure import with_changes
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training import stepping
from resnet_studio.training.compiling import (
    NotCompiledError,
    compiled,
    eager_steps,
    made_quick,
    no_compiler_reason,
    refuse_uncompiled,
)
from resnet_studio.training.device import Device
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]

CPU = Device("cpu", "A CPU", bf16=False, memory=None)
GPU = Device("cuda:0", "A GPU", bf16=True, memory=None)
APPLE = Device("mps", "Apple GPU", bf16=False, memory=None)
LITTLE = {
    "training__compile": "on",
    "network__block_sizes": (1,),
    "network__strides": (1,),
    "network__channels": (4,),
    "training__precision": "fp32",
    "training__ema_decay": 0.9,
    "training__checkpoint_every": 4,
}
"""So little to compile that it takes seconds."""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[nn.Module]:
    """The networks that were handed to the compiler; what comes from it computes a little otherwise, as a rule does."""
    networks: list[nn.Module] = []

    def compile_(model: nn.Module, *, deterministic: bool) -> Callable[[Tensor], Tensor]:
        assert not deterministic
        networks.append(model)
        return lambda images: model(images) * 1.001

    monkeypatch.setattr(stepping, "compiled", compile_)
    return networks


@pytest.mark.parametrize(("log_every", "steps"), [(None, 50), (1, 1), (9, 9), (50, 50), (1_000_000, 50)])
def test_the_first_point_comes_before_anything_is_compiled(log_every: int | None, steps: int) -> None:
    training = with_values(ExperimentSpec(), {"training.log_every": log_every}).training
    assert eager_steps(training) == steps


@pytest.mark.usefixtures("counted")
def test_a_run_that_was_killed_compiles_the_steps_that_it_would_have(lab: "Lab", left: Left) -> None:
    whole, killed = lab.trained(**LITTLE), lab.new(**LITTLE)
    plain = lab.trained(**LITTLE | {"training__compile": "off"})
    assert left(plain)[3] != left(whole)[3]
    for stop in (lambda event: isinstance(event, EpochDone), lambda event: event.step == 8):
        events = lab.train(killed) if not killed.events() else lab.resume(killed)
        assert any(stop(event) for event in events)
        events.close()
    list(lab.resume(killed))
    assert left(killed) == left(whole)


def test_a_compiled_network_keeps_its_names_and_the_average_is_of_itself(lab: "Lab", counted: list[nn.Module]) -> None:
    trainer = Trainer(lab.prepared(**LITTLE), lab.images)
    names = list(trainer.model.state_dict())
    while not trainer.epoch_is_trained:
        trainer.advance(lambda: False)
    assert counted == [trainer.model]
    assert trainer._stepper.eager == 2
    assert trainer.remarks == ("Step 3 and those after it are compiled, which takes a minute or more once.",)
    snapshot = trainer.snapshot()
    snapshot.wait()
    for file in ("model.safetensors", "ema.safetensors"):
        assert list(snapshot.tensors[file]) == names
    assert not any("_orig_mod" in key for key in snapshot.tensors["optimizer.safetensors"])


def test_torch_compiles_and_a_resumed_run_has_the_same_bits(
    lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    # all of torch.compile but its code, which would take half a minute
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="aot_eager"))
    whole, killed = lab.trained(**LITTLE), lab.new(**LITTLE)
    events = lab.train(killed)
    list(itertools.takewhile(lambda event: not isinstance(event, CheckpointSaved), events))
    events.close()
    list(lab.resume(killed))
    assert left(killed) == left(whole)


def test_a_compiled_network_shares_its_parameters() -> None:
    model = nn.Linear(2, 2)
    assert {id(each) for each in compiled(model).parameters()} == {id(each) for each in model.parameters()}  # type: ignore[attr-defined]
    assert list(model.state_dict()) == ["weight", "bias"]


def test_a_deterministic_run_has_its_kernels_chosen_by_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(torch, "compile", lambda _, **named: asked.append(named["options"]))
    for deterministic in (False, True):
        compiled(nn.Linear(2, 2), deterministic=deterministic)
    assert asked == [None, {"deterministic": True}]


def test_a_failing_compiler_ends_the_run_and_is_gone_without(
    lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: nn.Module, **__: bool) -> None:
        raise RuntimeError("\nbackend='inductor' raised:\nno space")

    monkeypatch.setattr(stepping, "compiled", fails)
    run = lab.new(**LITTLE)
    with pytest.raises(NotCompiledError, match=r"^The steps can't be compiled on this machine: backend='inductor' ra"):
        list(lab.train(run))
    ended = run.events()[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "failed"
    assert ended.mend == {"training.compile": "off"}
    list(lab.resume(run, changes=ended.mend))
    plain = lab.trained(**LITTLE | {"training__compile": "off"})
    assert left(run)[0] == left(plain)[0]


def test_auto_is_settled_when_a_run_begins() -> None:
    with pytest.raises(FieldError, match=r"choose off, graph or on\.$"):
        with_changes(ExperimentSpec(), {"training.compile": "auto"})
    assert with_changes(ExperimentSpec(), {"training.compile": "on"}).training.compile == "on"


def test_memory_that_runs_out_while_compiling_is_not_the_compilers_fault() -> None:
    def fails() -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    with pytest.raises(torch.OutOfMemoryError):
        made_quick(fails, "compiled")


# ---- refused before it begins


@pytest.mark.parametrize("device", [CPU, APPLE])
def test_graphs_are_refused_where_there_are_none(device: Device) -> None:
    training = with_values(ExperimentSpec(), {"training.compile": "graph"}).training
    with pytest.raises(FieldError, match=rf"^training\.compile: {device.title} \({device.name}\) has no CUDA graphs; "):
        refuse_uncompiled(training, device)
    refuse_uncompiled(training, GPU)


def test_a_missing_compiler_is_named_before_training(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    wanted = r"^training\.compile: torch\.compile needs the C\+\+ compiler no-such-compiler, which isn't there; install"
    with pytest.raises(FieldError, match=wanted) as caught:
        lab.prepared(training__compile="on")
    assert caught.value.path == "training.compile"
    assert str(caught.value).endswith("or set it to off.")
    assert lab.prepared(training__compile="auto").training.compile == "off"


def test_missing_headers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/g++")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "/nowhere")
    assert "Python's headers" in (no_compiler_reason(CPU) or "")


def test_a_gpu_needs_triton_and_a_c_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert "needs Triton" in (no_compiler_reason(GPU) or "")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (6, 1))
    assert "needs a newer GPU than A GPU" in (no_compiler_reason(GPU) or "")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (8, 0))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "needs a C compiler" in (no_compiler_reason(GPU) or "")


def test_apple_gpus_are_not_compiled_for() -> None:
    assert "Apple" in (no_compiler_reason(APPLE) or "")
