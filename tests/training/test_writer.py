"""A checkpoint is written by another thread while training goes on."""

import threading
from typing import TYPE_CHECKING, Any

import pytest
import torch

from resnet_studio.runs.events import CheckpointSaved, Paused, Step
from resnet_studio.training import writer as writer_module
from resnet_studio.training.checkpoint import save_checkpoint
from resnet_studio.training.control import Control
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A disk that takes nothing before this is set."""
    go = threading.Event()

    def save(*arguments: Any) -> Any:
        assert threading.current_thread() is not threading.main_thread()
        assert go.wait(60)
        return save_checkpoint(*arguments)

    monkeypatch.setattr(writer_module, "save_checkpoint", save)
    return go


def test_training_goes_on_while_a_slow_disk_writes(lab: "Lab", slow: threading.Event) -> None:
    run = lab.new()
    events = lab.train(run)
    while True:
        event = next(events)
        assert not isinstance(event, CheckpointSaved)
        if isinstance(event, Step) and event.step == 10:
            break
    # an epoch later its checkpoint is not there yet, and nobody has waited
    assert run.checkpoints().last is None
    slow.set()
    saved = next(events)
    assert isinstance(saved, CheckpointSaved)
    assert saved.step == 5
    assert run.checkpoints().last == "step-5"
    list(events)


def test_what_is_written_is_what_was_when_it_began(lab: "Lab", slow: threading.Event) -> None:
    run = lab.new(training__epochs=1, training__checkpoint_every=2)
    events = lab.train(run)
    while not (isinstance(event := next(events), Step) and event.step == 4):
        pass
    slow.set()
    list(events)
    whole = lab.trained(training__epochs=1, training__checkpoint_every=2)
    for name in ("model.safetensors", "optimizer.safetensors", "state.json"):
        paths = [each.checkpoints_path / "step-4" / name for each in (run, whole)]
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_pause_waits_for_the_disk(lab: "Lab", slow: threading.Event) -> None:
    run, control = lab.new(), Control()
    threading.Timer(0.3, slow.set).start()
    for event in lab.train(run, control):
        if isinstance(event, Step) and event.step == 7:
            control.pause.set()
        if isinstance(event, Paused):
            assert run.checkpoints().last == f"step-{event.step}"
            control.pause.clear()


def test_a_generator_that_is_closed_waits_for_the_disk(lab: "Lab", slow: threading.Event) -> None:
    run = lab.new()
    events = lab.train(run)
    while next(events).step < 7:
        pass
    threading.Timer(0.2, slow.set).start()
    events.close()
    assert run.checkpoints().last == "step-5"
    assert not run.is_recording()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch can use")
def test_a_snapshot_never_waits_for_the_gpu(lab: "Lab") -> None:
    trainer = Trainer(lab.prepared(training__device="cuda", training__ema_decay=0.9), lab.images)
    trainer.advance(lambda: False)
    trainer.point()
    # the first copies make pinned memory, which waits
    trainer.snapshot().wait()
    torch.cuda.set_sync_debug_mode("error")
    try:
        snapshot = trainer.snapshot()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    weights = {key: tensor.clone() for key, tensor in trainer.model.state_dict().items()}
    trainer.advance(lambda: False)
    snapshot.wait()
    kept = snapshot.tensors["model.safetensors"]
    assert kept.keys() == weights.keys()
    assert all(torch.equal(kept[key], weights[key].cpu()) for key in weights)
    assert all(tensor.is_pinned() and tensor.is_contiguous() for tensor in kept.values())
