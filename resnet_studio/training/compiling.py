"""Quicker steps: when a run changes over to them, what they need of a machine, and what is said where they fail."""

import importlib.util
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn

from resnet_studio.runs.failure import TrainingFailedError
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.training import TrainingSpec
from resnet_studio.training.device import Device
from resnet_studio.training.memory import is_out_of_memory

Made = TypeVar("Made")

_MOST_EAGER_STEPS = 50
_TRITON_FROM = (7, 0)
"""Compute capability of the oldest GPU that Triton compiles for (Volta)."""


class NotCompiledError(TrainingFailedError):
    """Steps that can't be compiled or recorded here; the run can go on without."""


def eager_steps(training: TrainingSpec) -> int:
    """Return how many steps a run does operation by operation before it changes over to quicker ones.

    Up to the first point of the curves: recording takes a second and compiling up to some minutes, and nobody waits
    that long to see a loss. A number of the experiment alone: a run that is resumed changes over where it would have.
    """
    return min(training.log_every or _MOST_EAGER_STEPS, _MOST_EAGER_STEPS)


def is_recorded(training: TrainingSpec, device: torch.device) -> bool:
    """Whether the steps of a recipe, everything resolved, become CUDA graphs on a device."""
    return training.compile == "graph" or (training.compile == "on" and device.type == "cuda")


def compile_remarks(training: TrainingSpec) -> tuple[str, ...]:
    """Return what a user would not expect of the steps of a recipe, everything resolved."""
    if training.compile != "on":
        return ()
    return (f"Step {eager_steps(training) + 1} and those after it are compiled, which takes a minute or more once.",)


def compiled(model: nn.Module, *, deterministic: bool = False) -> Callable[[Tensor], Tensor]:
    """Return what computes as a network does, compiled when it is first called; the network itself stays as it is.

    Its parameters are those of the network, under their own names there.

    Args:
        model: the network.
        deterministic: choose the kernels by rules: timed, they may be others in another process, and round otherwise.
    """
    options: dict[str, Any] | None = {"deterministic": True} if deterministic else None
    run = torch.compile(model, dynamic=False, fullgraph=True, options=options)
    return cast("Callable[[Tensor], Tensor]", run)


def made_quick(make: Callable[[], Made], what: str) -> Made:
    """Return what is made by compiling or recording.

    Args:
        make: makes it, of steps that have been done before: what fails now is the compiling or recording.
        what: is done with the steps: `compiled`.

    Raises:
        NotCompiledError: it can't be.
        RuntimeError: the memory is too small for it.
    """
    try:
        return make()
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise
        reason = next(filter(None, map(str.strip, str(error).splitlines())), type(error).__name__)
    # outside of the except block: the exception holds the frames, and the frames hold the tensors
    raise NotCompiledError(
        f"The steps can't be {what} on this machine: {reason.rstrip('.:')}; go on with training.compile off.",
        {"training.compile": "off"},
    )


def refuse_uncompiled(training: TrainingSpec, device: Device) -> None:
    """Refuse what a device or a machine can't do, before anything is trained.

    Args:
        training: the recipe, resolved or not.
        device: where it will train.

    Raises:
        FieldError: the sentence says what is missing.
    """
    if training.compile == "graph" and not device.graphs:
        raise FieldError(
            "training.compile",
            f"training.compile: {device.title} ({device.name}) has no CUDA graphs; choose on or off.",
        )
    reason = no_compiler_reason(device) if training.compile == "on" else None
    if reason is not None:
        raise FieldError("training.compile", f"training.compile: {reason}, or set it to off.")


def no_compiler_reason(device: Device) -> str | None:
    """Return what torch.compile lacks here, and the mend; None where it has all.

    On the CPU it writes C++, on a GPU Triton, whose launchers are C; either includes Python's headers.
    """
    if device.kind == "mps":
        return "torch.compile is not made for Apple GPUs yet; train on the CPU"
    if device.kind == "cuda":
        if importlib.util.find_spec("triton") is None:
            return "torch.compile needs Triton on a GPU; pip install triton"
        if torch.version.hip is None and torch.cuda.get_device_capability(device.torch) < _TRITON_FROM:
            return f"torch.compile needs a newer GPU than {device.title}; choose graph"
        names = [os.environ.get("CC", ""), "gcc", "clang", "cc"]
    else:
        # the one that torch takes, see torch._inductor.config.cpp
        usual = {"win32": "cl", "darwin": "clang++"}.get(sys.platform, "g++")
        names = [os.environ.get("CXX") or usual]
    if not any(map(shutil.which, filter(None, names))):
        wanted = "a C compiler" if device.kind == "cuda" else f"the C++ compiler {names[0]}"
        return f"torch.compile needs {wanted}, which isn't there; install it {_packages()}"
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        return f"torch.compile needs Python's headers, which aren't there; install them {_packages()}"
    return None


def _packages() -> str:
    return {
        "win32": "with the Visual Studio Build Tools, and start from their prompt",
        "darwin": "with xcode-select --install",
    }.get(sys.platform, "(Debian and Ubuntu: apt install g++ python3-dev)")
