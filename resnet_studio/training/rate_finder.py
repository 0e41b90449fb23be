"""Which learning rate suits: the loss while the rate rises exponentially (Smith 2017, section 3.3)."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resnet_studio.data.feed.batches import Batches
from resnet_studio.data.images import ImageSet
from resnet_studio.spec.experiment import ExperimentSpec, with_values
from resnet_studio.training.arithmetic import fast_paths
from resnet_studio.training.beginning import class_weights, first_network
from resnet_studio.training.device import resolve
from resnet_studio.training.feeding import train_batches
from resnet_studio.training.heap import kept_memory
from resnet_studio.training.memory import smaller_batches, within_memory
from resnet_studio.training.misfit import refuse_misfit
from resnet_studio.training.stepping import Stepper

STEPS = 100
LOWEST, HIGHEST = 1e-6, 10.0

_DIVERGED = 4.0
"""Times the best loss so far, from which on nothing more is to be learned."""
_KEPT = 0.8
"""Share of the running mean of the loss that a step leaves in it; of five steps, roughly."""
_FALLS = 0.95
"""Share of its beginning to which the loss must fall for any advice."""
_REACH = 4
"""Points to either side that the smoothed curve takes in: unlike a running mean it does not lag behind the rate."""


@dataclass(frozen=True)
class RatePoint:
    """A step at a learning rate, and its mean loss an image before it."""

    rate: float
    loss: float


@dataclass(frozen=True)
class Advice:
    """The learning rate to take, of two digits, None where there is none; and why, in one sentence."""

    rate: float | None
    reason: str


def find_rate(experiment: ExperimentSpec, images: ImageSet, should_stop: Callable[[], bool]) -> Iterator[RatePoint]:
    """Train a network of its own while the rate rises from step to step, and yield the loss at each.

    It ends where the loss has grown to four times its best, or is not finite. No model, optimiser or random state of
    anybody else's takes part.

    Args:
        experiment: with everything resolved, see `prepare`; its own rate and schedule don't count.
        images: what `experiment.data` stands for.
        should_stop: asked before each step.

    Raises:
        StudioError: the images don't fit the network, or the memory is too small.
    """
    refuse_misfit(experiment.network, images)
    training, device = experiment.training, resolve(experiment.training.device).torch
    with kept_memory():
        stepper, batches = within_memory(lambda: _made(experiment, images, device), *smaller_batches(training))
        best, running = math.inf, 0.0
        for step in range(STEPS):
            if should_stop():
                return
            rate = LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1))
            with fast_paths(device):
                within_memory(lambda: stepper.step(step, rate, batches), *smaller_batches(training))  # noqa: B023 - called at once
            loss = stepper.update.metrics.read().mean_loss
            if not math.isfinite(loss):
                return
            yield RatePoint(rate, loss)
            running = _KEPT * running + (1 - _KEPT) * loss
            mean = running / (1 - _KEPT ** (step + 1))
            best = min(best, mean)
            if mean > _DIVERGED * best:
                return


def smoothed(losses: Sequence[float]) -> NDArray[np.float64]:
    """Return each loss as a mean of its neighbours, weighted by how near they are, (n,)."""
    values, weights = np.asarray(losses, dtype=np.float64), np.arange(1, _REACH + 2)
    kernel = np.concatenate([weights, weights[-2::-1]]).astype(np.float64)
    shares = np.convolve(np.ones_like(values), kernel)
    whole = np.convolve(values, kernel) / shares
    middle: NDArray[np.float64] = whole[_REACH : _REACH + len(values)]
    return middle


def advise(points: Sequence[RatePoint]) -> Advice:
    """Return the learning rate that a curve speaks for.

    It is where the smoothed loss falls most steeply against the logarithm of the rate, but no more than a tenth of the
    rate at which it diverges: is above its beginning again, or ends.
    """
    if len(points) <= 2 * _REACH:
        return Advice(None, f"The loss is not finite after {len(points)} steps, too few to say anything.")
    curve, rates = smoothed([point.loss for point in points]), np.array([point.rate for point in points])
    lowest = int(curve.argmin())
    if curve[lowest] > _FALLS * curve[0]:
        return Advice(None, f"The loss does not fall at any rate up to {rates[-1]:.2g}.")
    steepest = float(rates[int(np.gradient(curve[: lowest + 1], np.log(rates[: lowest + 1])).argmin())])
    above = np.flatnonzero(curve[lowest:] > curve[0])
    diverged = float(rates[lowest + above[0]]) if len(above) else float(rates[-1]) if len(points) < STEPS else None
    if diverged is not None and steepest > diverged / 10:
        reason = f"A tenth of the rate at which the loss diverges, {diverged:.2g}; it falls fastest at {steepest:.2g}."
        return Advice(_two_digits(diverged / 10), reason)
    end = f"it diverges at {diverged:.2g}" if diverged is not None else f"it does not diverge up to {rates[-1]:.2g}"
    return Advice(_two_digits(steepest), f"The loss falls fastest there; {end}.")


def _made(
    experiment: ExperimentSpec, images: ImageSet, device: torch.device
) -> tuple[Stepper, Iterator[tuple[Tensor, Tensor]]]:
    # of a hundred steps each of which is read, none is worth to be compiled
    experiment = with_values(experiment, {"training.compile": "off"})
    training = experiment.training
    weights = class_weights(experiment, images, device)
    stepper = Stepper(first_network(experiment, device), experiment, training.accumulate, weights)
    return stepper, _endless(train_batches(images, experiment, device), training.batch_size)


def _endless(batches: Batches, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the batches of one epoch after the other."""
    for epoch in itertools.count():
        yield from batches.epoch(epoch, batch_size)


def _two_digits(rate: float) -> float:
    return float(f"{rate:.2g}")
