"""Affine maps are torchvision's, each image its own."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2.functional import affine, rotate

from resnet_studio.data.draws import Draws
from resnet_studio.data.feed.augment_affine import Affine, affine_draw, warped

MOST_APART = 0.002
"""Share of the values that may be one apart from torchvision's, where a place ends in another digit."""
IMAGES = torch.randint(0, 256, (4, 3, 14, 19), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
MAPS: list[dict[str, Any]] = [
    {"angle": 0.0, "translate": [0, 0], "scale": 1.0, "shear": [0.0, 0.0]},
    {"angle": 25.0, "translate": [3, -5], "scale": 0.8, "shear": [10.0, 0.0]},
    {"angle": -70.0, "translate": [0, 4], "scale": 1.3, "shear": [-15.0, 8.0]},
    {"angle": 0.0, "translate": [-2, 1], "scale": 1.0, "shear": [0.0, 20.0]},
]


def of(sources: np.ndarray[Any, Any]) -> Tensor:
    return torch.from_numpy(sources).float()


def is_torchvisions(mine: Tensor, theirs: Tensor) -> bool:
    apart = (mine - theirs.float()).abs()
    return bool(mine.frac().abs().max() == 0 and apart.max() <= 1 and (apart > 0).float().mean() <= MOST_APART)


@pytest.mark.parametrize("centre", [None, [0.0, 0.0]])
@pytest.mark.parametrize("channels", [1, 3])
def test_each_image_gets_what_torchvision_gives_it_alone(channels: int, centre: list[float] | None) -> None:
    columns = np.array([[each["angle"], *each["translate"], each["scale"], *each["shear"]] for each in MAPS]).T
    middle = (0.0, 0.0) if centre is None else (-19 / 2, -14 / 2)
    outcome = warped(IMAGES[:, :channels].float(), of(Affine(*columns).sources(4, middle)))
    for mine, image, wanted in zip(outcome, IMAGES[:, :channels], MAPS, strict=True):
        expected = affine(image, **wanted, interpolation=InterpolationMode.BILINEAR, center=centre)
        assert is_torchvisions(mine, expected), wanted


@pytest.mark.parametrize("angle", [-120.0, -7.5, 0.0, 45.0, 90.0])
def test_a_rotation_is_torchvisions_the_other_way_round(angle: float) -> None:
    outcome = warped(IMAGES.float(), of(Affine(angle=-angle).sources(4)))
    assert is_torchvisions(outcome, rotate(IMAGES, angle, interpolation=InterpolationMode.BILINEAR))


def test_parameters_are_even_to_both_sides() -> None:
    count = 20_000
    draws = Draws(np.arange(count), 0, 0)
    (a, b, _, c, d, _), height, width = (
        affine_draw(draws, angle=30, shift=0, zoom=0, shear=0, size=(8, 8)).T,
        10,
        20,
    )
    angles = np.rad2deg(np.arctan2(b, a))
    assert np.allclose(a * d - b * c, 1)
    assert np.histogram(angles, 6, (-30, 30))[0] == pytest.approx(count / 6, rel=0.1)
    shifted = affine_draw(draws, angle=0, shift=0.2, zoom=0, shear=0, size=(height, width))
    assert set(np.unique(shifted[:, 2])) == set(range(-4, 5))
    assert set(np.unique(shifted[:, 5])) == {-2, -1, 0, 1, 2}
    zoomed = affine_draw(draws, angle=0, shift=0, zoom=0.5, shear=0, size=(8, 8))
    assert np.histogram(1 / zoomed[:, 0], 5, (0.5, 1.5))[0] == pytest.approx(count / 5, rel=0.1)
    sheared = affine_draw(draws, angle=0, shift=0, zoom=0, shear=20, size=(8, 8))
    leaning = np.rad2deg(np.arctan(sheared[:, 1]))
    assert np.histogram(leaning, 5, (-20, 20))[0] == pytest.approx(count / 5, rel=0.1)
    assert np.allclose(sheared[:, [0, 3, 4]], [1, 0, 1])
