"""The finder of a learning rate: its curve, what it advises and why, and that nothing of it is left."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from resnet_studio.training.rate_finder import HIGHEST, LOWEST, STEPS, RatePoint, advise, find_rate, smoothed

if TYPE_CHECKING:
    from tests.training.conftest import Lab

RATES = [LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1)) for step in range(STEPS)]


def curve(falls_at: float, diverges_at: float = math.inf) -> list[RatePoint]:
    """Return a curve that falls from 2.3 to 0.3 about a rate, and ends at another."""
    losses = [2.3 - 2 / (1 + (falls_at / rate) ** 2) for rate in RATES]
    return [RatePoint(rate, loss) for rate, loss in zip(RATES, losses, strict=True) if rate <= diverges_at]


def rising_again(points: list[RatePoint]) -> list[RatePoint]:
    """Return a curve that stands above its beginning from a rate of 5 on."""
    return [replace(point, loss=9.0) if point.rate > 5 else point for point in points]


def test_the_rate_rises_and_the_loss_falls_before_it_diverges(lab: "Lab") -> None:
    points = list(find_rate(lab.prepared(training__batch_size=64), lab.images, lambda: False))
    rates, losses = [point.rate for point in points], smoothed([point.loss for point in points])
    assert rates == pytest.approx(RATES[: len(points)])
    assert losses[0] == pytest.approx(math.log(10), rel=0.2)
    assert losses.min() < 0.5 * losses[0]
    advice = advise(points)
    assert advice.rate is not None
    assert 0.003 <= advice.rate <= 1


@pytest.mark.parametrize(
    ("points", "rate", "words"),
    [
        (curve(0.05), 0.05, "The loss falls fastest there; it does not diverge up to 10."),
        (curve(0.01, 2.0), 0.01, "The loss falls fastest there; it diverges at 2."),
        (curve(0.1, 0.5), 0.05, "A tenth of the rate at which the loss diverges, 0."),
        (rising_again(curve(0.01)), 0.01, "The loss falls fastest there; it diverges at 3.8."),
        (curve(1e9), None, "The loss does not fall at any rate up to 10."),
        (curve(0.1, 2e-6), None, "The loss is not finite after 5 steps, too few to say anything."),
    ],
)
def test_what_is_advised_and_why(points: list[RatePoint], rate: float | None, words: str) -> None:
    advice = advise(points)
    assert advice.reason.startswith(words)
    if rate is None:
        assert advice.rate is None
    else:
        assert advice.rate == pytest.approx(rate, rel=0.35)


def test_smoothing_does_not_lag() -> None:
    step = smoothed([1.0] * 20 + [0.0] * 20)
    assert len(step) == 40
    assert step[19] + step[20] == pytest.approx(1)
    assert np.all(np.diff(step) <= 1e-12)


@pytest.mark.parametrize("stop_at", [1, 3])
def test_it_can_be_stopped(lab: "Lab", stop_at: int) -> None:
    looks = iter(range(1, 1000))
    found = list(find_rate(lab.prepared(), lab.images, lambda: next(looks) >= stop_at))
    assert len(found) == stop_at - 1


def test_nothing_of_it_is_left(lab: "Lab", left: Any) -> None:
    untouched, state = left(lab.trained()), torch.get_rng_state()
    looks = iter(range(1000))
    list(find_rate(lab.prepared(), lab.images, lambda: next(looks) >= 5))
    assert torch.equal(torch.get_rng_state(), state)
    assert left(lab.trained()) == untouched
