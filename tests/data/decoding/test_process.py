"""A process that decodes outlives a file that crashes it, and nobody who wants it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Examined
from resnet_studio.data.decoding.process import Worker

SMALL = Decoding((8, 8), 3, "fill")


def kill(worker: Worker) -> None:
    """End the process of a worker as the system does where memory is short."""
    assert worker.process
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()


@pytest.mark.skipif(os.name != "posix", reason="there are no groups of processes there")
def test_ctrl_c_reaches_the_studio_and_not_its_workers(folder: tuple[Path, list[str]]) -> None:
    root, _ = folder
    worker = Worker(root, SMALL, keep=True)
    try:
        assert worker.process
        assert os.getpgid(worker.process.pid) != os.getpgid(0)
    finally:
        worker.end()


def test_a_worker_that_dies_is_replaced_and_its_work_done(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    worker = Worker(root, SMALL, keep=True)
    try:
        first = worker.examined(names[:5])
        kill(worker)
        again = worker.examined(names[:5])
        assert again.facts == first.facts
        assert np.array_equal(again.images, first.images)
    finally:
        worker.end()


def test_a_file_that_crashes_the_reader_costs_itself_only(
    folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, names = folder
    worker = Worker(root, SMALL, keep=True)
    asked = worker._asked

    def crashing(files: list[str]) -> Examined:
        if names[1] in files:
            kill(worker)
        return asked(files)

    try:
        worker.examined(names[:1])
        monkeypatch.setattr(worker, "_asked", crashing)
        found = worker.examined(names[:3])
        assert [facts.reason for facts in found.facts] == ["", "can't be read as an image (it crashes the reader)", ""]
        assert len(found.images) == 2
    finally:
        worker.end()


def test_a_file_at_which_the_system_ended_a_process_gets_a_second_chance(
    folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, names = folder
    worker = Worker(root, SMALL, keep=True)
    asked, ended = worker._asked, list[list[str]]()

    def once(files: list[str]) -> Examined:
        if not ended:
            ended.append(files)
            kill(worker)
        return asked(files)

    try:
        worker.examined(names[:1])
        monkeypatch.setattr(worker, "_asked", once)
        assert [facts.problem for facts in worker.examined(names[1:2]).facts] == [""]
        assert len(ended) == 1
    finally:
        worker.end()


def test_where_no_process_can_take_its_place_this_one_decodes(
    folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, names = folder

    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    worker = Worker(root, SMALL, keep=True)
    try:
        first = worker.examined(names[:5])
        monkeypatch.setattr(subprocess, "Popen", refused)
        kill(worker)
        again = worker.examined(names[:5])
        assert again.facts == first.facts
        assert np.array_equal(again.images, first.images)
    finally:
        worker.end()


def test_the_studio_is_found_and_modules_in_the_folder_of_the_user_are_not(
    folder: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, names = folder
    (tmp_path / "struct.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    # a studio that isn't installed is found as well
    monkeypatch.delenv("PYTHONPATH", raising=False)
    worker = Worker(root, SMALL, keep=True)
    try:
        worker.examined(names[:1])
        assert worker._has_answered
    finally:
        worker.end()


def test_a_fault_of_the_program_itself_is_raised_where_it_was_asked(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Decoding((0, 0), 3, "fill"), keep=True)
    (tmp_path / "one.txt").write_text("")
    try:
        with pytest.raises(RuntimeError, match="Traceback"):
            worker._asked([7])  # type: ignore[list-item]  # no name of a file
    finally:
        worker.end()


def test_a_worker_ends_with_the_studio_even_if_that_is_killed(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    code = (
        "import sys; from pathlib import Path\n"
        "from resnet_studio.data.decoding.decode import Decoding\n"
        "from resnet_studio.data.decoding.process import Worker\n"
        "worker = Worker(Path(sys.argv[1]), Decoding((8, 8), 3, 'fill'), keep=True)\n"
        "worker.examined([sys.argv[2]])\n"
        "print(worker.process.pid, flush=True)\n"
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
