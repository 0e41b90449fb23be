"""Small sources of images, made on the spot."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FolderMaker = Callable[..., Path]


@pytest.fixture
def make_folder(tmp_path: Path) -> FolderMaker:
    """Make a folder of images: `make_folder({"train/cat": 3, "train/dog": 2})`, each with noise of its own."""

    def make(
        counts: dict[str, int],
        *,
        name: str = "pets",
        sides: tuple[int, ...] = (12,),
        mode: str = "RGB",
        ending: str = "png",
    ) -> Path:
        root = tmp_path / name
        random = np.random.default_rng(0)
        for folder, count in counts.items():
            (root / folder).mkdir(parents=True)
            for number in range(count):
                side = sides[number % len(sides)]
                shape = (side, side + 4) if mode == "L" else (side, side + 4, 3)
                image = Image.fromarray(random.integers(0, 256, shape, dtype=np.uint8))
                image.save(root / folder / f"{number:02}.{ending}")
        return root

    return make
