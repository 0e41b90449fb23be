"""Small sources of images, made on the spot, and all that can happen to them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resnet_studio.spec.data import AugmentSpec

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


@pytest.fixture(scope="session")
def everything() -> AugmentSpec:
    """All random changes, in a strength that small images bear."""
    return AugmentSpec(
        pad_crop=1,
        horizontal_flip=0.5,
        random_resized_crop=0.5,
        rotation=20.0,
        translation=0.1,
        zoom=0.1,
        shear=5.0,
        color_jitter=0.4,
        hue=0.1,
        random_erasing=0.5,
        cutout=5,
        trivial_augment=1.0,
        rand_augment=9.0,
        rand_augment_ops=2,
        mixup=0.4,
        cutmix=1.0,
    )
