"""TrivialAugment and RandAugment: torchvision's tables, each image its own operation."""

import numpy as np
import pytest
import torch
from torchvision.transforms.v2 import InterpolationMode, RandAugment, TrivialAugmentWide

from resnet_studio.data.draws import Draws, Purpose, Reals
from resnet_studio.data.feed.augment_policy import COLUMNS, OPERATIONS, changed, rand_draw, trivial_draw

NAMES = {
    "Identity": "identity",
    "ShearX": "shear_x",
    "ShearY": "shear_y",
    "TranslateX": "translate_x",
    "TranslateY": "translate_y",
    "Rotate": "rotate",
    "Brightness": "brightness",
    "Color": "saturation",
    "Contrast": "contrast",
    "Sharpness": "sharpness",
    "Posterize": "posterize",
    "Solarize": "solarize",
    "AutoContrast": "autocontrast",
    "Equalize": "equalize",
}
SIZE = (40, 48)
BINS = 31
DRAWS = Draws(np.arange(20_000), 0, 0)
MOST_APART = 0.03
"""Share of the values that may be one apart from torchvision's, where a product ends in another digit and is cut."""


def image(channels: int) -> torch.Tensor:
    random = torch.Generator().manual_seed(channels)
    return torch.randint(0, 256, (channels, *SIZE), generator=random, dtype=torch.uint8)


def drawn_at(policy: type, number: int, place: int, sign: int) -> Reals:
    """Return what is drawn for the first sample that gets an operation, at a place of the table, with a sign."""
    if policy is RandAugment:
        kinds, signs = DRAWS.below(14, Purpose.RAND_KIND, 0), DRAWS.uniform(Purpose.RAND_SIGN, 0)
        places = np.full(len(kinds), place)
        drawn = rand_draw(DRAWS, place, 0, SIZE)
    else:
        kinds, signs = DRAWS.below(14, Purpose.TRIVIAL_KIND), DRAWS.uniform(Purpose.TRIVIAL_SIGN)
        places = DRAWS.below(BINS, Purpose.TRIVIAL_AMOUNT)
        drawn = trivial_draw(DRAWS, 1.0, SIZE)
    found = (kinds == number) & (places == place) & ((signs < 0.5) == (sign < 0))
    return drawn[[np.flatnonzero(found)[0]]]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("policy", [TrivialAugmentWide, RandAugment])
@pytest.mark.parametrize("name", list(NAMES))
def test_an_operation_at_a_magnitude_is_torchvisions(name: str, policy: type, channels: int) -> None:
    theirs = policy(interpolation=InterpolationMode.BILINEAR)
    magnitudes, signed = theirs._AUGMENTATION_SPACE[name]
    table = magnitudes(BINS, *SIZE)
    number = OPERATIONS.index(NAMES[name])
    for place in (0, 1, 9, 17, 30):
        for sign in (-1, 1):
            drawn = drawn_at(policy, number, place, sign)
            assert drawn[0, 0] == number
            magnitude = 0.0 if table is None else float(table[place]) * (sign if signed else 1)
            picture = image(channels)
            expected = theirs._apply_image_or_video_transform(
                picture, name, magnitude, InterpolationMode.BILINEAR, theirs._fill
            )
            mine = changed(picture[None].float(), torch.from_numpy(drawn).float(), np.array([number]))[0]
            apart = (mine - expected.float()).abs()
            assert apart.max() <= 1, (name, place, sign)
            assert (apart > 0).float().mean() <= MOST_APART, (name, place, sign)


def test_each_image_of_a_batch_gets_its_own() -> None:
    pictures = torch.stack([image(3)] * 200).float()
    drawn = trivial_draw(Draws(np.arange(200), 0, 0), 1.0, SIZE)
    numbers = drawn[:, 0].astype(np.int64)
    assert len(np.unique(numbers)) == len(OPERATIONS)
    columns = torch.from_numpy(drawn).float()
    together = changed(pictures, columns, numbers)
    for place in range(0, 200, 7):
        one = slice(place, place + 1)
        assert torch.equal(together[one], changed(pictures[one], columns[one], numbers[one]))


def test_operations_and_signs_are_even() -> None:
    count = 28_000
    draws = Draws(np.arange(count), 0, 0)
    for drawn in (trivial_draw(draws, 1.0, SIZE), rand_draw(draws, 9.0, 0, SIZE), rand_draw(draws, 9.0, 1, SIZE)):
        assert drawn.shape == (count, COLUMNS)
        assert np.bincount(drawn[:, 0].astype(int)) == pytest.approx(count / 14, rel=0.1)
        factors = drawn[drawn[:, 0] == OPERATIONS.index("brightness"), 1]
        assert (factors > 1).mean() == pytest.approx(0.5, abs=0.05)
    first, second = (rand_draw(draws, 9.0, place, SIZE)[:, 0] for place in (0, 1))
    assert (first == second).mean() == pytest.approx(1 / 14, abs=0.01)


def test_the_strength_is_a_share_of_the_wide_magnitudes() -> None:
    draws = Draws(np.arange(5000), 0, 0)
    whole, half = (trivial_draw(draws, strength, SIZE) for strength in (1.0, 0.5))
    bright = whole[:, 0] == OPERATIONS.index("brightness")
    assert whole[bright, 1] - 1 == pytest.approx((half[bright, 1] - 1) * 2)
    assert np.abs(whole[bright, 1] - 1).max() == pytest.approx(0.99)


def test_a_small_image_is_shifted_by_its_side_at_most() -> None:
    drawn = trivial_draw(Draws(np.arange(5000), 0, 0), 1.0, (8, 12))
    for name, column, side in (("translate_x", 4, 12), ("translate_y", 7, 8)):
        assert np.abs(drawn[drawn[:, 0] == OPERATIONS.index(name), column]).max() == side
