"""What a run will take, before it begins: a few steps of it on a network of its own, and arithmetic for the rest."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from resnet_studio.analysis.cost import (
    activation_bytes,
    backward_flops,
    checkpoint_bytes,
    forward_flops,
    moments,
    run_bytes,
)
from resnet_studio.analysis.network import analyse
from resnet_studio.data.images import ImageSet, Split
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.device import resolve
from resnet_studio.training.heap import kept_memory
from resnet_studio.training.trainer import Trainer
from resnet_studio.training.usage import forget_peak, memory_in_use

STEPS = 3
_LEAST_SECONDS, _MOST_STEPS = 0.3, 30
"""Short steps are repeated: three of them could all fall into somebody else's time slice."""
_EAGER = 2
"""Steps before those that are recorded, where any are: a run has more of them, but they are few of its steps."""
_MOST_ADDED = 2
"""Batches of a step that are tried: each one after the second takes as long as that one."""
_OF_AN_EPOCH = 0.03
"""Seconds of an epoch that no step takes: points of the curves, hashes and small files of its checkpoint."""
_CPU_FLOPS = 5e10
"""Floating-point operations of a step on a CPU at most, under a second: so many images fit into it."""


@dataclass(frozen=True)
class Forecast:
    """What a run will take.

    Attributes:
        epoch_seconds: seconds of an epoch, its validation included.
        test_seconds: seconds of the test at the end.
        recording_seconds: seconds in which the steps are recorded, once; 0 where none are.
        memory: bytes at the most, see `memory_in_use`; None where nobody tells.
        disk: bytes of the run's checkpoints at the most.
        is_compiled: whether the network is compiled, which is in none of these seconds.
    """

    epoch_seconds: float
    test_seconds: float
    recording_seconds: float
    memory: int | None
    disk: int
    is_compiled: bool

    def seconds(self, epochs: int) -> float:
        """Return the seconds of a whole run of so many epochs."""
        return self.recording_seconds + epochs * self.epoch_seconds + self.test_seconds

    @property
    def remark(self) -> str:
        """What the seconds leave out; empty where they are all."""
        return "compiling comes on top, a minute or more once" if self.is_compiled else ""


def forecast(experiment: ExperimentSpec, images: ImageSet, should_stop: Callable[[], bool]) -> Forecast | None:
    """Return what a run would take, from some steps and some images of its validation.

    They are done on a network, an optimiser and batches of their own; nothing of them is left.

    Args:
        experiment: with everything resolved, see `prepare`.
        images: what `experiment.data` stands for.
        should_stop: asked between steps.

    Returns:
        The forecast; None where it was stopped.

    Raises:
        StudioError: it can't be trained: the memory is too small, or the loss isn't finite.
    """
    training, analysis = experiment.training, analyse(experiment.network)
    place = resolve(training.device)
    device = place.torch
    added = min(training.accumulate, _MOST_ADDED)
    a_step = added * (forward_flops(analysis) + backward_flops(analysis))
    probed = _images_within(a_step, training.batch_size, device)
    evaluated = _images_within(forward_flops(analysis), len(images.validation), device)
    # compiling takes longer than anybody waits for a forecast; recorded steps are nearly as quick
    quick = "graph" if training.compile != "off" and place.graphs else "off"
    changes = {"batch_size": probed, "accumulate": added, "log_every": _EAGER, "compile": quick}
    tried = with_values(experiment, {f"training.{name}": value for name, value in changes.items()})
    with kept_memory():
        forget_peak(device)
        trainer = Trainer(tried, _with_fewer(images, evaluated))
        times = _times(trainer, device, 1 if quick == "off" else _EAGER + 1, should_stop)
        memory = memory_in_use(device)
    if times is None:
        return None
    kept, averaged = moments(training), training.ema_decay is not None
    if memory is not None and device.type == "cpu":
        # outputs of the images that were not tried, and gradients: the C library keeps what either has freed
        memory += 2 * activation_bytes(analysis.activations, training.batch_size - probed, training.precision)
        # a checkpoint's tensors are copied at one moment, and then written from bytes of their own
        memory += 2 * checkpoint_bytes(analysis.params, kept, ema=averaged)
    a_batch, an_evaluation = times[0] * training.batch_size / (probed * added), times[1] / evaluated
    batches = max(1, len(images.train) // training.batch_size)
    together = min(training.accumulate, batches)
    epoch = batches // together * together * a_batch + len(images.validation) * an_evaluation
    return Forecast(
        epoch_seconds=epoch + _OF_AN_EPOCH,
        test_seconds=len(images.test) * an_evaluation,
        recording_seconds=times[2],
        memory=memory,
        disk=run_bytes(analysis.params, kept, ema=averaged),
        is_compiled=training.compile == "on",
    )


def _images_within(flops: int, wanted: int, device: torch.device) -> int:
    """Return how many images are looked at: as many as are wanted, but on a CPU no more than take it a second."""
    if device.type != "cpu":
        return wanted
    # batch normalisation needs two
    return min(wanted, max(2, int(_CPU_FLOPS / max(1, flops))))


def _with_fewer(images: ImageSet, validation: int) -> ImageSet:
    """Return the images with so many for the validation."""
    whole = images.validation
    return replace(images, validation=Split(whole.images[:validation], whole.labels[:validation]))


def _times(
    trainer: Trainer, device: torch.device, first: int, should_stop: Callable[[], bool]
) -> tuple[float, float, float] | None:
    """Return the seconds of a step, of the validation and of recording the steps; None where it was stopped.

    Args:
        trainer: of the steps.
        device: where it trains.
        first: steps before those that count: kernels are made and chosen in them. Where there are more than one, the
            last of them begins with the recording.
        should_stop: asked between steps.
    """
    validation, validated = None, math.inf
    for _ in range(2):  # the first time, kernels are made and chosen
        started = time.perf_counter()
        validation = trainer.validate(should_stop)
        validated = min(validated, time.perf_counter() - started)
    taken: list[float] = []
    while len(taken) < first + STEPS or (sum(taken[first:]) < _LEAST_SECONDS and len(taken) < _MOST_STEPS):
        if validation is None or should_stop():
            return None
        if trainer.epoch_is_trained:
            trainer.end_epoch(validation)
        taken.append(_one_step(trainer, device))
    # the quickest quarter, as other work only ever adds to it
    step = sorted(taken[first:])[len(taken[first:]) // 4]
    return step, validated, max(0.0, taken[first - 1] - step) if first > 1 else 0.0


def _one_step(trainer: Trainer, device: torch.device) -> float:
    """Return the seconds of a step."""
    before, started = trainer.step, time.perf_counter()
    trainer.advance(lambda: trainer.step > before)
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - started
