"""The photographs that a benchmark makes up."""

from pathlib import Path

import numpy as np
from PIL import Image

from resnet_studio.bench.photographs import CLASSES, write_photographs


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.jpg"))


def test_they_are_of_all_classes_and_of_the_size_of_photographs(tmp_path: Path) -> None:
    write_photographs(tmp_path / "made", 2 * CLASSES)
    made = files(tmp_path / "made")
    assert len(made) == 2 * CLASSES
    assert len({path.parent for path in made}) == CLASSES
    for path in made:
        with Image.open(path) as picture:
            assert picture.format == "JPEG"
            assert sorted(picture.size) == [400, 533]
            # photographs have a tenth to a third of a byte a pixel; flat colours would have a fiftieth, noise a whole
            assert 0.1 < path.stat().st_size / (400 * 533) < 0.4
            assert np.asarray(picture).std() > 20


def test_they_are_the_same_each_time_and_differ_from_each_other(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_photographs(tmp_path / name, CLASSES)
    first, second = ([path.read_bytes() for path in files(tmp_path / name)] for name in ("first", "second"))
    assert first == second
    assert len(set(first)) == CLASSES
