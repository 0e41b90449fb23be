"""What would be downloaded is known before anything is, from the disk alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.data.catalogue.remote import REMOTES
from resnet_studio.data.catalogue.wanted_files import NotDownloadedError, missing
from resnet_studio.data.load import load, open_source
from resnet_studio.data.watch import Watch
from resnet_studio.spec.data import DataSpec
from resnet_studio.spec.errors import StudioError


def test_everything_that_would_be_downloaded_is_told(tmp_path: Path) -> None:
    found = missing(DataSpec(source="svhn", root=str(tmp_path)))
    assert found is not None
    assert (found.name, found.title, found.folder) == ("svhn", "Street view house numbers", tmp_path)
    assert found.files == ("train_32x32.mat", "test_32x32.mat")
    assert found.total_bytes == 182_040_794 + 64_275_384
    assert found.urls == tuple(f"http://ufldl.stanford.edu/housenumbers/{file}" for file in found.files)
    assert found.hosts == ("ufldl.stanford.edu",)
    assert found.sentence == (
        f"Street view house numbers is not in {tmp_path}; 246 MB would be downloaded from ufldl.stanford.edu."
    )


def test_only_files_that_are_not_there_count_packed_or_unpacked(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte").touch()
    (raw / "t10k-images-idx3-ubyte.gz").touch()
    found = missing(DataSpec(source="mnist", root=str(tmp_path)))
    assert found is not None
    assert found.files == ("train-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
    assert found.folder == raw


def test_a_folder_of_an_archive_of_which_a_file_is_gone_is_missing(tmp_path: Path) -> None:
    (remote,) = REMOTES["cifar10"]
    for path in remote.gives:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    spec = DataSpec(source="cifar10", root=str(tmp_path))
    assert missing(spec) is None
    (tmp_path / "cifar-10-batches-py" / "data_batch_3").unlink()
    assert missing(spec) is not None
    # it can be unpacked again
    (tmp_path / "cifar-10-python.tar.gz").touch()
    assert missing(spec) is None


def test_the_studios_own_folder_is_looked_through_where_none_is_named(studio_home: Path) -> None:
    found = missing(DataSpec(source="stl10"))
    assert found is not None
    assert found.folder == studio_home / "datasets"
    assert "2.6 GB would be downloaded from ai.stanford.edu" in found.sentence


@pytest.mark.parametrize("source", ["digits", "/no/such/folder", "images.npz"])
def test_nothing_is_missing_of_what_has_no_files_on_the_web(source: str) -> None:
    assert missing(DataSpec(source=source)) is None


@pytest.mark.parametrize("name", REMOTES)
def test_without_leave_nothing_is_downloaded(tmp_path: Path, name: str) -> None:
    spec = DataSpec(source=name, root=str(tmp_path / "root"))
    with pytest.raises(NotDownloadedError, match="would be downloaded from") as caught:
        load(spec, download=False)
    assert isinstance(caught.value, StudioError)
    assert caught.value.missing == missing(spec)
    with pytest.raises(NotDownloadedError):
        open_source(spec, Watch(), download=False)
    assert not (tmp_path / "root").exists()


def test_it_needs_neither_torch_nor_torchvision() -> None:
    code = (
        "import sys\n"
        "from resnet_studio.data.catalogue.wanted_files import missing\n"
        "from resnet_studio.spec.data import DataSpec\n"
        "missing(DataSpec(source='mnist')); print(sorted({'torch', 'torchvision', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
