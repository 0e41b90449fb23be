from pathlib import Path

import pytest

from resnet_studio.runs.events import EpochDone, Event, Paused, Resumed, RunEnded, RunStarted
from resnet_studio.runs.measuring import checkpoint_bytes, epoch_seconds, run_seconds

STARTED = RunStarted(step=0, time=100.0, parameters=1, device="cpu", precision="fp32", steps_per_epoch=4)
FINISHED = RunEnded(step=8, time=200.0, reason="finished")


def done(epoch: int, at: float, seconds: float) -> EpochDone:
    return EpochDone(
        step=4 * epoch,
        time=at,
        epoch=epoch,
        train_loss=1.0,
        train_accuracy=0.5,
        val_loss=1.0,
        val_accuracy=0.5,
        seconds=seconds,
    )


def test_a_run_in_one_go() -> None:
    events: list[Event] = [STARTED, done(1, 110.0, 10.0), done(2, 122.0, 12.0), FINISHED]
    assert epoch_seconds(events) == 11.0
    assert run_seconds(events) == 100.0
    assert epoch_seconds([STARTED]) is None
    assert run_seconds(events[:-1]) is None
    assert run_seconds([]) is None


def test_a_pause_is_no_work() -> None:
    paused: list[Event] = [Paused(step=2, time=105.0), Resumed(step=2, time=165.0, from_step=2)]
    events = [STARTED, *paused, done(1, 170.0, 70.0), done(2, 180.0, 10.0), FINISHED]
    assert epoch_seconds(events) == pytest.approx(10.0)
    assert run_seconds(events) == pytest.approx(40.0)


@pytest.mark.parametrize("stopped", [True, False])
def test_an_epoch_in_two_sittings_is_left_out(stopped: bool) -> None:
    end = [RunEnded(step=6, time=115.0, reason="stopped")] if stopped else []
    resumed = Resumed(step=6, time=5000.0, from_step=6)
    events = [STARTED, done(1, 110.0, 10.0), *end, resumed, done(2, 5003.0, 3.0)]
    finished = RunEnded(step=8, time=5004.0, reason="finished")
    assert epoch_seconds([*events, finished]) == 10.0
    assert run_seconds([*events, finished]) == (19.0 if stopped else 14.0)


def test_a_checkpoint_that_is_let_go_meanwhile_does_not_count(tmp_path: Path) -> None:
    assert checkpoint_bytes(tmp_path) == 0
    for name in ("step-1", "step-2", ".step-3.part"):
        (tmp_path / "checkpoints" / name).mkdir(parents=True)
        (tmp_path / "checkpoints" / name / "model.safetensors").write_bytes(bytes(100))
    assert checkpoint_bytes(tmp_path) == 200
    # listed, and gone when it is looked at
    (tmp_path / "checkpoints" / "step-1" / "optimizer.safetensors").symlink_to(tmp_path / "nowhere")
    assert checkpoint_bytes(tmp_path) == 100
