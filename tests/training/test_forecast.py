"""What a run is said to take: arithmetic from some steps, of which nothing is left."""

import statistics
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import torch

from resnet_studio.runs.events import EpochDone
from resnet_studio.spec.experiment import with_values
from resnet_studio.training import forecast as module
from resnet_studio.training.examiner import Examiner
from resnet_studio.training.forecast import forecast
from resnet_studio.training.memory import TooLittleMemoryError
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab


def never() -> bool:
    return False


def test_steps_and_validation_make_an_epoch(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_times", lambda *_: (0.2, 0.6, 0.9))
    monkeypatch.setattr(module, "memory_in_use", lambda _: 2**30)
    found = forecast(lab.prepared(training__epochs=3), lab.images, never)
    assert found is not None
    assert found.epoch_seconds == pytest.approx(5 * 0.2 + 0.6, rel=0.02)
    test = 0.6 * len(lab.images.test) / len(lab.images.validation)
    assert found.seconds(3) == pytest.approx(0.9 + 3 * found.epoch_seconds + test)
    # with two copies of a checkpoint: weights and momentum of 77,754 parameters
    assert found.memory == 2**30 + 2 * 2 * 4 * 77_754
    assert found.disk == 4 * 2 * 4 * 77_754


@pytest.mark.parametrize(("accumulate", "batches"), [(2, 10), (4, 8), (64, 10)])
def test_batches_that_are_added_up_make_one_step(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, accumulate: int, batches: int
) -> None:
    tried: list[int] = []

    def times(trainer: Trainer, *_: Any) -> tuple[float, float, float]:
        tried.append(trainer.experiment.training.accumulate)
        return 0.2, 0.6, 0.0

    monkeypatch.setattr(module, "_times", times)
    experiment = lab.prepared(training__batch_size=128, training__accumulate=accumulate)
    found = forecast(experiment, lab.images, never)
    assert found is not None
    # 0.2 s for two batches; of the 10 of an epoch, whole steps alone
    assert found.epoch_seconds == pytest.approx(batches * 0.1 + 0.6, rel=0.03)
    # many batches a step would take long, and tell no more
    assert tried == [2]


def test_an_average_is_counted_in_time_memory_and_on_the_disk(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated: list[str] = []
    validation = Examiner.validation

    def noted(self: Examiner, model: Any, name: str, stop: Any) -> Any:
        evaluated.append(name.rpartition("/")[2])
        return validation(self, model, name, stop)

    monkeypatch.setattr(Examiner, "validation", noted)
    monkeypatch.setattr(module, "memory_in_use", lambda _: 0)
    found = forecast(lab.prepared(training__ema_decay=0.9), lab.images, never)
    assert found is not None
    assert evaluated.count("ema") == 2
    assert found.memory == 2 * 3 * 4 * 77_754
    assert found.disk == 5 * 3 * 4 * 77_754


def test_on_a_cpu_a_large_batch_is_scaled_up_from_a_small_one(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def times(trainer: Trainer, *_: Any) -> tuple[float, float, float]:
        seen.append(trainer.experiment.training.batch_size)
        return 0.1, 0.1, 0.0

    monkeypatch.setattr(module, "_times", times)
    monkeypatch.setattr(module, "memory_in_use", lambda _: 0)
    monkeypatch.setattr(module, "_CPU_FLOPS", 4.5e8)
    found = forecast(lab.prepared(), lab.images, never)
    assert found is not None
    assert 90 < seen[0] < 110
    assert found.epoch_seconds > 5 * 0.1 * 256 / 110
    assert found.memory is not None
    assert found.memory > 10**6


def test_it_is_about_right(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    """By the processor's time, as other work comes and goes here; within a quarter on a machine that is at rest."""
    monkeypatch.setattr("time.perf_counter", time.process_time)
    found = forecast(lab.prepared(training__epochs=4), lab.images, never)
    assert found is not None
    run = lab.trained(training__epochs=4)
    seconds = statistics.median(event.seconds for event in run.events() if isinstance(event, EpochDone))
    assert 0.5 < found.epoch_seconds / seconds < 2
    assert sum(path.stat().st_size for path in run.checkpoints_path.rglob("*.safetensors")) < found.disk


def test_nothing_of_it_is_left(lab: "Lab", left: Any) -> None:
    untouched, state = left(lab.trained()), torch.get_rng_state()
    forecast(lab.prepared(), lab.images, never)
    assert torch.equal(torch.get_rng_state(), state)
    assert left(lab.trained()) == untouched


@pytest.mark.parametrize(("first", "seconds", "recording"), [(1, 0.2, 0.0), (3, 0.1, 0.7)])
def test_steps_before_the_quick_ones_tell_only_how_long_these_are_recorded(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, first: int, seconds: float, recording: float
) -> None:
    taken = iter([0.9, 0.2, 0.8, 0.1, 0.1, 0.1] if first == 3 else [0.9, 0.2, 0.2, 0.2])
    monkeypatch.setattr(module, "_one_step", lambda *_: next(taken))
    times = module._times(Trainer(lab.prepared(), lab.images), torch.device("cpu"), first, never)
    assert times is not None
    assert times[0] == seconds
    assert times[2] == pytest.approx(recording)
    assert next(taken, None) is None


def test_that_compiling_comes_on_top_is_said(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_times", lambda *_: (0.2, 0.6, 0.0))
    remarks = {}
    for way in ("off", "on"):
        experiment = with_values(lab.prepared(), {"training.compile": way})
        found = forecast(experiment, lab.images, never)
        assert found is not None
        remarks[way] = found.remark
    assert remarks == {"off": "", "on": "compiling comes on top, a minute or more once"}


def test_what_has_no_graphs_is_tried_without(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    """An AMD GPU is `cuda` to torch; nothing here asks it for anything."""
    tried: list[str] = []

    def times(trainer: Any, *_: Any) -> None:
        tried.append(trainer.experiment.training.compile)

    monkeypatch.setattr(module, "_times", times)
    monkeypatch.setattr(module, "resolve", lambda _: SimpleNamespace(torch=torch.device("cuda"), graphs=False))
    monkeypatch.setattr(module, "forget_peak", lambda _: None)
    monkeypatch.setattr(module, "memory_in_use", lambda _: None)
    assert forecast(with_values(lab.prepared(), {"training.compile": "on"}), lab.images, never) is None
    assert tried == ["off"]


@pytest.mark.parametrize("look", range(1, 5))
def test_it_can_be_stopped_at_any_look(lab: "Lab", look: int) -> None:
    looks = [0]

    def stop() -> bool:
        looks[0] += 1
        return looks[0] >= look

    assert forecast(lab.prepared(), lab.images, stop) is None


def test_an_epoch_of_a_single_step(lab: "Lab") -> None:
    assert forecast(lab.prepared(training__batch_size=2048), lab.images, never) is not None


def test_what_does_not_fit_is_said(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr("resnet_studio.training.update.training_loss", greedy)
    with pytest.raises(TooLittleMemoryError):
        forecast(lab.prepared(), lab.images, never)
