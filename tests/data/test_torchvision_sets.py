"""CIFAR, SVHN and STL-10 by way of torchvision, from small files of the same make."""

import hashlib
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
from torchvision import datasets

from resnet_studio.data.torchvision_sets import torchvision_set
from resnet_studio.spec.errors import StudioError


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


@pytest.fixture
def cifar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    values = np.arange(4 * 3072, dtype=np.uint32).astype(np.uint8).reshape(4, 3072)
    contents = {
        "train": {"data": values, "labels": [3, 1, 4, 1]},
        "test": {"data": values[:2], "labels": [5, 9]},
        "meta": {"label_names": [f"class {number}" for number in range(10)]},
    }
    for name, content in contents.items():
        (folder / name).write_bytes(pickle.dumps(content))
    monkeypatch.setattr(datasets.CIFAR10, "train_list", [["train", md5(folder / "train")]])
    monkeypatch.setattr(datasets.CIFAR10, "test_list", [["test", md5(folder / "test")]])
    meta = {"filename": "meta", "key": "label_names", "md5": md5(folder / "meta")}
    monkeypatch.setattr(datasets.CIFAR10, "meta", meta)
    return tmp_path


def test_cifar_has_its_colours_last_and_its_own_class_names(cifar: Path) -> None:
    source = torchvision_set("cifar10", cifar)
    train = source.parts["train"]
    assert train.array is not None
    assert train.array.shape == (4, 32, 32, 3)
    assert train.array[1, 2, 3].tolist() == [(3072 + plane * 1024 + 2 * 32 + 3) % 256 for plane in range(3)]
    assert train.labels.tolist() == [3, 1, 4, 1]
    assert source.parts["test"].labels.tolist() == [5, 9]
    assert source.class_names[2] == "class 2"


def test_a_file_with_another_checksum_is_refused(cifar: Path) -> None:
    with (cifar / "cifar-10-batches-py" / "train").open("ab") as file:
        file.write(b"!")
    with pytest.raises(StudioError, match=r"CIFAR-10 is not in .*, or its files are damaged; download it there with"):
        torchvision_set("cifar10", cifar)


def test_stl10_is_turned_the_right_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "stl10_binary"
    folder.mkdir()
    # column by column, as the files have it
    stored = np.random.default_rng(0).integers(0, 256, (2, 3, 96, 96), dtype=np.uint8)
    stored.tofile(folder / "x.bin")
    np.array([1, 10], np.uint8).tofile(folder / "y.bin")
    files = [[name, md5(folder / name)] for name in ("x.bin", "y.bin")]
    monkeypatch.setattr(datasets.STL10, "train_list", files)
    monkeypatch.setattr(datasets.STL10, "test_list", files)
    source = torchvision_set("stl10", tmp_path)
    train = source.parts["train"]
    assert train.array is not None
    assert np.array_equal(train.array, stored.transpose(0, 3, 2, 1))
    assert train.labels.tolist() == [0, 9]
    assert source.class_names[9] == "truck"


@pytest.mark.parametrize("name", ["cifar10", "cifar100", "svhn", "stl10"])
def test_files_that_are_not_there_are_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError, match=rf"is not in {tmp_path}, .* let data\.root name the folder that has it\.$"):
        torchvision_set(name, tmp_path)


def test_svhn_without_scipy_says_what_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "train_32x32.mat"
    path.write_bytes(b"matlab")
    monkeypatch.setattr(datasets.SVHN, "split_list", {"train": ["", path.name, md5(path)]})
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    with pytest.raises(StudioError, match=r"can't be read without scipy; pip install scipy brings it"):
        torchvision_set("svhn", tmp_path)
