"""What isn't there is downloaded and unpacked, into torchvision's layout, once."""

import gzip
import hashlib
import io
import pickle
import shutil
import struct
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from torchvision import datasets

from resnet_studio.data.catalogue.fetch import fetch
from resnet_studio.data.catalogue.remote import REMOTES, Remote
from resnet_studio.data.catalogue.wanted_files import missing
from resnet_studio.data.images import Images
from resnet_studio.data.load import load
from resnet_studio.data.watch import LoadingStoppedError, Progress, Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from tests.conftest import Web

IDX = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
BATCHES = tuple(Path(path).name for path in REMOTES["cifar10"][0].gives)


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def idx(name: str) -> bytes:
    """Twenty images or labels in MNIST's format."""
    shape = (20, 28, 28) if "images" in name else (20,)
    count = 20 * 784 if "images" in name else 20
    values = bytes(number % (256 if "images" in name else 10) for number in range(count))
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + values


def noise(seed: int) -> Images:
    """Four images that no compression makes small."""
    return np.random.default_rng(seed).integers(0, 256, (4, 3072), dtype=np.uint8)


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def served(web: "Web", remote: Remote, content: bytes) -> Remote:
    """Lay a file on the web; the catalogue's entry of it is returned as it then is."""
    (web.root / remote.file).write_bytes(content)
    return replace(remote, mirrors=(web.url,), md5=md5(content), size=len(content))


@pytest.fixture
def mnist(web: "Web", monkeypatch: pytest.MonkeyPatch) -> "Web":
    """MNIST on the web, small files."""
    files = [served(web, remote, gzip.compress(idx(remote.file))) for remote in REMOTES["mnist"]]
    monkeypatch.setitem(REMOTES, "mnist", tuple(files))
    return web


class Cifar(NamedTuple):
    web: "Web"
    archive: bytes
    files: dict[str, bytes]


@pytest.fixture
def cifar(web: "Web", monkeypatch: pytest.MonkeyPatch) -> Cifar:
    """CIFAR-10 on the web, small files."""
    batches = {
        f"cifar-10-batches-py/{name}": pickle.dumps(
            {"label_names": ["x"] * 10} if name == "batches.meta" else {"data": noise(number), "labels": [0, 1, 2, 3]}
        )
        for number, name in enumerate(BATCHES)
    }
    archive = packed({**batches, "cifar-10-batches-py/readme.html": b"<p>"})
    sums = {path: md5(content) for path, content in batches.items()}
    (remote,) = REMOTES["cifar10"]
    monkeypatch.setitem(REMOTES, "cifar10", (replace(served(web, remote, archive), gives=sums),))
    names = {Path(path).name: checksum for path, checksum in sums.items()}
    monkeypatch.setattr(datasets.CIFAR10, "train_list", [[name, names[name]] for name in BATCHES[:5]])
    monkeypatch.setattr(datasets.CIFAR10, "test_list", [[BATCHES[5], names[BATCHES[5]]]])
    monkeypatch.setattr(datasets.CIFAR10, "meta", {**datasets.CIFAR10.meta, "md5": names["batches.meta"]})
    return Cifar(web, archive, batches)


