"""MNIST and its kin from torchvision's own files."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from torchvision import datasets

from resnet_studio.data.images import Images
from resnet_studio.data.sources.torchvision_files import idx_files, read_idx
from resnet_studio.spec.errors import StudioError

FILES = {
    "train-images-idx3-ubyte": (20, 28, 28),
    "train-labels-idx1-ubyte": (20,),
    "t10k-images-idx3-ubyte": (10, 28, 28),
    "t10k-labels-idx1-ubyte": (10,),
}


def values(name: str) -> Images:
    highest = 10 if "labels" in name else 256
    return np.random.default_rng(len(name)).integers(0, highest, FILES[name], dtype=np.uint8)


def idx(array: Images) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with MNIST's files, small ones."""
    folder = tmp_path / "root" / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(idx(values(name)))
    return tmp_path / "root"


def test_the_files_are_read_as_torchvision_reads_them(root: Path) -> None:
    source = idx_files("mnist", root)
    for part, train in (("train", True), ("test", False)):
        theirs = datasets.MNIST(root, train=train)
        array = source.parts[part].array
        assert array is not None
        assert np.array_equal(array[..., 0], theirs.data.numpy())
        assert source.parts[part].labels.tolist() == theirs.targets.tolist()


def test_compressed_files_do_too(root: Path) -> None:
    for path in (root / "MNIST" / "raw").iterdir():
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    array = idx_files("mnist", root).parts["test"].array
    assert array is not None
    assert np.array_equal(array[..., 0], values("t10k-images-idx3-ubyte"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("train-images-idx3-ubyte", b""),
        ("train-images-idx3-ubyte", idx(np.zeros((2, 28, 28), np.uint8))[:-1]),
        ("train-images-idx3-ubyte", idx(np.zeros((20, 27, 28), np.uint8))),
        ("train-images-idx3-ubyte", b"\0\0\x0d" + idx(np.zeros((20, 28, 28), np.uint8))[3:]),
        ("t10k-images-idx3-ubyte", idx(np.zeros((0, 28, 28), np.uint8))),
        ("t10k-labels-idx1-ubyte", idx(np.zeros(9, np.uint8))),
        ("t10k-labels-idx1-ubyte", idx(np.full(10, 10, np.uint8))),
    ],
)
def test_a_damaged_file_is_named(root: Path, name: str, content: bytes) -> None:
    (root / "MNIST" / "raw" / name).write_bytes(content)
    with pytest.raises(StudioError, match=f"{name} is damaged; delete it"):
        idx_files("mnist", root)


def test_a_damaged_compressed_file_is_named(tmp_path: Path) -> None:
    packed = gzip.compress(idx(values("t10k-images-idx3-ubyte")))
    for number, content in enumerate((packed[:-20], packed[20:], packed[:40] + b"\xff" * 40 + packed[80:])):
        path = tmp_path / f"{number}.gz"
        path.write_bytes(content)
        with pytest.raises(StudioError, match=f"{number}.gz is damaged"):
            read_idx(path)


def test_the_real_fashion_mnist(data_root: Path) -> None:
    source = idx_files("fashion-mnist", data_root / "fashion-mnist")
    assert {name: len(part.labels) for name, part in source.parts.items()} == {"train": 60_000, "test": 10_000}
    assert np.bincount(source.parts["train"].labels).tolist() == [6000] * 10
    assert source.class_names[9] == "Ankle boot"
