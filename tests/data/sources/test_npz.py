"""An .npz file in MedMNIST's layout."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet_studio.data import memory
from resnet_studio.data.sources.npz import npz
from resnet_studio.spec.errors import StudioError


def arrays(count: int = 6, *, colours: bool = True) -> dict[str, Any]:
    shape = (count, 9, 7, 3) if colours else (count, 9, 7)
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    return {"train_images": images, "train_labels": np.arange(count).reshape(count, 1) % 3}


def written(path: Path, **changes: Any) -> Path:
    content = {name: array for name, array in (arrays() | changes).items() if array is not None}
    np.savez(path / "set.npz", **content)
    return path / "set.npz"


def test_colour_images_with_all_parts(tmp_path: Path) -> None:
    more = {f"{part}_{what}": arrays(3)[f"train_{what}"] for part in ("val", "test") for what in ("images", "labels")}
    source = npz(written(tmp_path, **more))
    assert list(source.parts) == ["train", "validation", "test"]
    assert (source.title, source.size, source.channels) == ("set", (9, 7), 3)
    assert source.class_names == ("0", "1", "2")
    assert source.parts["train"].labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert source.parts["train"].labels.dtype == np.int64
    assert source.horizontal_flip == 0.5


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.dtype(">i2")])
@pytest.mark.parametrize("flat", [True, False])
def test_labels_may_be_any_whole_numbers(tmp_path: Path, dtype: Any, *, flat: bool) -> None:
    labels = np.array([0, 1, 2, 2, 1, 200], dtype)
    labels[5] = 0
    source = npz(written(tmp_path, train_labels=labels if flat else labels.reshape(6, 1)))
    found = source.parts["train"].labels
    assert found.tolist() == [0, 1, 2, 2, 1, 0]
    assert found.dtype == np.dtype(np.int64)


def test_images_with_one_channel_are_grey(tmp_path: Path) -> None:
    source = npz(written(tmp_path, train_images=np.zeros((6, 5, 4, 1), np.uint8)))
    assert (source.size, source.channels) == ((5, 4), 1)


def test_grey_images_get_their_channel_and_are_not_mirrored(tmp_path: Path) -> None:
    source = npz(written(tmp_path, **arrays(colours=False)))
    array = source.parts["train"].array
    assert array is not None
    assert array.shape == (6, 9, 7, 1)
    assert (source.channels, source.horizontal_flip) == (1, 0.0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"train_images": None}, "has no train_images; an .npz file needs train_images and train_labels"),
        ({"train_labels": None}, "has train_images but no train_labels"),
        ({"train_images": np.zeros((6, 4, 4))}, "train_images is float64, not uint8"),
        ({"train_images": np.array([{}] * 6)}, "can't be read: Object arrays cannot be loaded"),
        ({"train_images": np.zeros((6, 4, 4, 4), np.uint8)}, r"train_images has the shape \(6, 4, 4, 4\), not"),
        ({"train_images": np.zeros((0, 4, 4), np.uint8)}, r"train_images has the shape \(0, 4, 4, 1\), not"),
        ({"train_labels": np.zeros(5, int)}, "has 6 train_images but 5 train_labels"),
        ({"train_labels": np.zeros(6)}, "train_labels is float64, not whole numbers"),
        ({"train_labels": np.zeros((6, 14), int)}, r"train_labels has the shape \(6, 14\), not one class an image"),
        ({"train_labels": np.array([0, 1, -1, 0, 1, 0])}, "train_labels has the class -1; classes are counted from 0"),
        ({"train_labels": np.array([0, 1, 10**9, 0, 1, 0])}, "has the class 1000000000 but only 6 images"),
        ({"train_labels": np.zeros(6, int)}, "has one class only"),
        (
            {"test_images": np.zeros((2, 9, 7, 3), np.uint8), "test_labels": np.array([0, 5])},
            "the test images have the class 5, which no training image has",
        ),
        (
            {"test_images": np.zeros((2, 8, 7, 3), np.uint8), "test_labels": np.array([0, 1])},
            "different shapes, 8x7x3 and 9x7x3",
        ),
    ],
)
def test_a_wrong_array_is_named(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(StudioError, match=sentence) as caught:
        npz(path)
    assert str(path) in str(caught.value)


def test_what_is_no_such_file_is_told(tmp_path: Path) -> None:
    whole = written(tmp_path).read_bytes()
    broken = bytearray(whole)
    broken[300] ^= 1
    # as if behind a password
    locked = bytearray(whole)
    for start, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = -1
        while (place := locked.find(start, place + 1)) >= 0:
            locked[place + flags] |= 1
    for content in (b"", b"no archive", whole[: len(whole) // 2], bytes(broken), bytes(locked)):
        path = tmp_path / "broken.npz"
        path.write_bytes(content)
        with pytest.raises(StudioError, match=r"broken\.npz is no \.npz file, or it is damaged"):
            npz(path)


def test_too_much_for_the_memory_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_memory", lambda: 1000)
    with pytest.raises(StudioError, match=r"^The arrays in .*set\.npz need .* of memory, and .* are free"):
        npz(written(tmp_path))
