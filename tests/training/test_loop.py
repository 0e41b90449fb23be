import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from resnet_studio.data.feed.batches import Batches
from resnet_studio.model import build
from resnet_studio.runs.events import (
    CheckpointSaved,
    EpochDone,
    Evaluated,
    Event,
    LrChanged,
    Notice,
    Paused,
    Resumed,
    RunEnded,
    RunStarted,
    Step,
)
from resnet_studio.runs.folder import Request, RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.runs.recorder import Recorder
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import write_bytes
from resnet_studio.training import checkpoint as checkpoint_module
from resnet_studio.training import prepare as prepare_module
from resnet_studio.training import trainer as trainer_module
from resnet_studio.training import update as update_module
from resnet_studio.training import writer as writer_module
from resnet_studio.training.control import Control
from resnet_studio.training.loop import resume, train
from resnet_studio.training.loss import training_loss
from resnet_studio.training.optimizer import set_rate
from resnet_studio.training.prepare import prepare
from resnet_studio.training.schedule import rate_at
from resnet_studio.training.stepping import Stepper
from resnet_studio.training.trained import evaluate_run
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Left = Callable[[RunFolder], tuple[Any, ...]]
gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch can use")


class AskedAt(Control):
    """Asks for something at the n-th look, as a thread would by chance."""

    def __init__(self, look: int, what: Request = "stop") -> None:
        super().__init__()
        self._looks, self._at, self._what = 0, look, what

    def request(self, folder: RunFolder) -> Request | None:
        self._looks += 1
        if self._looks == self._at:
            (self.stop if self._what == "stop" else self.pause).set()
        return super().request(folder)


def _kinds(events: list[Event]) -> list[str]:
    return [event.type for event in events]


# ---- what happens


def test_a_run_tells_its_story_in_order(lab: "Lab") -> None:
    run = lab.new()
    events = list(lab.train(run))
    assert _kinds(events) == [
        "run_started",
        *["notice"] * len(lab.images.notes),
        *["step", "step", "step", "epoch_done"],
        *["step", "step", "step", "checkpoint_saved", "epoch_done", "checkpoint_saved"],
        "evaluated",
        "run_ended",
    ]
    started = events[0]
    assert isinstance(started, RunStarted)
    assert (started.step, started.parameters, started.device, started.steps_per_epoch) == (0, 77_754, "cpu", 5)
    assert [(event.step, event.epoch) for event in events if isinstance(event, Step)] == [
        (2, 1),
        (4, 1),
        (5, 1),
        (7, 2),
        (9, 2),
        (10, 2),
    ]
    assert [event.message for event in events if isinstance(event, Notice)] == list(lab.images.notes)
    assert all(event.images_per_second > 0 for event in events if isinstance(event, Step))


def test_its_figures_agree_with_one_another(lab: "Lab") -> None:
    run = lab.new()
    events = list(lab.train(run))
    history = fold(events)
    epoch = history.epochs[0]
    points = [event for event in history.steps if event.epoch == 1]
    images = [2, 2, 1]
    assert epoch.train_loss == pytest.approx(sum(p.loss * n for p, n in zip(points, images, strict=True)) / 5)
    assert epoch.train_accuracy == pytest.approx(sum(p.accuracy * n for p, n in zip(points, images, strict=True)) / 5)
    training = run.experiment().training
    assert [point.lr for point in points] == [rate_at(training, step, 5) for step in (1, 3, 4)]
    end = events[-1]
    assert isinstance(end, RunEnded)
    assert history.best is not None
    assert (end.best_epoch, end.best_val_accuracy, end.best_val_loss) == (
        history.best.epoch,
        history.best.val_accuracy,
        history.best.val_loss,
    )
    assert end.checkpoint == f"step-{history.best.step}"
    assert end.test_accuracy == history.evaluations[0].accuracy == evaluate_run(run, images=lab.images).accuracy


def test_everything_stands_in_the_folder(lab: "Lab") -> None:
    run = lab.new()
    events = list(lab.train(run))
    assert run.events() == events
    environment = run.environment()
    assert environment["torch"] == torch.__version__
    assert environment["data"]["fingerprint"] == lab.images.fingerprint
    assert list(run.path.glob("events.out.tfevents.*"))
    names = {path.name for path in run.checkpoints_path.iterdir()}
    index = run.checkpoints()
    assert names == {"index.json", "step-5", "step-10"}
    assert index.last == "step-10"
    assert not list(run.path.rglob("*.pkl"))
    assert not list(run.path.rglob(".*.part"))


