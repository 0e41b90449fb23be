"""A run that goes on elsewhere: with as many threads as it had, or told why its last bits may be others."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import torch

from resnet_studio.runs.events import Event, Notice, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.training import machine as machine_module
from resnet_studio.training.control import Control
from resnet_studio.training.device import Device

if TYPE_CHECKING:
    from tests.training.conftest import Lab

TINY = {"training__epochs": 2, "training__batch_size": 700, "training__log_every": 1}
CPU = Device("cpu", "Abacus", bf16=False, memory=None)


def _stopped(lab: "Lab", **environment: Any) -> RunFolder:
    """Return a run that was stopped after its first step, and has begun in another environment."""
    run, control = lab.new(**TINY), Control()
    for event in lab.train(run, control):
        if isinstance(event, Step):
            control.stop.set()
    run.write_environment(run.environment() | environment)
    return run


def _notices(events: list[Event]) -> list[str]:
    return [event.message for event in events if isinstance(event, Notice)]


def test_a_run_goes_on_with_as_many_threads_as_it_had(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, left: Callable[[RunFolder], tuple[Any, ...]]
) -> None:
    monkeypatch.setattr(machine_module, "_processors", lambda: 3)
    torch.set_num_threads(3)
    whole, run = lab.trained(**TINY), _stopped(lab)
    assert run.environment()["threads"] == 3
    torch.set_num_threads(1)
    seen: set[int] = set()
    events = []
    for event in lab.resume(run):
        events.append(event)
        seen.add(torch.get_num_threads())
    assert seen == {3}
    assert torch.get_num_threads() == 1
    assert _notices(events) == []
    assert left(run) == left(whole)


def test_it_is_said_where_the_machine_has_too_few_processors(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_module, "_processors", lambda: 3)
    run = _stopped(lab, threads=4)
    assert _notices(list(lab.resume(run))) == [
        "From here on, the last bits may be others than where the run began: the number of threads was 4 and is 1."
    ]


def test_it_is_said_that_torch_and_the_processor_are_others(lab: "Lab") -> None:
    run = _stopped(lab, torch="1.0", cpu_capability="Z80")
    (notice,) = _notices(list(lab.resume(run)))
    assert f"began: torch was 1.0 and is {torch.__version__}, its instruction set was Z80 and is" in notice


def test_of_an_older_studio_nothing_is_known() -> None:
    assert machine_module.other_bits({}, CPU, deterministic=False) == ()
    with machine_module.threads_of({}):
        assert torch.get_num_threads() == 1


@pytest.mark.parametrize("deterministic", [True, False])
def test_on_a_gpu_the_last_bits_count_where_they_were_asked_for(deterministic: bool) -> None:
    gpu = Device("cuda:0", "Abacus", bf16=True, memory=None)
    known = machine_module.arithmetic(gpu) | {"threads": 77, "device": {"title": "Slide rule"}}
    found = machine_module.other_bits(known, gpu, deterministic=deterministic)
    words = "From here on, the last bits may be others than where the run began: the processor was Slide rule and is"
    assert found == ((f"{words} Abacus.",) if deterministic else ())
