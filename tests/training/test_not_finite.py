"""A run whose loss or gradient stops being finite: where it began, what stands, how it goes on."""

import gc
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import Tensor

from resnet_studio.runs.events import LrChanged, Resumed, RunEnded
from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.errors import FieldError
from resnet_studio.training import trainer as trainer_module
from resnet_studio.training import update as update_module
from resnet_studio.training.failures import NotFiniteError
from resnet_studio.training.feeding import train_batches
from resnet_studio.training.loss import training_loss
from resnet_studio.training.stepping import Stepper
from resnet_studio.training.trainer import Trainer
from resnet_studio.training.update import Update

if TYPE_CHECKING:
    from tests.training.conftest import Lab

Injection = Callable[[pytest.MonkeyPatch], None]
BAD_STEP = 8
"""Of ten, in the second epoch: the points are after the seventh and the ninth."""


def _at_the_step(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Any], None]) -> None:
    """Do something to the network just before a step is computed, whenever that is."""
    seed = Stepper._seed

    def spoiled(stepper: Stepper, batch: int) -> None:
        if batch == BAD_STEP - 1:
            spoil(stepper._model)
        seed(stepper, batch)

    monkeypatch.setattr(Stepper, "_seed", spoiled)


def _weight(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(model: Any) -> None:
        with torch.no_grad():
            model.get_parameter("layer2.0.conv2.weight")[0, 0, 0, 0] = torch.nan

    _at_the_step(monkeypatch, spoil)


def _images(monkeypatch: pytest.MonkeyPatch) -> None:
    def batches(*arguments: Any, **named: Any) -> Any:
        made = train_batches(*arguments, **named)
        made._planes = made._planes * torch.nan
        made._rows = made._rows * torch.nan
        return made

    monkeypatch.setattr(trainer_module, "train_batches", batches)


def _loss(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflowing(logits: Tensor, labels: Tensor, *more: Any, **named: Any) -> Tensor:
        return training_loss(logits, labels, *more, **named) * now[0]

    now = [1.0]
    _at_the_step(monkeypatch, lambda *_: now.__setitem__(0, torch.inf))
    monkeypatch.setattr(update_module, "training_loss", overflowing)


class _BadGradient(torch.autograd.Function):
    """What it is given, with a gradient that is not a number."""

    @staticmethod
    def forward(_: Any, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(_: Any, *gradients: Tensor) -> Tensor:
        return gradients[0] * torch.nan


def _gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(model: Any) -> None:
        conv = model.get_submodule("layer2.0.conv2")
        conv.register_forward_pre_hook(lambda _, given: (_BadGradient.apply(given[0]),))

    _at_the_step(monkeypatch, spoil)


@pytest.mark.parametrize(
    ("inject", "step", "words"),
    [
        (_weight, 8, "loss is not finite at step 8, .*: the first that isn't is a weight of layer2.0.conv2; go back to "
                     "step 5 and go on with a tenth"),
        (_images, 1, "loss is not finite at step 1, .*: its images aren't either; look at data.mean"),
        (_loss, 8, "loss is not finite at step 8, .*: the outputs of all modules are finite, the loss of them isn't"),
        (_gradient, 8, "gradient is not finite at step 8, .*: from the loss backwards, the first module whose gradient "
                       "isn't is layer2.0.act1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("clip", [2.0, None])
def test_step_and_module_are_named_and_the_last_good_weights_stand(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, inject: Injection, step: int, words: str, clip: float | None
) -> None:
    if inject is _gradient:
        clip = 2.0  # without its norm a gradient shows in the loss of the step after it
    run = lab.new(training__gradient_clip=clip)
    inject(monkeypatch)
    with pytest.raises(NotFiniteError, match=words) as caught:
        list(lab.train(run))
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    assert end.message == str(caught.value)
    assert run.checkpoints().last == ("step-5" if step > 5 else None)
    assert end.mend == (None if inject is _images else {"training.learning_rate": 0.02})


@pytest.mark.parametrize("optimizer", ["sgd", "adamw", "muon"])
def test_no_update_follows_the_first_bad_step(lab: "Lab", monkeypatch: pytest.MonkeyPatch, optimizer: str) -> None:
    """Three steps lie between it and the next point: the weights are still those of the step before it."""
    trainer = Trainer(lab.prepared(training__log_every=5, training__optimizer=optimizer), lab.images)
    trainer.step = 5
    _loss(monkeypatch)
    trainer.advance(lambda: trainer.step == BAD_STEP - 1)
    kept = {name: each.clone() for name, each in trainer.model.named_parameters()}
    trainer.advance(lambda: False)
    assert trainer.step == 10
    with pytest.raises(NotFiniteError, match="at step 8"):
        trainer.point()
    assert all(torch.equal(each, kept[name]) for name, each in trainer.model.named_parameters())


@pytest.mark.parametrize("when", ["at a checkpoint", "at a pause"])
def test_a_checkpoint_before_the_next_point_is_not_written(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    trainer = Trainer(lab.prepared(training__log_every=5, training__checkpoint_every=8), lab.images)
    trainer.step = 5
    _loss(monkeypatch)
    trainer.advance((lambda: False) if when == "at a checkpoint" else (lambda: trainer.step == 8))
    assert trainer.step == 8
    with pytest.raises(NotFiniteError, match="at step 8"):
        trainer.snapshot()


def test_it_goes_back_and_on_with_a_tenth_of_the_rate_and_that_is_written_down(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lab.new()
    _weight(monkeypatch)
    with pytest.raises(NotFiniteError):
        list(lab.train(run))
    monkeypatch.undo()
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    events = list(lab.resume(run, changes=end.mend))
    resumed, changed = events[:2]
    assert isinstance(resumed, Resumed)
    assert isinstance(changed, LrChanged)
    assert resumed.from_step == 5
    assert changed.lr == pytest.approx(0.02 * 5 / 8)
    assert run.experiment().training.learning_rate == 0.02
    assert isinstance(events[-1], RunEnded)
    assert events[-1].reason == "finished"


def test_a_run_that_fails_before_its_first_checkpoint_begins_again(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    run = lab.new(training__epochs=1)
    monkeypatch.setattr(
        update_module, "training_loss", lambda *given, **named: training_loss(*given, **named) * torch.inf
    )
    with pytest.raises(NotFiniteError, match="; begin again with a tenth of the rate"):
        list(lab.train(run))


def test_what_decides_about_the_steps_does_not_change_in_the_middle(lab: "Lab") -> None:
    run = lab.trained(training__epochs=1)
    with pytest.raises(FieldError, match=r"network\.dropout can't change in the middle of a run"):
        list(lab.resume(run, epochs=2, changes={"network.dropout": 0.5}))
    assert run.experiment().training.epochs == 1


def test_the_error_holds_nothing_of_the_trainer(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    run, held = lab.new(training__epochs=1), list[weakref.ref[Any]]()
    forward = Update.forward

    def noted(update: Update, *given: Any) -> Any:
        held.append(weakref.ref(update._model))
        loss, logits = forward(update, *given)
        return loss * torch.nan, logits

    monkeypatch.setattr(Update, "forward", noted)
    with pytest.raises(NotFiniteError) as caught:
        list(lab.train(run))
    gc.collect()
    assert held[0]() is None, f"held by {caught.value!r}"


def test_of_a_finite_run_the_same_bits_come_without_the_guard(lab: "Lab", left: Any, monkeypatch: Any) -> None:
    guarded = left(lab.trained())
    monkeypatch.setattr("resnet_studio.training.guard.Guard.decide", lambda *_: None)
    assert left(lab.trained()) == guarded


def _after_the_step(monkeypatch: pytest.MonkeyPatch, number: int, spoil: Callable[[Stepper], None]) -> None:
    """Do something to the weights that a step, counted from 1, has left."""
    step = Stepper.step

    def spoiled(stepper: Stepper, before: int, *more: Any) -> int:
        images = step(stepper, before, *more)
        if before == number - 1:
            spoil(stepper)
        return images

    monkeypatch.setattr(Stepper, "step", spoiled)


def _goes_back_to_step_5(lab: "Lab", run: RunFolder, sentence: str) -> None:
    with pytest.raises(NotFiniteError, match=rf"{sentence}; go back to step 5 and go on with a tenth of the rate\."):
        list(lab.train(run))
    end = run.events()[-1]
    assert isinstance(end, RunEnded)
    assert end.mend == {"training.learning_rate": 0.02}
    assert run.checkpoints().last == "step-5"


@pytest.mark.parametrize("whose", ["network", "average"])
def test_outputs_that_are_not_finite_in_the_validation_alone_are_named_and_mended(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    """The statistics of a normalisation, which training doesn't look at."""

    def spoil(stepper: Stepper) -> None:
        average = stepper.update.average
        assert average is not None
        model = stepper._model if whose == "network" else average.model
        model.get_buffer("layer2.0.bn1.running_var").fill_(-1)

    _after_the_step(monkeypatch, 10, spoil)
    sentence = (
        r"The outputs for the validation images are not finite after step 10, at a learning rate of [\d.e-]+: the "
        r"first module whose output isn't is layer2\.0\.bn1"
    )
    _goes_back_to_step_5(lab, lab.new(training__ema_decay=0.9), sentence)


def test_weights_that_only_a_checkpoint_shows_are_named_and_mended(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    """The loss of the last step is fine; its gradient spoils the weights, and the next loss is not there yet."""

    def spoil(stepper: Stepper) -> None:
        with torch.no_grad():
            stepper._model.get_parameter("layer1.0.conv1.weight")[0, 0] = torch.inf

    _after_the_step(monkeypatch, 7, spoil)
    sentence = (
        r"layer1\.0\.conv1\.weight is not finite after step 7, at a learning rate of 0\.1, so no checkpoint was written"
    )
    _goes_back_to_step_5(lab, lab.new(training__checkpoint_every=7), sentence)