def files(root: Path) -> set[str]:
    """Every file below a root."""
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the files go: an empty folder."""
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def test_mnist_is_loaded_from_the_web_and_torchvision_finds_it(mnist: "Web", root: Path) -> None:
    told: list[Progress] = []
    images = load(DataSpec(source="mnist", root=str(root), validation="test"), progress=told.append)
    assert (len(images.train), images.shape) == (20, (1, 28, 28))
    assert files(root) == {f"MNIST/raw/{name}" for name in IDX}
    assert {one.what for one in told} >= {f"Downloading {name}.gz" for name in IDX} | {
        f"Unpacking {name}.gz" for name in IDX
    }
    assert len(datasets.MNIST(root)) == 20
    mnist.asked.clear()
    load(DataSpec(source="mnist", root=str(root)))
    assert mnist.asked == []


def test_only_what_is_missing_is_downloaded(mnist: "Web", root: Path) -> None:
    fetch("mnist", root, Watch())
    raw = root / "MNIST" / "raw"
    (raw / IDX[0]).unlink()
    (raw / IDX[1]).rename(raw / f"{IDX[1]}.unpacked")
    (raw / f"{IDX[1]}.gz").write_bytes(gzip.compress(idx(IDX[1])))
    mnist.asked.clear()
    fetch("mnist", root, Watch())
    assert [path for path, _ in mnist.asked] == [f"/{IDX[0]}.gz"]


def test_an_archive_is_unpacked_and_goes_and_torchvision_finds_the_files(cifar: Cifar, root: Path) -> None:
    told: list[Progress] = []
    images = load(DataSpec(source="cifar10", root=str(root)), progress=told.append)
    assert len(images.train) + len(images.validation) == 20
    assert files(root) == set(cifar.files)
    assert {"Downloading cifar-10-python.tar.gz", "Unpacking cifar-10-python.tar.gz"} <= {one.what for one in told}
    assert len(datasets.CIFAR10(root)) == 20


def test_an_archive_that_was_put_there_by_hand_is_used_and_stays(cifar: Cifar, root: Path) -> None:
    (root / "cifar-10-python.tar.gz").write_bytes(cifar.archive)
    spec = DataSpec(source="cifar10", root=str(root))
    assert missing(spec) is None
    load(spec, download=False)
    assert cifar.web.asked == []
    assert files(root) == {"cifar-10-python.tar.gz", *cifar.files}


def test_one_that_is_not_whole_is_named(cifar: Cifar, root: Path) -> None:
    (root / "cifar-10-python.tar.gz").write_bytes(cifar.archive[:-10])
    with pytest.raises(StudioError, match=r"/cifar-10-python\.tar\.gz is damaged or not whole: .*; delete it, and"):
        fetch("cifar10", root, Watch())
    assert files(root) == {"cifar-10-python.tar.gz"}


def test_svhn_is_laid_down_as_it_comes(web: "Web", root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remotes = [served(web, remote, remote.file.encode()) for remote in REMOTES["svhn"]]
    monkeypatch.setitem(REMOTES, "svhn", tuple(remotes))
    fetch("svhn", root, Watch())
    assert files(root) == {"train_32x32.mat", "test_32x32.mat"}


def test_of_stl10_only_the_labelled_images_come_out(web: "Web", root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (remote,) = REMOTES["stl10"]
    content = packed(dict.fromkeys(remote.gives, b"1") | {"stl10_binary/unlabeled_X.bin": b"2" * 1000})
    monkeypatch.setitem(REMOTES, "stl10", (served(web, remote, content),))
    fetch("stl10", root, Watch())
    assert files(root) == set(remote.gives)


def test_the_flowers_are_unpacked_into_their_folder(web: "Web", root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photographs = {f"jpg/image_{number:05d}.jpg": b"JPEG" for number in range(1, 20)}
    images, labels, setid = REMOTES["flowers102"]
    remotes = (
        served(web, images, packed(photographs)),
        served(web, labels, b"labels"),
        served(web, setid, b"setid"),
    )
    monkeypatch.setitem(REMOTES, "flowers102", remotes)
    fetch("flowers102", root, Watch())
    assert files(root) == {f"flowers-102/{name}" for name in (*photographs, "imagelabels.mat", "setid.mat")}


def test_without_a_network_one_sentence_says_what_is_missing_and_what_to_do(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    remotes = [replace(remote, mirrors=("http://127.0.0.1:1/",)) for remote in REMOTES["kmnist"]]
    monkeypatch.setitem(REMOTES, "kmnist", tuple(remotes))
    with pytest.raises(StudioError) as caught:
        fetch("kmnist", root, Watch())
    assert str(caught.value) == (
        "Kuzushiji-MNIST is not there: train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
        f"t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz missing in {root}/KMNIST/raw, and could not be "
        "downloaded: Connection refused (127.0.0.1:1); check the network, or fetch "
        "by hand what is missing from http://127.0.0.1:1/ and put it there, or let data.root name the folder that has "
        "it."
    )
    # nor does an empty folder stay
    assert list(root.iterdir()) == []


def test_too_little_room_is_told_before_anything_is_asked_for(
    cifar: Cifar, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(root)._replace(free=50_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setitem(REMOTES, "cifar10", (replace(REMOTES["cifar10"][0], size=30_000_000, unpacked=20_000_000),))
    with pytest.raises(
        StudioError,
        match=rf"^CIFAR-10 needs 50 MB to be downloaded and unpacked, {root} has 50 MB left; make room, or let",
    ):
        fetch("cifar10", root, Watch())
    assert cifar.web.asked == []
    # what has come already needs no more room
    (root / ".cifar-10-python.tar.gz.part").write_bytes(bytes(11_000_000))
    fetch("cifar10", root, Watch())
    assert files(root) == set(cifar.files)


def test_a_stopped_download_goes_on_the_next_time(cifar: Cifar, root: Path) -> None:
    stop = Event()
    watch = Watch(lambda one: stop.set() if one.what.startswith("Downloading") else None, stop.is_set)
    cifar.web.cut = [len(cifar.archive) // 2]
    with pytest.raises(LoadingStoppedError):
        fetch("cifar10", root, watch)
    begun = (root / ".cifar-10-python.tar.gz.part").stat().st_size
    assert 0 < begun < len(cifar.archive)
    cifar.web.asked.clear()
    fetch("cifar10", root, Watch())
    assert cifar.web.asked == [("/cifar-10-python.tar.gz", f"bytes={begun}-")]
    assert files(root) == set(cifar.files)


@pytest.mark.parametrize("stopped_in", ["Unpacking", "Checking"])
def test_stopped_while_it_is_unpacked_or_checked_it_is_not_there(cifar: Cifar, root: Path, stopped_in: str) -> None:
    stop = Event()
    watch = Watch(lambda one: stop.set() if one.what.startswith(stopped_in) else None, stop.is_set)
    with pytest.raises(LoadingStoppedError):
        fetch("cifar10", root, watch)
    assert not (root / "cifar-10-batches-py").exists()
    cifar.web.asked.clear()
    fetch("cifar10", root, Watch())
    assert cifar.web.asked == []
    assert set(cifar.files) <= files(root)


def test_two_at_once_download_it_once(cifar: Cifar, root: Path) -> None:
    begun, waited, told = Event(), Event(), list[str]()

    def first(one: Progress) -> None:
        begun.set()
        # the other one has to wait before this one goes on
        assert waited.wait(20)

    def second(one: Progress) -> None:
        told.append(one.what)
        waited.set()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(fetch, "cifar10", root, Watch(first))
        assert begun.wait(20)
        other = pool.submit(fetch, "cifar10", root, Watch(second))
        one.result(30)
        other.result(30)
    assert set(told) == {"Waiting for another download of CIFAR-10"}
    assert len(cifar.web.asked) == 1
    assert files(root) == set(cifar.files)


def test_waiting_can_be_stopped(cifar: Cifar, root: Path) -> None:
    begun, let_go, stop = Event(), Event(), Event()

    def hold(one: Progress) -> None:
        begun.set()
        assert let_go.wait(20)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(fetch, "cifar10", root, Watch(hold))
        assert begun.wait(20)
        try:
            with pytest.raises(LoadingStoppedError, match="Waiting for another download of CIFAR-10 was stopped"):
                fetch("cifar10", root, Watch(lambda _: stop.set(), stop.is_set))
        finally:
            let_go.set()
        holding.result(30)


def test_a_folder_that_cannot_be_made_is_named(cifar: Cifar, root: Path) -> None:
    (root / "taken").touch()
    with pytest.raises(StudioError, match=r"CIFAR-10 can't be kept in .*/taken: .*; let data\.root name another"):
        fetch("cifar10", root / "taken", Watch())