def test_an_event_is_in_the_folder_before_it_is_handed_out(lab: "Lab") -> None:
    run = lab.new()
    for event in lab.train(run):
        assert run.events()[-1] == event


def test_the_first_loss_is_the_recipes(lab: "Lab") -> None:
    """Class weights and the first batch, by hand; the labels are smoothed for the weights, not for the curve."""
    run = lab.new(training__label_smoothing=0.1, training__class_weights="balanced", training__log_every=1)
    first = next(event for event in lab.train(run) if isinstance(event, Step))
    experiment, images = run.experiment(), lab.images
    batches = Batches(
        images.train,
        mean=images.mean,
        std=images.std,
        device=torch.device("cpu"),
        channels_last=True,
        augment=experiment.data.augment,
        seed=experiment.training.seed,
    )
    x, y = next(batches.epoch(0, 256))
    counts = torch.from_numpy(images.train.labels).bincount()
    model = build(experiment.network, seed=0).to(memory_format=torch.channels_last).train()
    loss = cross_entropy(model(x), y, counts.sum() / (10 * counts))
    assert first.loss == pytest.approx(loss.item(), rel=1e-5)


def test_smoothed_labels_teach_otherwise_from_the_first_step_on(lab: "Lab", left: Left) -> None:
    sharp, smoothed = (
        lab.trained(training__label_smoothing=share, training__epochs=1, training__log_every=1) for share in (0.0, 0.1)
    )
    assert left(sharp) != left(smoothed)
    first, other = (next(event for event in run.events() if isinstance(event, Step)) for run in (sharp, smoothed))
    assert first.loss == other.loss, "before the first change of the weights"


def test_gradients_are_clipped(lab: "Lab", left: Left) -> None:
    plain, loose, tight = (
        left(lab.trained(training__gradient_clip=limit, training__epochs=1)) for limit in (None, 1e6, 1e-3)
    )
    assert plain == loose != tight


def test_the_digits_are_learned(lab: "Lab") -> None:
    """The program's first impression: the default experiment, as it stands."""
    experiment, images = prepare(lab.prepared().model_copy(update={"training": _default_training()}))
    run = RunFolder.create(lab.folder, experiment)
    end = list(train(experiment, run, Control(), images=images))[-1]
    assert isinstance(end, RunEnded)
    assert end.best_val_accuracy is not None
    assert end.best_val_accuracy >= 0.97
    assert end.test_accuracy is not None
    assert end.test_accuracy >= 0.975


def _default_training() -> Any:
    from resnet_studio.spec.training import TrainingSpec

    return TrainingSpec(device="cpu")


def test_patience_ends_a_run(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    run = lab.new(training__epochs=20, training__early_stop_patience=2)
    monkeypatch.setattr(update_module, "set_rate", lambda optimizer, _: set_rate(optimizer, 0.0))
    events = list(lab.train(run))
    assert isinstance(events[-1], RunEnded)
    assert events[-1].reason == "finished"
    epochs = [event for event in events if isinstance(event, EpochDone)]
    best = fold(events).best
    assert best is not None
    assert len(epochs) == best.epoch + 2 < 20
    assert "No better validation accuracy in 2 epochs." in [e.message for e in events if isinstance(e, Notice)]


# ---- exactness


def test_the_same_seed_gives_the_same_bits(lab: "Lab", left: Left) -> None:
    one, other, third = lab.trained(), lab.trained(), lab.trained(training__seed=1)
    assert left(one) == left(other)
    assert left(one)[0] != left(third)[0]


def test_another_thread_gives_the_same_bits(lab: "Lab", left: Left) -> None:
    one, other = lab.trained(), lab.new()
    events = lab.train(other)
    next(events)
    thread = threading.Thread(target=lambda: list(events))
    thread.start()
    thread.join()
    assert left(one) == left(other)


def test_other_random_numbers_drawn_meanwhile_change_nothing(lab: "Lab", left: Left) -> None:
    one, other = lab.trained(network__dropout=0.3), lab.new(network__dropout=0.3)
    for _ in lab.train(other):
        torch.rand(3)
    assert left(one) == left(other)


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "sgd": {"training__optimizer": "sgd"},
    "muon in bf16": {"training__optimizer": "muon", "training__precision": "bf16"},
    "dropout": {"network__dropout": 0.2},
    "adamw in bf16": {"training__optimizer": "adamw", "training__learning_rate": 0.01, "training__precision": "bf16"},
    "mid-epoch checkpoints": {"training__checkpoint_every": 3},
    "everything at once": {
        "training__batch_size": 64,
        "training__accumulate": 4,
        "training__checkpoint_every": 3,
        "training__optimizer": "adamw",
        "training__learning_rate": 0.01,
        "training__schedule": "cosine",
        "training__warmup_epochs": 0.5,
        "training__gradient_clip": 1.0,
        "training__label_smoothing": 0.1,
        "training__sampling": "balanced",
        "training__ema_decay": 0.9,
        "training__early_stop_patience": 5,
        "training__max_minutes": 1000.0,
        "network__dropout": 0.2,
        "network__drop_path": 0.2,
        "data__augment__mixup": 0.2,
        "data__augment__cutmix": 1.0,
        "data__augment__pad_crop": 1,
    },
}


