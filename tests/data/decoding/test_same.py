"""The same picture is the same in any format, and one pixel makes another."""

from pathlib import Path

import numpy as np
from PIL import Image

from resnet_studio.data.decoding.same import same_picture


def test_equal_pixels_in_any_format_are_the_same_picture(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "one.png")
    Image.fromarray(noise).save(tmp_path / "one.bmp")
    (tmp_path / "copy.jpg").write_bytes((tmp_path / "one.png").read_bytes())
    noise[150, 100, 0] ^= 1
    Image.fromarray(noise).save(tmp_path / "other.png")
    assert same_picture(tmp_path, "one.png", "copy.jpg")
    assert same_picture(tmp_path, "one.png", "one.bmp")
    assert not same_picture(tmp_path, "one.png", "other.png")
    assert not same_picture(tmp_path, "one.png", "gone.png")
    (tmp_path / "other.png").write_text("no image any more")
    assert not same_picture(tmp_path, "one.png", "other.png")
