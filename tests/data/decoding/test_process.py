"""A process that decodes outlives a file that crashes it, and nobody who wants it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Examined
from resnet_studio.data.decoding.process import Worker

SMALL = Decoding((8, 8), 3, "fill")


def kill(worker: Worker) -> None:
    """End the process of a worker as the system does where memory is short."""
    assert worker._process
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()


@pytest.fixture
def worker(folder: tuple[Path, list[str]]) -> Iterator[Worker]:
    """A worker for the folder, ended after the test."""
    made = Worker(folder[0], SMALL, keep=True)
    yield made
    made.end()


@pytest.mark.skipif(os.name != "posix", reason="there are no groups of processes there")
def test_ctrl_c_reaches_the_studio_and_not_its_workers(worker: Worker, folder: tuple[Path, list[str]]) -> None:
    worker.examined(folder[1][:1])
    assert worker._process
    assert os.getpgid(worker._process.pid) != os.getpgid(0)


@pytest.mark.parametrize("no_more", [False, True], ids=["replaced", "no process can take its place"])
def test_the_work_of_a_worker_that_dies_is_done(
    worker: Worker, folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch, *, no_more: bool
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    names = folder[1][:5]
    first = worker.examined(names)
    if no_more:
        monkeypatch.setattr(subprocess, "Popen", refused)
    kill(worker)
    again = worker.examined(names)
    assert again.facts == first.facts
    assert np.array_equal(again.images, first.images)
    assert (worker._process is None) == no_more


def test_a_file_that_crashes_the_reader_costs_itself_only(
    worker: Worker, folder: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, names = folder
    reader = (
        "import os\n"
        "from PIL import Image\n"
        "whole = Image.open\n"
        f"crash = lambda path, **how: os._exit(1) if str(path).endswith({names[1]!r}) else whole(path, **how)\n"
        "Image.open = crash\n"
    )
    (tmp_path / "sitecustomize.py").write_text(reader)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    # what was written but not sent is lost in a crash
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    found = worker.examined(names[:3])
    assert [facts.reason for facts in found.facts] == ["", "can't be read as an image (it crashes the reader)", ""]
    assert len(found.images) == 2


def test_a_file_at_which_the_system_ended_a_process_gets_a_second_chance(
    worker: Worker, folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, names = folder
    asked, ended = worker._asked, list[list[str]]()

    def once(files: list[str]) -> Examined:
        if not ended:
            ended.append(files)
            kill(worker)
        return asked(files)

    worker.examined(names[:1])
    monkeypatch.setattr(worker, "_asked", once)
    assert [facts.problem for facts in worker.examined(names[1:2]).facts] == [""]
    assert len(ended) == 1


@pytest.mark.parametrize("began", [False, True])
def test_one_that_was_ended_does_no_more(worker: Worker, folder: tuple[Path, list[str]], *, began: bool) -> None:
    _, names = folder
    if began:
        worker.examined(names[:1])
    worker.end()
    with pytest.raises(EOFError):
        worker.examined(names[:1])
    assert worker._process is None


def test_the_studio_is_found_and_modules_in_the_folder_of_the_user_are_not(
    worker: Worker, folder: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "struct.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    # a studio that isn't installed is found as well
    monkeypatch.delenv("PYTHONPATH", raising=False)
    worker.examined(folder[1][:1])
    assert worker._has_answered


def test_a_fault_of_the_program_itself_is_raised_where_it_was_asked(worker: Worker) -> None:
    with pytest.raises(RuntimeError, match="Traceback"):
        worker.examined([7])  # type: ignore[list-item]  # no name of a file


def test_a_worker_ends_with_the_studio_even_if_that_is_killed(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    code = (
        "import sys; from pathlib import Path\n"
        "from resnet_studio.data.decoding.decode import Decoding\n"
        "from resnet_studio.data.decoding.process import Worker\n"
        "worker = Worker(Path(sys.argv[1]), Decoding((8, 8), 3, 'fill'), keep=True)\n"
        "worker.examined([sys.argv[2]])\n"
        "print(worker._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(root), names[0]], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as studio:
        assert studio.stdout
        pid = int(studio.stdout.readline())
        waiting = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else pytest.skip("no way to wait for it")
        studio.kill()
        studio.wait()
    try:
        import select

        assert select.select([waiting], [], [], 20)[0]
    finally:
        os.close(waiting)
