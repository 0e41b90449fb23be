"""The learning rate as a pure function of the step."""

import math

from resnet_studio.spec.training import TrainingSpec

ONE_CYCLE_RISE = 0.15
"""Share of all steps in which one_cycle rises where `warmup_epochs` doesn't say.

Half of torch's `OneCycleLR`: what a short run has left to fall teaches it more than the rise does.
"""
ONE_CYCLE_START = 1 / 25
"""Where one_cycle starts, as a share of the peak; torch's OneCycleLR has the same."""


def rate_at(training: TrainingSpec, step: int, steps_per_epoch: int) -> float:
    """Return the learning rate of a step.

    All schedules but one_cycle begin with a linear rise over `warmup_epochs`, from the first step's share of it to
    `learning_rate` (Goyal et al. 2017); cosine then falls from there to zero at the end (Loshchilov and Hutter 2016),
    step and multi_step count their epochs from the beginning of training.

    Args:
        training: schedule, learning rate, warm-up, milestones, gamma and epochs.
        step: number of the step, from 0.
        steps_per_epoch: steps in an epoch.
    """
    total = training.epochs * steps_per_epoch
    warmup = round(training.warmup_epochs * steps_per_epoch)
    if training.schedule == "one_cycle":
        return training.learning_rate * _one_cycle(step, total, min(warmup, total) or round(ONE_CYCLE_RISE * total))
    if step < warmup:
        return training.learning_rate * (step + 1) / warmup
    return training.learning_rate * _share(training, step, steps_per_epoch, warmup, total)


def _share(training: TrainingSpec, step: int, steps_per_epoch: int, warmup: int, total: int) -> float:
    """Return the learning rate after the warm-up as a share of the whole."""
    match training.schedule:
        case "cosine":
            return (1 + math.cos(math.pi * (step - warmup) / max(1, total - warmup))) / 2
        case "step" if training.milestones:
            return training.gamma ** (step // max(1, round(training.milestones[0] * steps_per_epoch)))
        case "multi_step":
            passed = sum(step >= round(epoch * steps_per_epoch) for epoch in training.milestones)
            return training.gamma**passed
        case _:
            return 1.0


def _one_cycle(step: int, total: int, rise: int) -> float:
    """Return a linear rise to 1 and a linear fall that would reach zero one step after the last."""
    if step < rise:
        return ONE_CYCLE_START + (1 - ONE_CYCLE_START) * step / rise
    return (total - step) / max(1, total - rise)