LOOKS = 19
"""How often a run of the lab looks whether anything is asked: before each of 10 steps, after each of 6 points, and
before each of the 3 batches of its evaluations."""


def _at_any_look() -> Iterator[Any]:
    for name in VARIANTS:
        for look in range(1, LOOKS + 1) if name == "plain" else (2, 6, 9, 13):
            yield pytest.param(name, look, id=f"{name}-{look}")


@pytest.mark.parametrize(("variant", "look"), list(_at_any_look()))
def test_stopped_at_any_moment_and_resumed_is_as_if_nothing_had_happened(
    lab: "Lab", left: Left, variant: str, look: int
) -> None:
    run = lab.new(**VARIANTS[variant])
    first = list(lab.train(run, AskedAt(look)))
    assert isinstance(first[-1], RunEnded)
    assert first[-1].reason == "stopped"
    assert run.checkpoints().last == (f"step-{first[-1].step}" if first[-1].step else None)
    second = list(lab.resume(run))
    assert isinstance(second[0], Resumed)
    assert second[0].from_step == first[-1].step
    assert isinstance(second[-1], RunEnded)
    assert second[-1].reason == "finished"
    assert left(run) == left(_untouched(lab, VARIANTS[variant]))


def test_fp16_is_resumed_with_its_scale(lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scaler's state is in what is left: the scale, and how many steps it has held."""
    # this CPU may imitate it, which takes long
    monkeypatch.setattr(prepare_module, "_refuse_slow_format", lambda *_: None)
    changes = {"training__precision": "fp16", "network__channels": 4, "network__block_sizes": (1,)}
    changes |= {"network__strides": (1,)}
    run = lab.new(**changes)
    list(lab.train(run, AskedAt(8)))
    list(lab.resume(run))
    assert left(run) == left(lab.trained(**changes))


def test_a_resumed_run_is_set_up_for_deterministic_algorithms_again(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lab.new(training__deterministic=True)
    list(lab.train(run, AskedAt(3)))
    asked: list[torch.device] = []
    monkeypatch.setattr(trainer_module, "prepare_determinism", asked.append)
    list(lab.resume(run))
    assert asked == [torch.device("cpu")]


def test_an_average_changes_nothing_else(lab: "Lab", left: Left) -> None:
    """Its figures stand beside those of the weights, which go the way that they go without it."""
    plain, run = _untouched(lab, {}), lab.trained(training__ema_decay=0.9)
    weights = [run.checkpoints_path / "step-10" / name for name in ("model.safetensors", "ema.safetensors")]
    assert weights[0].read_bytes() == (plain.checkpoints_path / "step-10" / "model.safetensors").read_bytes()
    assert weights[1].read_bytes() != weights[0].read_bytes()
    beside = [{key: value for key, value in each.items() if not key.startswith("ema_")} for each in left(run)[0]]
    assert beside == [
        {key: value for key, value in each.items() if not key.startswith("ema_")} for each in left(plain)[0]
    ]
    epochs = fold(run.events()).epochs
    assert all(each.ema_val_loss is not None and each.ema_val_loss != each.val_loss for each in epochs)
    assert all(each.ema_val_accuracy is None for each in fold(plain.events()).epochs)


def test_the_best_average_is_kept_tested_and_evaluated_again(lab: "Lab") -> None:
    run = lab.trained(training__ema_decay=0.9, training__epochs=4)
    history, index = fold(run.events()), run.checkpoints()
    best = max(history.epochs, key=lambda each: (each.ema_val_accuracy or 0, -(each.ema_val_loss or 0)))
    assert index.best_ema == f"step-{best.step}"
    kept = index.find("ema")
    assert kept is not None
    assert (kept.ema_val_accuracy, kept.ema_val_loss) == (best.ema_val_accuracy, best.ema_val_loss)
    tested = {each.checkpoint: each.accuracy for each in history.evaluations}
    assert list(tested) == [f"step-{best.step}/ema", str(index.best)]
    assert history.ended is not None
    assert history.ended.test_accuracy == tested[str(index.best)]
    again = evaluate_run(run, checkpoint="ema", images=lab.images)
    assert (again.checkpoint, again.accuracy) == (f"step-{best.step}/ema", tested[f"step-{best.step}/ema"])
    validation = evaluate_run(run, checkpoint="last/ema", split="validation", images=lab.images)
    assert validation.loss == history.epochs[-1].ema_val_loss


def test_an_average_that_nobody_kept_is_said(lab: "Lab") -> None:
    with pytest.raises(StudioError, match=r"no checkpoint ema; .* without training\.ema_decay"):
        evaluate_run(_untouched(lab, {}), checkpoint="ema", images=lab.images)


def test_a_run_looks_as_often_as_the_test_above_believes(lab: "Lab") -> None:
    end = list(lab.train(lab.new(), AskedAt(LOOKS + 1)))[-1]
    assert isinstance(end, RunEnded)
    assert end.reason == "finished"


_UNTOUCHED: dict[str, RunFolder] = {}


def _untouched(lab: "Lab", variant: dict[str, Any]) -> RunFolder:
    """Return a run of the variant that nobody stopped, trained once for all tests."""
    key = repr(variant)
    if key not in _UNTOUCHED:
        _UNTOUCHED[key] = lab.trained(**variant)
    return _UNTOUCHED[key]


def test_stopped_again_and_again(lab: "Lab", left: Left) -> None:
    run = lab.new()
    last = list(lab.train(run, AskedAt(3)))[-1]
    while isinstance(last, RunEnded) and last.reason == "stopped":
        last = list(lab.resume(run, AskedAt(4)))[-1]
    assert left(run) == left(_untouched(lab, {}))


def test_stopped_before_the_first_step(lab: "Lab", left: Left) -> None:
    run, control = lab.new(), Control()
    control.stop.set()
    events = list(lab.train(run, control))
    assert _kinds(events)[-1] == "run_ended"
    assert events[-1].step == 0
    assert run.checkpoints().last is None
    list(lab.resume(run))
    assert left(run) == left(_untouched(lab, {}))


def test_stopped_during_validation_and_test(lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its first look in an evaluation the stop is there: the training of the epoch isn't lost."""
    run, control = lab.new(), Control()
    for event in lab.train(run, control):
        if isinstance(event, Step) and event.step == 5:
            control.stop.set()
    assert run.events()[-1].step == 5
    assert not fold(run.events()).epochs
    control = Control()
    for event in lab.resume(run, control):
        if isinstance(event, CheckpointSaved) and event.step == 10:
            control.stop.set()
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    assert (end.reason, end.test_accuracy) == ("stopped", None)
    assert _kinds(list(lab.resume(run))) == ["resumed", "evaluated", "run_ended"]
    assert left(run) == left(_untouched(lab, {}))


def test_a_generator_that_is_dropped_is_a_crash_that_resume_mends(lab: "Lab", left: Left) -> None:
    run = lab.new()
    events = lab.train(run)
    while next(events).step < 7:
        pass
    events.close()
    assert not run.is_recording()
    assert fold(run.events()).ended is None
    resumed = next(iter(list(lab.resume(run))))
    assert isinstance(resumed, Resumed)
    assert resumed.from_step == 5
    assert left(run) == left(_untouched(lab, {}))


def test_a_run_killed_before_its_first_checkpoint_begins_anew(lab: "Lab", left: Left) -> None:
    run = lab.new()
    events = lab.train(run)
    while next(events).step < 4:
        pass
    events.close()
    assert _kinds(list(lab.resume(run)))[:2] == ["resumed", "step"]
    assert left(run) == left(_untouched(lab, {}))
    history = fold(run.events())
    assert history.started is not None


def test_a_run_killed_before_its_first_event(lab: "Lab", left: Left) -> None:
    run = lab.new()
    assert _kinds(list(lab.resume(run)))[:2] == ["resumed", "run_started"]
    assert left(run) == left(_untouched(lab, {}))


def test_a_killed_process_is_resumed_as_if_nothing_had_happened(lab: "Lab", left: Left) -> None:
    changes = {"training__epochs": 16, "training__checkpoint_every": 7}
    run = lab.new(**changes)
    code = (
        "import sys, pathlib\n"
        "from resnet_studio.runs.folder import RunFolder\n"
        "from resnet_studio.training.control import Control\n"
        "from resnet_studio.training.loop import train\n"
        "run = RunFolder(pathlib.Path(sys.argv[1]))\n"
        "for event in train(run.experiment(), run, Control()):\n"
        "    print(event.step, flush=True)\n"
    )
    # sums are split among threads: the same number of them as in here
    threads = os.environ | {"OMP_NUM_THREADS": str(torch.get_num_threads())}
    command = [sys.executable, "-c", code, str(run.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=threads) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 20:
            pass
        assert process.poll() is None
        process.kill()
    assert process.returncode != 0
    resumed = next(event for event in lab.resume(run) if isinstance(event, Resumed))
    assert 14 <= resumed.from_step < 80
    list(lab.resume(run))
    assert left(run) == left(lab.trained(**changes))


# ---- pause


def test_a_pause_saves_waits_and_goes_on(lab: "Lab", left: Left) -> None:
    run = lab.new()
    control = Control()
    events: list[Event] = []
    for event in lab.train(run, control):
        events.append(event)
        if event.step == 2 and isinstance(event, Step):
            run.request("pause")
        if isinstance(event, Paused):
            threading.Timer(0.05, run.withdraw, ["pause"]).start()
    at = _kinds(events).index("paused")
    assert _kinds(events)[at - 1 : at + 2] == ["checkpoint_saved", "paused", "resumed"]
    assert events[at].step == 2
    assert left(run)[0] == left(_untouched(lab, {}))[0]


def test_a_stop_ends_a_pause(lab: "Lab") -> None:
    run, control = lab.new(), Control()
    events: list[Event] = []
    control.pause.set()
    for event in lab.train(run, control):
        events.append(event)
        if isinstance(event, Paused):
            control.stop.set()
    assert _kinds(events)[-2:] == ["paused", "run_ended"]


def test_a_stop_file_is_obeyed_and_taken_away(lab: "Lab") -> None:
    run = lab.new()
    for event in lab.train(run):
        if isinstance(event, Step) and event.step == 2:
            run.request("stop")
    assert run.events()[-1].step == 2
    assert run.requests() == frozenset()


def test_requests_from_before_do_not_stop_a_resumed_run(lab: "Lab") -> None:
    run = lab.new()
    list(lab.train(run, AskedAt(3)))
    run.request("stop")
    run.request("pause")
    end = list(lab.resume(run))[-1]
    assert isinstance(end, RunEnded)
    assert end.reason == "finished"


# ---- going on


def test_a_finished_run_is_not_resumed_without_more_epochs(lab: "Lab") -> None:
    run = lab.trained()
    before = run.events_path.read_bytes()
    for epochs in (None, 1, 2):
        with pytest.raises(StudioError, match="is finished after 2 epochs; give --epochs more"):
            list(lab.resume(run, epochs=epochs))
    assert run.events_path.read_bytes() == before
    assert run.experiment().training.epochs == 2


def test_a_finished_run_is_prolonged_and_its_rate_changes(lab: "Lab") -> None:
    run = lab.trained()
    events = list(lab.resume(run, epochs=3))
    training = run.experiment().training
    assert training.epochs == 3
    assert isinstance(events[0], Resumed)
    assert events[0].from_step == 10
    changed = [event for event in events if isinstance(event, LrChanged)]
    assert [event.lr for event in changed] == [rate_at(training, 10, 5)]
    history = fold(run.events())
    assert [epoch.epoch for epoch in history.epochs] == [1, 2, 3]
    assert history.ended is not None
    assert history.ended.reason == "finished"


def test_a_run_is_not_cut_below_what_it_has(lab: "Lab") -> None:
    run = lab.new(training__epochs=3)
    list(lab.train(run, AskedAt(20)))
    assert len(fold(run.events()).epochs) == 2
    with pytest.raises(StudioError, match="has 2 epochs already"):
        list(lab.resume(run, epochs=1))
    assert run.experiment().training.epochs == 3


def test_a_run_is_trained_once(lab: "Lab") -> None:
    run = lab.trained()
    with pytest.raises(StudioError, match="has been trained already"):
        list(lab.train(run))


def test_two_cannot_train_one_run(lab: "Lab") -> None:
    run = lab.new()
    events = lab.train(run)
    next(events)
    with pytest.raises(StudioError, match="is being trained already"):
        list(lab.resume(run))
    events.close()


def test_data_that_changed_is_said_before_anything_resumes(lab: "Lab") -> None:
    run = lab.new()
    list(lab.train(run, AskedAt(3)))
    content = run.environment()
    content["data"]["fingerprint"] = "0" * 64
    run.write_environment(content)
    before = run.events_path.read_bytes()
    with pytest.raises(StudioError, match=r"are not those that .* was trained on"):
        list(lab.resume(run))
    assert run.events_path.read_bytes() == before


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_damaged_newest_checkpoint_is_named_and_the_one_before_it_used(lab: "Lab", left: Left) -> None:
    run = lab.new()
    list(lab.train(run, AskedAt(12)))
    newest = run.checkpoints_path / str(run.checkpoints().last)
    _flip(newest / "model.safetensors")
    events = list(lab.resume(run))
    assert isinstance(events[0], Resumed)
    assert events[0].from_step == 5
    notices = [event.message for event in events if isinstance(event, Notice)]
    assert len(notices) == 1
    assert re.search(rf"{newest.name}.model\.safetensors is damaged: .* The one before it is used\.$", notices[0])
    assert left(run) == left(_untouched(lab, {}))


def test_a_run_whose_checkpoints_are_all_damaged_begins_anew(lab: "Lab", left: Left) -> None:
    run = lab.new()
    list(lab.train(run, AskedAt(12)))
    for checkpoint in run.checkpoints().checkpoints:
        shutil.rmtree(run.checkpoints_path / checkpoint.name)
    events = list(lab.resume(run))
    notices = [event.message for event in events if isinstance(event, Notice)]
    assert notices[-1].endswith("The run begins anew.")
    assert left(run) == left(_untouched(lab, {}))


# ---- when it can't go on


def _failed(lab: "Lab", run: RunFolder, words: str) -> RunEnded:
    """Train until it fails; the sentence is raised and stands in the folder."""
    with pytest.raises(StudioError, match=words) as caught:
        list(lab.train(run))
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    assert (end.reason, end.message) == ("failed", str(caught.value))
    assert not run.is_recording()
    return end


def test_a_loss_that_is_not_finite_ends_the_run_before_a_bad_checkpoint(
    lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharp = {"training__label_smoothing": 0.0}  # smoothed labels ask for the loss of each batch twice
    run, calls = lab.new(**sharp), [0]

    def poisoned(logits: Tensor, labels: Tensor, *more: Any, **named: Any) -> Tensor:
        calls[0] += 1
        return training_loss(logits, labels, *more, **named) * (float("nan") if calls[0] == 7 else 1.0)

    monkeypatch.setattr(update_module, "training_loss", poisoned)
    _failed(lab, run, r"loss is not finite at step 7, at a learning rate of 0\.1: computed again, everything is finite")
    assert run.checkpoints().last == "step-5"
    monkeypatch.undo()
    list(lab.resume(run))
    assert left(run) == left(_untouched(lab, sharp))


def test_a_gradient_that_is_not_finite_is_never_saved(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss of the last step is fine; its gradient spoils the weights, which only the checkpoint would show."""
    run, step = lab.new(training__checkpoint_every=3), Stepper.step

    def spoiled(stepper: Stepper, number: int, *more: Any) -> int:
        images = step(stepper, number, *more)
        if number == 2:
            with torch.no_grad():
                stepper._model.get_parameter("fc.weight")[0, 0] = torch.inf
        return images

    monkeypatch.setattr(Stepper, "step", spoiled)
    _failed(lab, run, r"fc\.weight is not finite after step 3")
    assert run.checkpoints().last is None


def test_events_are_on_the_disk_before_the_checkpoint_that_follows_them(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, save = Recorder.sync, checkpoint_module.save_checkpoint

    def noted_sync(recorder: Recorder) -> None:
        order.append("sync")
        sync(recorder)

    def noted_save(*arguments: Any) -> Any:
        order.append("save")
        return save(*arguments)

    monkeypatch.setattr(Recorder, "sync", noted_sync)
    monkeypatch.setattr(writer_module, "save_checkpoint", noted_save)
    lab.trained()
    assert order == ["sync", "save"] * 2


def test_a_full_disk_leaves_the_last_good_checkpoint(lab: "Lab", left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    run = lab.new()

    def full(path: Path, content: bytes) -> None:
        if "step-10" in str(path):
            raise StudioError(f"{path} can't be written: No space left on device.")
        write_bytes(path, content)

    monkeypatch.setattr("resnet_studio.training.checkpoint_folder.write_bytes", full)
    _failed(lab, run, "No space left on device")
    assert run.checkpoints().last == "step-5"
    monkeypatch.undo()
    list(lab.resume(run))
    assert left(run) == left(_untouched(lab, {}))


def test_an_experiment_is_loaded_from_its_folder_alone(lab: "Lab", left: Left) -> None:
    """What another machine does with the folder: no images are handed over."""
    run = lab.new()
    list(train(run.experiment(), run, AskedAt(11)))
    list(resume(run, Control()))
    assert left(run) == left(_untouched(lab, {}))
    assert json.loads((run.path / "experiment.json").read_text())["format"] == "resnet-studio/experiment"


# ---- with a GPU


@gpu
def test_a_gpu_learns_the_digits(lab: "Lab") -> None:
    run = lab.new(training__device="cuda", training__epochs=10, training__batch_size=128, training__log_every=1)
    end = list(lab.train(run))[-1]
    assert isinstance(end, RunEnded)
    assert end.test_accuracy is not None
    assert end.test_accuracy >= 0.95


@gpu
@pytest.mark.parametrize(
    "changes",
    [
        {"training__precision": "fp32"},
        {"training__precision": "bf16", "training__ema_decay": 0.9},
        {"training__precision": "fp16", "training__ema_decay": 0.9},
        {"training__precision": "bf16", "training__deterministic": True},
        {"training__batch_size": 64, "training__accumulate": 4, "training__class_weights": "balanced"},
    ],
    ids=repr,
)
def test_the_hot_loop_never_waits_for_the_gpu(lab: "Lab", changes: dict[str, Any]) -> None:
    experiment = lab.prepared(training__device="cuda", network__dropout=0.1, **changes)
    trainer = Trainer(experiment, lab.images)
    # the first steps of an epoch carry its order to the GPU
    trainer.advance(lambda: False)
    trainer.metrics.read()
    torch.cuda.set_sync_debug_mode("error")
    try:
        trainer.advance(lambda: False)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert trainer.step == 4


@gpu
@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_deterministic_algorithms_give_the_same_bits_on_a_gpu(lab: "Lab", left: Left, precision: str) -> None:
    changes = {"training__device": "cuda", "training__deterministic": True, "training__precision": precision}
    assert left(lab.trained(**changes)) == left(lab.trained(**changes))


@gpu
def test_a_gpus_run_is_resumed_and_evaluated(lab: "Lab") -> None:
    run = lab.new(training__device="cuda")
    list(lab.train(run, AskedAt(4)))
    events = list(lab.resume(run))
    tested = next(event for event in events if isinstance(event, Evaluated))
    assert tested.accuracy == evaluate_run(run, images=lab.images).accuracy
