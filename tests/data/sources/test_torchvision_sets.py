"""CIFAR, SVHN and STL-10 from small files of the same make, as torchvision reads them."""

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat
from torchvision import datasets

from resnet_studio.data.catalogue.remote import REMOTES
from resnet_studio.data.load import load
from resnet_studio.data.sources.torchvision_sets import torchvision_set
from resnet_studio.data.watch import Progress, Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

RANDOM = np.random.default_rng(0)


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def expected(monkeypatch: pytest.MonkeyPatch, name: str, root: Path, files: Iterable[str]) -> None:
    """Let the catalogue expect these files of a data set, with the checksums that they have."""
    sums = {file: md5(root / file) for file in files}
    monkeypatch.setitem(REMOTES, name, (replace(REMOTES[name][0], gives=sums),))


@pytest.fixture(params=["cifar10", "cifar100"])
def cifar(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """The name of one of the two, and a root with small files of it."""
    name: str = request.param
    theirs: Any = datasets.CIFAR10 if name == "cifar10" else datasets.CIFAR100
    folder = tmp_path / theirs.base_folder
    folder.mkdir()
    labels = "labels" if name == "cifar10" else "fine_labels"
    values = np.arange(4 * 3072, dtype=np.uint32).astype(np.uint8).reshape(4, 3072)
    contents = {
        "train": {"data": values, labels: [3, 1, 4, 1]},
        "test": {"data": values[:2], labels: [5, 9]},
        "meta": {theirs.meta["key"]: ["whatever"] * 10},
    }
    for file, content in contents.items():
        (folder / file).write_bytes(pickle.dumps(content))
    monkeypatch.setattr(theirs, "train_list", [["train", md5(folder / "train")]])
    monkeypatch.setattr(theirs, "test_list", [["test", md5(folder / "test")]])
    monkeypatch.setattr(theirs, "meta", {**theirs.meta, "filename": "meta", "md5": md5(folder / "meta")})
    expected(monkeypatch, name, tmp_path, [f"{theirs.base_folder}/{file}" for file in contents])
    return name, tmp_path


@pytest.fixture
def svhn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with small files of SVHN."""
    split_list, sums = {}, {}
    for part, count in (("train", 12), ("test", 3)):
        path = tmp_path / f"{part}_32x32.mat"
        labels = np.arange(1, count + 1, dtype=np.uint8).reshape(-1, 1) % 11
        images = RANDOM.integers(0, 256, (32, 32, 3, count), dtype=np.uint8)
        savemat(path, {"X": images, "y": np.maximum(labels, 1)})
        split_list[part] = ["", path.name, md5(path)]
        sums[path.name] = md5(path)
    monkeypatch.setattr(datasets.SVHN, "split_list", split_list)
    expected(monkeypatch, "svhn", tmp_path, sums)
    return tmp_path


@pytest.fixture
def stl10(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with small files of STL-10, without those that have no labels."""
    folder = tmp_path / "stl10_binary"
    folder.mkdir()
    for part, labels in (("train", [1, 10, 4]), ("test", [2, 3])):
        # column by column, as the files have it
        RANDOM.integers(0, 256, (len(labels), 3, 96, 96), dtype=np.uint8).tofile(folder / f"{part}_X.bin")
        np.array(labels, np.uint8).tofile(folder / f"{part}_y.bin")
    files = [f"{part}_{kind}.bin" for part in ("train", "test") for kind in "Xy"]
    lists = [[file, md5(folder / file)] for file in files]
    monkeypatch.setattr(datasets.STL10, "train_list", lists[:2])
    monkeypatch.setattr(datasets.STL10, "test_list", lists[2:])
    expected(monkeypatch, "stl10", tmp_path, [f"stl10_binary/{file}" for file in files])
    return tmp_path


def same(name: str, root: Path, opened: Callable[[str], Any]) -> None:
    """Require of each part the same images and labels as torchvision's."""
    source = torchvision_set(name, root, Watch())
    for part in ("train", "test"):
        theirs = opened(part)
        images = [np.asarray(image) for image, _ in theirs]
        array = source.parts[part].array
        assert array is not None
        assert array.flags.c_contiguous
        assert np.array_equal(array, images)
        assert source.parts[part].labels.tolist() == [label for _, label in theirs]


def test_cifar_is_as_torchvision_has_it(cifar: tuple[str, Path]) -> None:
    name, root = cifar
    theirs: Any = datasets.CIFAR10 if name == "cifar10" else datasets.CIFAR100
    same(name, root, lambda part: theirs(root, train=part == "train"))
    array = torchvision_set(name, root, Watch()).parts["train"].array
    assert array is not None
    assert array[1, 2, 3].tolist() == [(3072 + plane * 1024 + 2 * 32 + 3) % 256 for plane in range(3)]


def test_a_pickle_with_another_checksum_is_never_read(cifar: tuple[str, Path]) -> None:
    name, root = cifar
    torchvision_set(name, root, Watch())
    folder = root / Path(next(iter(REMOTES[name][0].gives))).parent
    changed = (folder / "train").stat()
    content = bytearray((folder / "train").read_bytes())
    content[-40] ^= 1
    (folder / "train").write_bytes(content)
    # not even where it looks the same from outside: a pickle is a program
    os.utime(folder / "train", ns=(changed.st_atime_ns, changed.st_mtime_ns))
    with pytest.raises(StudioError, match=rf"CIFAR-100? in {folder} is damaged; delete this folder"):
        torchvision_set(name, root, Watch())


def test_svhn_is_as_torchvision_has_it(svhn: Path) -> None:
    same("svhn", svhn, lambda part: datasets.SVHN(svhn, part))
    # the label of the digit 0 is 10 in the file
    assert torchvision_set("svhn", svhn, Watch()).parts["train"].labels[9] == 0


def test_stl10_is_as_torchvision_has_it(stl10: Path) -> None:
    same("stl10", stl10, lambda part: datasets.STL10(stl10, part))
    source = torchvision_set("stl10", stl10, Watch())
    assert source.parts["train"].labels.tolist() == [0, 9, 3]
    assert source.class_names[9] == "truck"


@pytest.mark.parametrize("name", ["svhn", "stl10"])
def test_checksums_are_looked_at_once(name: str, request: pytest.FixtureRequest) -> None:
    root: Path = request.getfixturevalue(name)
    told: list[Progress] = []
    torchvision_set(name, root, Watch(told.append))
    files = [Path(path) for path in REMOTES[name][0].gives]
    assert {one.what for one in told} == {f"Checking {path.name}" for path in files}
    told.clear()
    torchvision_set(name, root, Watch(told.append))
    assert told == []
    with (root / files[0]).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"!")
    with pytest.raises(StudioError, match=rf"{files[0].name} is damaged; delete it, and it is downloaded anew\.$"):
        torchvision_set(name, root, Watch())


def test_they_are_loaded_by_their_names(stl10: Path) -> None:
    images = load(DataSpec(source="stl10", root=str(stl10), validation="test"), download=False)
    assert (images.shape, images.num_classes, len(images.train), len(images.test)) == ((3, 96, 96), 10, 3, 2)
    assert (images.licence, images.citation[:6]) == ("not stated", "Coates")
