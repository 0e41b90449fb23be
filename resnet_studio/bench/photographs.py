"""Made-up photographs that cost as much to decode as real ones: noise of every scale, shapes with edges, fine grain."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

CLASSES = 10
SIZES = ((533, 400), (400, 533))
"""Width and height, in turn: 400 pixels along the shorter side."""
QUALITY = 90
_FIELDS, _FIELD = 6, 700
_SCALES = (2, 4, 9, 20, 44, 100, 220)
"""Waves of the noise along a field; the amplitude falls with the frequency, as in pictures of the world."""
_SHAPES, _GRAIN = 8, 3.0


def write_photographs(folder: Path, count: int) -> None:
    """Write `count` JPEG files in folders of `CLASSES` classes, the same ones each time.

    Args:
        folder: is made.
        count: of photographs; as many of each class where it can be divided.
    """
    fields = [_field(np.random.default_rng(number)) for number in range(_FIELDS)]
    for number in range(CLASSES):
        (folder / f"class{number}").mkdir(parents=True)

    def write(number: int) -> None:
        path = folder / f"class{number % CLASSES}" / f"{number:05}.jpg"
        _photograph(number, fields).save(path, quality=QUALITY)

    with ThreadPoolExecutor() as threads:
        list(threads.map(write, range(count)))


def _field(random: np.random.Generator) -> NDArray[np.float32]:
    """Return grey values about 0, (`_FIELD`, `_FIELD`): smooth noise of every scale, added up."""
    total = np.zeros((_FIELD, _FIELD), np.float32)
    for waves in _SCALES:
        coarse = Image.fromarray(random.standard_normal((waves, waves), np.float32))
        total += np.asarray(coarse.resize((_FIELD, _FIELD), Image.Resampling.BICUBIC)) * (60 / waves**0.6)
    return total


def _photograph(number: int, fields: Sequence[NDArray[np.float32]]) -> Image.Image:
    random = np.random.default_rng((1, number))
    width, height = SIZES[number % len(SIZES)]
    colours = random.integers(0, 256, (_SHAPES + 1, 3))
    picture = Image.new("RGB", (width, height), tuple(colours[0].tolist()))
    draw = ImageDraw.Draw(picture)
    for place, colour in enumerate(colours[1:].tolist()):
        # first and last along each side
        left, right = np.sort(random.integers(0, width, 2)).tolist()
        top, bottom = np.sort(random.integers(0, height, 2)).tolist()
        shape = draw.ellipse if place % 2 else draw.rectangle
        shape((left, top, right, bottom), fill=tuple(colour))
    pixels = np.asarray(picture, np.float32) + random.standard_normal((height, width, 1), np.float32) * _GRAIN
    # what shades an object shades all its colours; a second, weaker field is its own for each
    pixels += _cut(fields, random, width, height)[:, :, None]
    for channel in range(3):
        pixels[:, :, channel] += _cut(fields, random, width, height) * 0.2
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _cut(
    fields: Sequence[NDArray[np.float32]], random: np.random.Generator, width: int, height: int
) -> NDArray[np.float32]:
    place, top, left = random.integers((len(fields), _FIELD - height, _FIELD - width)).tolist()
    field: NDArray[np.float32] = fields[place]
    return field[top : top + height, left : left + width]
