"""Colours change as torchvision's do, for images in groups and one by one."""

import inspect
from collections.abc import Callable
from functools import reduce
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import interpolate
from torchvision.transforms.v2 import functional

from resnet_studio.data.draws import Draws
from resnet_studio.data.feed import augment_colour as colour
from resnet_studio.data.feed.augment_colour import jitter_draw, jittered

MOST_APART = 0.03
"""Share of the values that may be one apart from torchvision's, where a product ends in another digit and is cut."""


def pictures(channels: int) -> Tensor:
    """Noise, a dark image of few values, a smooth one, and one with a channel of one value; uint8 (4, C, 26, 34)."""
    random = torch.Generator().manual_seed(channels)
    noise = torch.randint(0, 256, (4, channels, 26, 34), generator=random, dtype=torch.uint8)
    noise[1] = noise[1] // 8 + 30
    smooth = interpolate(torch.rand(1, channels, 3, 3, generator=random), (26, 34), mode="bilinear")
    noise[2] = (smooth[0] * 255).to(torch.uint8)
    noise[3, 0] = 9
    return noise


def is_torchvisions(mine: Tensor, theirs: Tensor) -> bool:
    apart = (mine - theirs.float()).abs()
    return bool(mine.frac().abs().max() == 0 and apart.max() <= 1 and (apart > 0).float().mean() <= MOST_APART)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("mine", "theirs", "amounts"),
    [
        (colour.brightness, functional.adjust_brightness, (0.0, 0.4, 1.0, 1.7)),
        (colour.contrast, functional.adjust_contrast, (0.0, 0.4, 1.0, 1.7)),
        (colour.saturation, functional.adjust_saturation, (0.0, 0.4, 1.0, 1.7)),
        (colour.sharpness, functional.adjust_sharpness, (0.0, 0.4, 1.0, 1.7)),
        (colour.hue, functional.adjust_hue, (-0.5, -0.1, 0.0, 0.35)),
        (colour.posterized, functional.posterize, (1, 3, 5, 8)),
        (colour.solarized, functional.solarize, (0.0, 100.5, 128.0, 255.0)),
        (colour.autocontrasted, functional.autocontrast, None),
        (colour.equalized, functional.equalize, None),
    ],
    ids=lambda each: each.__name__ if inspect.isfunction(each) else "",
)
def test_each_image_gets_what_torchvision_gives_it_alone(
    mine: Callable[..., Tensor], theirs: Callable[..., Tensor], amounts: tuple[Any, ...] | None, channels: int
) -> None:
    images = pictures(channels)
    values = () if amounts is None else (torch.tensor(amounts, dtype=torch.float32),)
    outcome = mine(images.float(), *values)
    for number, image in enumerate(images):
        expected = theirs(image) if amounts is None else theirs(image, amounts[number])
        assert is_torchvisions(outcome[number], expected), number


def test_images_too_small_to_blur_stay() -> None:
    images = pictures(3)[:, :, :2].float()
    assert torch.equal(colour.sharpness(images, torch.zeros(4)), images)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_mean_grey_of_an_image_is_exact_whatever_adds_it_up(threads: int) -> None:
    random = torch.Generator().manual_seed(0)
    half = torch.randint(0, 211, (6, 1, 900, 350), generator=random)
    images = torch.cat([half, 210 - half.flip(3).roll(7, 2)], 3).float()
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        for count in (1, 6):
            assert (colour.contrast(images[:count], torch.zeros(count)) == 105).all()
    finally:
        torch.set_num_threads(before)


def test_the_jitter_is_brightness_contrast_saturation_and_hue() -> None:
    images = pictures(3)
    drawn = torch.tensor([[0.7, 1.3, 0.5, 0.1], [1.2, 0.8, 1.5, -0.2], [1, 1, 1, 0], [0.9, 0.6, 0.0, 0.3]])
    for turns in (True, False):
        outcome = jittered(images.float(), drawn, turns=turns)
        for image, mine, (first, second, third, fourth) in zip(images, outcome, drawn.tolist(), strict=True):
            step = functional.adjust_contrast(functional.adjust_brightness(image, first), second)
            step = functional.adjust_saturation(step, third)
            expected = functional.adjust_hue(step, fourth) if turns else step
            # one apart in a step may be a few in the next
            assert (mine - expected.float()).abs().mean() < 0.05


def test_the_order_of_the_factors_matters_only_where_values_are_cut() -> None:
    images = 100 + pictures(3).float().div(255 / 60).round()
    factors = torch.tensor([[0.8, 1.2, 0.7], [1.2, 0.8, 1.3], [0.9, 1.3, 1.3], [1.1, 0.7, 0.8]])
    changes = list(zip((colour.brightness, colour.contrast, colour.saturation), factors.unbind(1), strict=True))
    outcomes = [reduce(lambda before, each: each[0](before, each[1]), order, images) for order in permutations(changes)]
    assert all((outcome - outcomes[0]).abs().max() <= 3 for outcome in outcomes)


def test_factors_are_even_about_one_and_turns_about_zero() -> None:
    drawn = jitter_draw(Draws(np.arange(20_000), 0, 0), 0.4, 0.1)
    for column, (middle, most) in zip(drawn.T, [(1, 0.4)] * 3 + [(0, 0.1)], strict=True):
        assert np.abs(column - middle).max() <= most
        assert np.histogram(column, 10, (middle - most, middle + most))[0] == pytest.approx(2000, rel=0.1)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(4)).max() < 0.03
