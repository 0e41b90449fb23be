"""Several batches make a step as one of their size together does."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import Tensor, nn

from resnet_studio.runs.events import Notice, RunStarted
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.optimizer import build_optimizer
from resnet_studio.training.scaling import Scaler
from resnet_studio.training.stepping import Stepper
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab

MIXED = {"data__augment__mixup": 1.0}
CHANGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "smoothed, clipped": {"training__label_smoothing": 0.1, "training__gradient_clip": 0.5},
    "balanced": {"training__class_weights": "balanced"},
    "mixed": MIXED,
    "mixed, balanced": MIXED | {"training__class_weights": "balanced"},
}


def _weights(lab: "Lab", **changes: Any) -> tuple[Trainer, Tensor]:
    """Return a trainer after an epoch, and its weights."""
    # Muon would turn the last bits of a gradient's weak directions into whole ones
    fixed = {"network__norm": "none", "training__optimizer": "sgd", "training__learning_rate": 0.02}
    experiment = lab.prepared(**fixed, **changes)
    trainer = Trainer(experiment, lab.images)
    while not trainer.epoch_is_trained:
        trainer.advance(lambda: False)
    return trainer, torch.cat([each.detach().flatten() for each in trainer.model.parameters()])


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_four_batches_of_32_train_as_one_of_128(lab: "Lab", changes: dict[str, Any]) -> None:
    one, expected = _weights(lab, training__batch_size=128, **changes)
    four, found = _weights(lab, training__batch_size=32, training__accumulate=4, **changes)
    assert four.steps_per_epoch == one.steps_per_epoch == four.step == len(lab.images.train) // 128
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=2e-5)
    for trainer in (one, four):
        trainer.metrics.read()
        assert trainer.metrics.epoch.images == 128 * one.step


def test_classes_count_in_the_mean_of_the_whole_step(lab: "Lab") -> None:
    """The mean of each batch's own weighted mean is another one."""
    weights = torch.tensor([0.1, 3.0, *[1.0] * 8])
    experiment = lab.prepared(network__norm="none", training__optimizer="sgd", training__schedule="constant")
    experiment = with_values(experiment, {"training.momentum": 0.0, "training.gradient_clip": None})
    x = torch.randn(6, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([0, 0, 1, 1, 1, 5])

    def stepped(parts: int) -> Tensor:
        model = lab.network(experiment)
        stepper = Stepper(model, experiment, parts, weights)
        assert stepper.step(0, 0.1, zip(x.chunk(parts), labels.chunk(parts), strict=True)) == 6
        return torch.cat([each.detach().flatten() for each in model.parameters()])

    torch.testing.assert_close(stepped(3), stepped(1), rtol=1e-5, atol=1e-6)


def test_dropout_draws_anew_for_each_batch_and_again_for_the_same(lab: "Lab") -> None:
    experiment = lab.prepared(network__dropout=0.5)
    batch = torch.ones(4, 1, 8, 8), torch.tensor([0, 1, 2, 3])

    def dropped(first: int, parts: int) -> list[Tensor]:
        model = lab.network(experiment)
        masks: list[Tensor] = []
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.register_forward_hook(lambda _, __, output: masks.append(output.detach() == 0))
        stepper = Stepper(model, experiment, parts)
        stepper.step(first, 0.0, iter([batch] * parts))
        torch.rand(3)
        stepper.step(first + 1, 0.0, iter([batch] * parts))
        return masks

    masks = dropped(3, 2)
    assert len(masks) == 4
    assert len({tuple(mask.flatten().tolist()) for mask in masks}) == 4
    assert all(map(torch.equal, masks, dropped(3, 2)))
    # the numbers of the batches decide, and a step of one batch draws as it always did
    assert all(map(torch.equal, masks[:2], dropped(6, 1)))


@pytest.mark.parametrize(
    ("size", "together", "steps", "said"),
    [
        (100, 4, 3, None),
        (100, 5, 2, r"5 batches make a step: of the 12 of an epoch, 2 .* are left out, as with batches of 500\."),
        (1000, 4, 1, r"fewer than 4 batches of 1,000 images to add up, so that it is one step\."),
        (100, 1, 12, None),
    ],
)
def test_the_rest_of_an_epoch_is_left_out_and_said(
    lab: "Lab", size: int, together: int, steps: int, said: str | None
) -> None:
    run = lab.new(training__batch_size=size, training__accumulate=together)
    told = lab.train(run)
    events = [next(told) for _ in range(4)]
    told.close()
    assert isinstance(events[0], RunStarted)
    batches = len(lab.images.train) // size
    assert events[0].steps_per_epoch == max(1, batches // together) == steps
    notices = [event.message for event in events if isinstance(event, Notice)]
    if said is None:
        assert not any("batches" in each for each in notices)
    else:
        assert re.search(said, notices[-1])


# ---- fp16


def _in_fp16(experiment: ExperimentSpec) -> ExperimentSpec:
    return with_values(experiment, {"training.precision": "fp16", "training.ema_decay": 0.9})


def _batch() -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(0)
    yield torch.randn(8, 1, 8, 8, generator=generator), torch.arange(8)


@pytest.mark.parametrize("clip", [None, 1.0])
def test_fp16_trains_as_fp32_does_to_its_precision(lab: "Lab", clip: float | None) -> None:
    experiment = lab.prepared(training__gradient_clip=clip, training__learning_rate=0.01)
    results = []
    for wanted in (experiment, _in_fp16(experiment)):
        model = lab.network(wanted)
        before = model.get_parameter("fc.weight").detach().clone()
        Stepper(model, wanted, 1).step(0, 0.01, _batch())
        results.append(model.get_parameter("fc.weight").detach() - before)
    torch.testing.assert_close(results[1], results[0], rtol=0.02, atol=1e-5)


def test_a_step_that_runs_over_is_left_out_and_halves_the_scale(lab: "Lab") -> None:
    experiment = _in_fp16(lab.prepared())
    model = lab.network(experiment)
    stepper = Stepper(model, experiment, 1)
    assert stepper.update.average is not None
    before = {key: tensor.clone() for key, tensor in model.named_parameters()}
    with torch.no_grad():
        stepper.update.average.model.get_parameter("fc.weight").zero_()
    stepper.update.scaler.restore(stepper.update.scaler.state() | {"scale": 2.0**100})
    stepper.step(0, 0.1, _batch())
    assert stepper.update.scaler.state()["scale"] == 2.0**99
    assert all(torch.equal(tensor, before[key]) for key, tensor in model.named_parameters())
    assert not stepper.update.average.model.get_parameter("fc.weight").any()
    stepper.update.scaler.restore(stepper.update.scaler.state() | {"scale": 2.0**10})
    stepper.step(1, 0.1, _batch())
    assert not torch.equal(model.get_parameter("fc.weight"), before["fc.weight"])
    assert stepper.update.average.model.get_parameter("fc.weight").any()


def test_the_momentum_of_a_first_step_that_is_left_out_is_zero(lab: "Lab") -> None:
    """torch's fused kernel would go on with memory that nobody has written."""
    experiment = _in_fp16(lab.prepared())
    model = lab.network(experiment)
    optimizer, scaler = build_optimizer(model, experiment.training), Scaler(torch.device("cpu"), "fp16")
    scaler.backward(model(torch.ones(2, 1, 8, 8)).sum() * torch.inf)
    skipped = scaler.step(optimizer)
    assert skipped is not None
    assert skipped.item() == 1
    assert not any(state["momentum_buffer"].any() for state in optimizer.state.values())


def test_the_scaler_is_not_there_for_other_formats() -> None:
    scaler = Scaler(torch.device("cpu"), "bf16")
    assert scaler.state() == {}
    weight = torch.ones(1, requires_grad=True)
    scaler.backward(weight * 3)
    assert weight.grad is not None
    assert weight.grad.item() == 3
    assert scaler.step(torch.optim.SGD([weight], 1.0)) is None
    assert weight.item() == -2
