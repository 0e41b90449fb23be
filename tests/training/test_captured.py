"""A recorded step is the step: on a GPU, and anywhere by a recorder that repeats operations as CUDA graphs do."""

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.captured import Action, Captured, unchanged
from resnet_studio.training.stepping import Stepper
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.training.conftest import Lab

CHANGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "averaged": {"training.ema_decay": 0.99},
    "clipped, smoothed": {"training.gradient_clip": 0.5, "training.label_smoothing": 0.1},
    "Adam": {"training.optimizer": "adam"},
    "AdamW, averaged": {"training.optimizer": "adamw", "training.ema_decay": 0.9},
    "Muon": {"training.optimizer": "muon", "training.nesterov": True},
    "Muon, fp16": {"training.optimizer": "muon", "training.precision": "fp16"},
    "Muon, several batches": {"training.optimizer": "muon", "training.accumulate": 3, "training.momentum": 0.0},
    "SGD": {"training.optimizer": "sgd"},
    "SGD without momentum": {"training.optimizer": "sgd", "training.momentum": 0.0},
    "SGD, fp16": {"training.optimizer": "sgd", "training.precision": "fp16"},
    "several batches": {"training.accumulate": 3},
    "several batches, balanced": {"training.accumulate": 2, "training.class_weights": "balanced"},
    "drawn": {"network.dropout": 0.5, "network.drop_path": 0.2},
    "fp16": {"training.precision": "fp16", "training.ema_decay": 0.9},
    "bf16": {"training.precision": "bf16"},
}
EAGER, STEPS = 2, 6


class Tape(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types there
    """Notes operations as a CUDA graph does: in which order, on which memory, with which numbers of the host."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._noted: list[tuple[Any, ...]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Do an operation and note it."""
        assert func is not torch.ops.aten._local_scalar_dense.default, "waits for a number"
        result = func(*args, **(kwargs or {}))
        # names for the same memory: those of autograd are its own
        noted = tree_map_only(Tensor, lambda tensor: tensor.detach(), (args, kwargs or {}, result))
        self._noted.append((func, *noted))
        return result

    def repeat(self) -> None:
        """Do all of it again, into the same memory."""
        with torch.no_grad():
            for func, args, kwargs, result in self._noted:
                again = func(*args, **kwargs)
                for old, new in zip(tree_leaves(result), tree_leaves(again), strict=True):
                    if isinstance(old, Tensor) and old.data_ptr() != new.data_ptr():
                        old.copy_(new)


class Tapes:
    def rehearse(self, action: Action) -> None:
        action()

    def record(self, action: Action) -> Action:
        tape = Tape()
        with tape:
            action()
        return tape.repeat


def _experiment(lab: "Lab", changes: dict[str, Any]) -> ExperimentSpec:
    return with_values(lab.prepared(), {"training.compile": "graph", "training.log_every": EAGER} | changes)


def _stepper(lab: "Lab", experiment: ExperimentSpec, monkeypatch: pytest.MonkeyPatch, *, taped: bool) -> Stepper:
    training = experiment.training
    weights = torch.linspace(0.2, 2, 10) if training.class_weights == "balanced" else None
    stepper = Stepper(lab.network(experiment), experiment, training.accumulate, weights)
    monkeypatch.setattr(stepper, "_recorder", Tapes)
    stepper.eager = EAGER if taped else STEPS
    return stepper


def _batches(step: int, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(step)
    for _ in range(count):
        images = torch.randn(8, 1, 8, 8, generator=generator).contiguous(memory_format=torch.channels_last)
        yield images, torch.randint(10, (8,), generator=generator)


def _done(stepper: Stepper, experiment: ExperimentSpec, steps: range) -> None:
    for step in steps:
        images = stepper.step(step, 0.1 / (1 + step), _batches(step, experiment.training.accumulate))
        assert images == 8 * experiment.training.accumulate


def _assert_same(found: Stepper, expected: Stepper) -> None:
    for one, other in zip(found.update.tensors, expected.update.tensors, strict=True):
        assert torch.equal(one, other)
    assert found.update.metrics.state() == expected.update.metrics.state()


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_recorded_step_changes_what_the_step_does_and_a_resumed_one_too(
    lab: "Lab", monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    experiment = _experiment(lab, changes)
    expected, found = (_stepper(lab, experiment, monkeypatch, taped=taped) for taped in (False, True))
    for stepper in (expected, found):
        _done(stepper, experiment, range(STEPS))
    assert isinstance(found._quick, Captured)
    assert expected._quick is None
    _assert_same(found, expected)

    # another process has the values of a step's end, and nothing else of it
    before, resumed = (_stepper(lab, experiment, monkeypatch, taped=True) for _ in range(2))
    _done(before, experiment, range(EAGER + 1))
    _done(resumed, experiment, range(1))  # makes moments and scale
    with torch.no_grad():
        for tensor, value in zip(resumed.update.tensors, before.update.tensors, strict=True):
            tensor.copy_(value)
    resumed.update.metrics.restore(before.update.metrics.state())
    _done(resumed, experiment, range(EAGER + 1, STEPS))
    _assert_same(resumed, expected)


def test_mixed_labels_are_recorded_as_they_come(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = _experiment(lab, {"training.accumulate": 1})
    expected, found = (_stepper(lab, experiment, monkeypatch, taped=taped) for taped in (False, True))
    for step in range(STEPS):
        images, _ = next(_batches(step, 1))
        labels = torch.rand(8, 10, generator=torch.Generator().manual_seed(step)).softmax(1)
        for stepper in (expected, found):
            stepper.step(step, 0.1, iter([(images, labels)]))
    _assert_same(found, expected)


def test_a_recorded_step_takes_no_batch_of_another_size(lab: "Lab", monkeypatch: pytest.MonkeyPatch) -> None:
    """Copied where a larger one lies, a short batch could be repeated to fill it."""
    experiment = _experiment(lab, {})
    stepper = _stepper(lab, experiment, monkeypatch, taped=True)
    _done(stepper, experiment, range(EAGER + 1))
    with pytest.raises(ValueError, match=r"recorded with \(8, 1, 8, 8\), not \(1, 1, 8, 8\)"):
        stepper.step(EAGER + 1, 0.1, iter([(torch.zeros(1, 1, 8, 8), torch.zeros(1, dtype=torch.int64))]))


def test_what_was_changed_meanwhile_is_put_back() -> None:
    tensors = [torch.ones(2, 3), torch.tensor(4), torch.zeros((), dtype=torch.float64)]
    before = deepcopy(tensors)
    with unchanged(tensors):
        for tensor in tensors:
            tensor.fill_(9)
    assert all(map(torch.equal, tensors, before))


# ---- on a GPU

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that torch can use")


@needs_gpu
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_graphs_of_a_gpu_give_the_bits_of_the_steps(lab: "Lab", changes: dict[str, Any]) -> None:
    wanted = {"training.device": "cuda", "training.deterministic": True, "training.epochs": 4} | changes
    found = []
    for eager in (10**6, 1):
        trainer = Trainer(_experiment(lab, wanted), lab.images)
        trainer._stepper.eager = eager
        torch.cuda.set_sync_debug_mode("error")
        try:
            while not trainer.epoch_is_trained:
                trainer.advance(lambda: False)
                if trainer.point_is_due:
                    torch.cuda.set_sync_debug_mode("default")
                    trainer.point()
                    torch.cuda.set_sync_debug_mode("error")
        finally:
            torch.cuda.set_sync_debug_mode("default")
        found.append(trainer)
    assert isinstance(found[1]._stepper._quick, Captured)
    _assert_same(found[1]._stepper, found[0]._stepper)
