"""The flowers: photographs with a split of their own, in torchvision's layout."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat
from torchvision import datasets

from resnet_studio.data.catalogue.checksum import require_sound
from resnet_studio.data.catalogue.remote import REMOTES
from resnet_studio.data.checks.check import check
from resnet_studio.data.load import load
from resnet_studio.data.sources.flowers import flowers102
from resnet_studio.data.watch import Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

LABELS = np.arange(1, 103).repeat(3)
"""Class of each photograph from 1: three of each class."""
SPLITS = {"trnid": np.arange(306, 0, -3), "valid": np.arange(2, 306, 3), "tstid": np.arange(1, 306, 3)}


@pytest.fixture(scope="session")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with small photographs in torchvision's layout."""
    root = tmp_path_factory.mktemp("garden")
    folder = root / "flowers-102"
    (folder / "jpg").mkdir(parents=True)
    savemat(folder / "imagelabels.mat", {"labels": LABELS[np.newaxis]})
    savemat(folder / "setid.mat", {name: ids[np.newaxis] for name, ids in SPLITS.items()})
    for number in range(1, len(LABELS) + 1):
        colour = (number % 250, 255 - number % 250, 90)
        Image.new("RGB", (20 + number % 5, 16), colour).save(folder / "jpg" / f"image_{number:05d}.jpg")
    return root


@pytest.fixture
def root(garden: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, with the checksums that torchvision and the studio expect."""
    sums = {
        name: hashlib.md5((garden / "flowers-102" / name).read_bytes(), usedforsecurity=False).hexdigest()
        for name in ("imagelabels.mat", "setid.mat")
    }
    images, labels, setid = REMOTES["flowers102"]
    files = [replace(one, gives={f"flowers-102/{one.file}": sums[one.file]}) for one in (labels, setid)]
    monkeypatch.setitem(REMOTES, "flowers102", (images, *files))
    known = {key: (name, sums.get(name, md5)) for key, (name, md5) in datasets.Flowers102._file_dict.items()}
    monkeypatch.setattr(datasets.Flowers102, "_file_dict", known)
    return garden


def test_parts_labels_and_files_are_torchvisions(root: Path) -> None:
    source = flowers102(root, Watch())
    for part, split in (("train", "train"), ("validation", "val"), ("test", "test")):
        theirs = datasets.Flowers102(root, split)
        ours = source.parts[part]
        assert [ours.root / name for name in ours.names] == theirs._image_files
        assert ours.labels.tolist() == theirs._labels
    assert source.class_names == tuple(datasets.Flowers102.classes)
    assert (source.size, source.channels, source.horizontal_flip) == (None, 3, 0.5)


def test_they_are_decoded_into_the_store_as_a_folders_images_are(root: Path) -> None:
    told: list[str] = []
    spec = DataSpec(source="flowers102", root=str(root))
    with pytest.raises(StudioError, match=r"Oxford 102 flowers differ in size; set data\.image_size"):
        load(spec)
    images = load(spec, default_size=(12, 16), progress=lambda one: told.append(one.what))
    assert (images.train.images.shape, images.spec.image_size) == ((102, 12, 16, 3), (12, 16))
    assert isinstance(images.train.images, np.memmap)
    assert images.train.names[0] == "image_00306.jpg"
    assert np.abs(images.train.images[0].astype(int) - (56, 199, 90)).max() < 4
    assert (len(images.validation), len(images.test), images.num_classes) == (102, 102, 102)
    assert "Decoding Oxford 102 flowers" in told
    told.clear()
    again = load(images.spec, progress=lambda one: told.append(one.what))
    assert (again.fingerprint, told) == (images.fingerprint, [])


def test_a_changed_photograph_is_seen(root: Path, tmp_path: Path) -> None:
    first = flowers102(root, Watch()).identity
    assert flowers102(root, Watch()).identity == first
    path = root / "flowers-102" / "jpg" / "image_00001.jpg"
    content = path.read_bytes()
    try:
        path.write_bytes(content + b"\0")
        assert flowers102(root, Watch()).identity != first
    finally:
        path.write_bytes(content)


def test_missing_photographs_are_named(root: Path) -> None:
    path = root / "flowers-102" / "jpg" / "image_00003.jpg"
    content = path.read_bytes()
    try:
        path.unlink()
        with pytest.raises(StudioError, match=r"image_00003\.jpg missing in .*jpg; delete this folder"):
            flowers102(root, Watch())
    finally:
        path.write_bytes(content)


def test_another_list_of_labels_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, labels, setid = REMOTES["flowers102"]
    other = replace(labels, gives=dict.fromkeys(labels.gives, "0" * 32))
    monkeypatch.setitem(REMOTES, "flowers102", (images, other, setid))
    with pytest.raises(StudioError, match=r"imagelabels\.mat is damaged; delete it"):
        require_sound("flowers102", root, Watch())


def test_they_are_looked_through_as_a_folders_images_are(root: Path) -> None:
    first, *_, last = check(DataSpec(source="flowers102", root=str(root)))
    assert first.progress is not None
    assert (first.progress.what, first.progress.total) == ("Checking Oxford 102 flowers", 306)
    assert last.counts == dict.fromkeys(("train", "validation", "test"), (1,) * 102)
    assert sum(last.sizes.values()) == 306
    # photographs of one colour each
    assert [one.kind for one in last.findings if one.kind == "constant"] == ["constant"]
