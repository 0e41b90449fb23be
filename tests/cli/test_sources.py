"""`data sources` and `data download`, and the download that `train` does by itself."""

import gzip
import hashlib
import json
import os
import signal
import struct
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.data.catalogue.remote import REMOTES
from resnet_studio.spec.data import CATALOGUE

if TYPE_CHECKING:
    from tests.cli.conftest import Command
    from tests.conftest import Web

COUNT = 1300


@pytest.fixture
def mnist(web: "Web", monkeypatch: pytest.MonkeyPatch) -> "Web":
    """MNIST on the web, with fewer images: just as many as make a file that takes a while."""
    known = []
    for remote in REMOTES["mnist"]:
        shape = (COUNT, 28, 28) if "images" in remote.file else (COUNT,)
        values = os.urandom(COUNT * 784) if "images" in remote.file else bytes(range(10)) * (COUNT // 10)
        content = gzip.compress(bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + values)
        (web.root / remote.file).write_bytes(content)
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        known.append(replace(remote, mirrors=(web.url,), md5=md5, size=len(content)))
    monkeypatch.setitem(REMOTES, "mnist", tuple(known))
    return web


def test_the_data_sets_are_listed(command: "Command", tmp_path: Path) -> None:
    (tmp_path / "test_32x32.mat").touch()
    outcome = command("data", "sources", "--data-root", tmp_path, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    told = {one["name"]: one for one in outcome.json}
    assert tuple(told) == CATALOGUE
    assert told["digits"] == {
        "name": "digits",
        "title": "Optical recognition of handwritten digits",
        "image_size": [8, 8],
        "channels": 1,
        "classes": list("0123456789"),
        "images": {"train": 1797},
        "licence": "CC BY 4.0",
        "citation": ENTRIES["digits"].citation,
        "there": True,
        "bytes_to_download": 0,
        "urls": [],
    }
    assert told["flowers102"]["image_size"] is None
    assert (told["svhn"]["there"], told["svhn"]["bytes_to_download"]) == (False, 182_040_794)
    assert told["svhn"]["urls"] == ["http://ufldl.stanford.edu/housenumbers/train_32x32.mat"]


def test_the_table_says_what_is_there(command: "Command", tmp_path: Path) -> None:
    lines = command("data", "sources", "--data-root", tmp_path).out.splitlines()
    assert len(lines) == 1 + len(CATALOGUE)
    rows = {line.split()[0]: line for line in lines}
    assert rows["digits"].endswith("there")
    assert rows["stl10"].endswith("2.6 GB to download")


def test_a_download_lays_the_files_down_and_says_where(command: "Command", mnist: "Web", tmp_path: Path) -> None:
    for _ in range(2):
        outcome = command("data", "download", "mnist", "--data-root", tmp_path / "root")
        assert outcome.code == 0
        assert outcome.out == f"MNIST handwritten digits is in {tmp_path}/root/MNIST/raw\n"
    # the second time there is nothing to do
    assert outcome.err == ""
    assert len(mnist.asked) == 4
    assert command("data", "download", "digits").out.endswith("is part of the program.\n")


def test_an_unknown_name_is_wrong_usage(command: "Command") -> None:
    outcome = command("data", "download", "cifar1")
    assert outcome.code == 2
    assert outcome.sentence == "There is no data set 'cifar1'; did you mean cifar10 or cifar100?"


def test_training_downloads_by_itself(command: "Command", mnist: "Web", tmp_path: Path) -> None:
    flags = ("--epochs", "1", "--batch-size", "500", "--json", "--output", tmp_path / "runs")
    outcome = command("train", "digits_resnet8", "--data", "mnist", "--data-root", tmp_path / "root", *flags)
    assert outcome.code == 0, outcome.err
    # standard output has events alone
    assert json.loads(outcome.out.splitlines()[-1])["type"] == "run_ended"
    assert outcome.err.startswith("Downloading train-images-idx3-ubyte.gz, 1.")
    assert len(mnist.asked) == 4


@pytest.mark.parametrize("how", ["train", "download"])
def test_ctrl_c_leaves_a_beginning_that_is_gone_on_with(
    command: "Command", mnist: "Web", tmp_path: Path, how: str
) -> None:
    """The signal comes in the middle of the first file."""
    main = threading.main_thread().ident
    assert main is not None
    root, stopped = tmp_path / "root", threading.Event()

    def interrupt() -> None:
        if not stopped.is_set():
            signal.pthread_kill(main, signal.SIGINT)
            stopped.set()

    mnist.tell = interrupt
    call = {
        "train": ("train", "digits_resnet8", "--data", "mnist", "--output", tmp_path / "runs", "--epochs", "1"),
        "download": ("data", "download", "mnist"),
    }[how]
    outcome = command(*call, "--data-root", root)
    assert outcome.code == 130
    assert outcome.err.splitlines()[-1] == "Stopping in good order; a second signal leaves at once."
    assert not (tmp_path / "runs").exists()
    (partial,) = (root / "MNIST" / "raw").glob("*.part")
    begun = partial.stat().st_size
    mnist.asked.clear()
    assert command("data", "download", "mnist", "--data-root", root).code == 0
    asked = {path: part for path, part in mnist.asked if path.startswith("/train-images")}
    assert asked == {"/train-images-idx3-ubyte.gz": f"bytes={begun}-"}
