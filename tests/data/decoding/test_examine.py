"""One reading of a file gives its pixels and what the checks want to know of it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resnet_studio.data.decoding.decode import Decoding, decoded_file
from resnet_studio.data.decoding.examine import Facts, examined, hashed_pixels, spread, spreads

SMALL = Decoding((8, 8), 3, "fill")


def test_what_can_be_used_has_pixels_and_all_have_facts(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_text("no image")
    Image.fromarray(noise).save(tmp_path / "c.bmp")
    Image.fromarray(noise[::-1]).save(tmp_path / "d.png")
    found = examined(tmp_path, ["a.png", "b.png", "c.bmp", "d.png"], SMALL)
    assert found.images.shape == (3, 8, 8, 3)
    assert np.array_equal(found.images[2], decoded_file(tmp_path / "d.png", SMALL))
    assert [facts.problem for facts in found.facts] == ["", "not_image", "", ""]
    assert [facts.format for facts in found.facts] == ["PNG", "", "BMP", "PNG"]
    assert (found.facts[0].height, found.facts[0].width, found.facts[0].mode) == (20, 30, "RGB")
    assert found.facts[0].pixels == found.facts[2].pixels != found.facts[3].pixels
    assert found.facts[0].spread == spread(found.images[0])


def test_where_nothing_can_be_used_there_are_no_pixels(tmp_path: Path) -> None:
    (tmp_path / "b.png").write_text("no image")
    assert examined(tmp_path, ["b.png"], SMALL).images.shape == (0, 8, 8, 3)


def test_facts_survive_json() -> None:
    facts = Facts(
        "", "", "PNG", "P", 4, 5, deep=True, transparent=True, turned=True, animated=True, pixels="f", spread=9
    )
    assert Facts(*json.loads(json.dumps(facts))) == facts


@pytest.mark.parametrize(("values", "expected"), [([[0, 0]], 0), ([[0, 255]], 255), ([[9, 9], [4, 9]], 5)])
def test_the_spread_is_that_of_one_channel(values: list[list[int]], expected: int) -> None:
    image = np.zeros((2, 2, 3), np.uint8)
    image[..., 1] = 200
    image[: len(values), :, 2] = values if len(values) == 2 else values[0]
    if len(values) == 1:
        image[1, :, 2] = values[0]
    assert spread(image) == expected


@pytest.mark.parametrize("shape", [(3, 5, 1), (28, 28, 3), (90, 70, 3)])
def test_the_spread_of_many_is_that_of_each(shape: tuple[int, int, int]) -> None:
    draw = np.random.default_rng(0)
    images = np.clip(draw.normal(120, 20, (7, *shape)), 0, 255).astype(np.uint8)
    pixels = images.reshape(7, -1, shape[2])[:, :: max(1, shape[0] * shape[1] // 3000)]
    specks = pixels.shape[1] // 100
    ordered = np.sort(pixels, axis=1)
    expected = (ordered[:, pixels.shape[1] - specks - 1] - ordered[:, specks]).max(axis=1)
    assert spreads(images).tolist() == expected.tolist() == [spread(image) for image in images]
    assert len(spreads(images[:0])) == 0


def test_a_few_specks_make_no_picture() -> None:
    image = np.full((100, 100, 1), 40, np.uint8)
    image[50, :80] = 255
    assert spread(image) == 0
    # more than a hundredth of it is something
    image[51:53, :] = 255
    assert spread(image) == 215


def test_the_hash_is_that_of_the_pixels() -> None:
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert hashed_pixels(image) == hashed_pixels(image.copy()[:, ::-1][:, ::-1])
    assert hashed_pixels(image) != hashed_pixels(image[::-1])
