"""Addresses and checksums are torchvision's."""

from typing import Any

import pytest
from torchvision import datasets

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.catalogue.remote import REMOTES
from resnet_studio.data.sources.torchvision_files import FOLDERS
from resnet_studio.spec.data import CATALOGUE


def told(name: str) -> list[tuple[str, str, str]]:
    """First address, md5 and folder of each file, as the studio has them."""
    return [(remote.urls[0], remote.md5, remote.folder) for remote in REMOTES[name]]


def sums(name: str) -> dict[str, str]:
    return {path: md5 for remote in REMOTES[name] for path, md5 in remote.gives.items()}


def test_every_data_set_but_the_embedded_one_has_its_files() -> None:
    assert tuple(REMOTES) == tuple(name for name in CATALOGUE if name != "digits")
    for name, remotes in REMOTES.items():
        assert len({remote.folder for remote in remotes}) == 1, name
        for remote in remotes:
            assert remote.size > 0
            assert all(mirror.endswith("/") for mirror in remote.mirrors)
            # what isn't read as it came is unpacked, and then larger
            assert (remote.unpacked > 0) == remote.file.endswith("gz")
            assert remote.unpacked == 0 or remote.unpacked > 0.1 * remote.size


@pytest.mark.parametrize("name", FOLDERS)
def test_idx(name: str) -> None:
    theirs: Any = getattr(datasets, FOLDERS[name])
    folder = f"{FOLDERS[name]}/raw"
    assert told(name) == [(theirs.mirrors[0] + file, md5, folder) for file, md5 in theirs.resources]
    assert set(theirs.mirrors) <= set(REMOTES[name][0].mirrors)
    files = [f"{folder}/{file.removesuffix('.gz')}" for file, _ in theirs.resources]
    assert sums(name) == dict.fromkeys(files, "")
    # a header of 16 or 8 bytes, and a byte a pixel or label
    for remote in REMOTES[name]:
        count = ENTRIES[name].images["train" if remote.file.startswith("train") else "test"]
        assert remote.unpacked == (16 + 784 * count if "images" in remote.file else 8 + count)


@pytest.mark.parametrize(("name", "theirs"), [("cifar10", datasets.CIFAR10), ("cifar100", datasets.CIFAR100)])
def test_cifar(name: str, theirs: Any) -> None:
    assert told(name) == [(theirs.url, theirs.tgz_md5, "")]
    files = [*theirs.train_list, *theirs.test_list, (theirs.meta["filename"], theirs.meta["md5"])]
    assert sums(name) == {f"{theirs.base_folder}/{file}": md5 for file, md5 in files}


def test_svhn() -> None:
    files = [datasets.SVHN.split_list[part] for part in ("train", "test")]
    assert told("svhn") == [(url, md5, "") for url, _, md5 in files]
    assert sums("svhn") == {file: md5 for _, file, md5 in files}


def test_stl10_without_its_unlabelled_images() -> None:
    theirs = datasets.STL10
    assert told("stl10") == [(theirs.url, theirs.tgz_md5, "")]
    files = [*theirs.train_list[:2], *theirs.test_list]
    assert sums("stl10") == {f"stl10_binary/{file}": md5 for file, md5 in files}


def test_flowers() -> None:
    theirs = datasets.Flowers102
    files = [theirs._file_dict[key] for key in ("image", "label", "setid")]
    assert told("flowers102") == [(theirs._download_url_prefix + file, md5, "flowers-102") for file, md5 in files]
    assert sums("flowers102") == {
        "flowers-102/jpg": "",
        **{f"flowers-102/{file}": md5 for file, md5 in files[1:]},
    }
