"""Many workers give what one gives, and end when nobody wants more."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from resnet_studio.data.decoding import workers
from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Examined
from resnet_studio.data.decoding.workers import CHUNK, examined_in_order, in_order
from resnet_studio.spec.errors import StudioError

SMALL = Decoding((8, 8), 3, "fill")
MUCH = 1 << 40
"""Bytes for which processes are started."""


def together(found: list[Examined]) -> Examined:
    return Examined(tuple(facts for one in found for facts in one.facts), np.concatenate([one.images for one in found]))


def children() -> set[int]:
    """Processes that this one has started and not ended."""
    told = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if not told.exists():
        pytest.skip("this system doesn't tell a process's children")
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return {int(one) for task in tasks for one in (task / "children").read_text().split()}


def test_the_number_and_the_kind_of_workers_change_nothing(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    one = together(list(examined_in_order(root, [names], SMALL, total_bytes=0, workers=1)))
    assert [bool(facts.problem) for facts in one.facts] == [number == 20 for number in range(50)]
    assert one.images.shape == (49, 8, 8, 3)
    before = children()
    for total_bytes, count in ((0, 3), (MUCH, 2), (MUCH, 3)):
        found = together(list(examined_in_order(root, [names], SMALL, total_bytes=total_bytes, workers=count)))
        assert found.facts == one.facts
        assert np.array_equal(found.images, one.images)
    assert children() == before


@pytest.mark.parametrize(
    ("total_bytes", "files", "count", "kind"),
    [(0, 40, 2, "threads"), (MUCH, 40, 2, "processes"), (0, 4000, 2, "processes"), (MUCH, 40, 1, "threads")],
)
def test_processes_are_started_for_much_work_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, total_bytes: int, files: int, count: int, kind: str
) -> None:
    nothing = Examined((), np.empty((0, 8, 8, 3), np.uint8))

    class Processes:
        def __init__(self, *_: object, **__: object) -> None:
            seen.append("processes")

        def examined(self, _: list[str]) -> Examined:
            return nothing

        def end(self) -> None:
            seen.append("end")

    def here(*_: object, **__: object) -> Examined:
        seen.append("threads")
        return nothing

    seen: list[str] = []
    monkeypatch.setattr(workers, "_Processes", Processes)
    monkeypatch.setattr(workers, "examined", here)
    list(examined_in_order(tmp_path, [["a.png"] * files], SMALL, total_bytes=total_bytes, workers=count))
    assert seen[0] == kind
    assert seen[-1] == ("end" if kind == "processes" else "threads")


def test_what_is_yielded_has_files_of_one_part(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    found = list(examined_in_order(root, [names[:3], [], names[3:5], names], SMALL, total_bytes=0))
    assert [len(one.facts) for one in found] == [3, 2, 16, 16, 16, 2]
    assert together(found[2:]).facts == together(found[:2]).facts + together(found[2:]).facts[5:]


def test_pixels_that_nobody_wants_do_not_travel(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    kept = together(list(examined_in_order(root, [names], SMALL, total_bytes=0)))
    for total_bytes in (0, MUCH):
        found = together(list(examined_in_order(root, [names], SMALL, total_bytes=total_bytes, keep=False, workers=2)))
        assert found.facts == kept.facts
        assert found.images.size == 0


def test_processes_work_beside_other_threads_and_end_when_closed(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    before = children()
    seen: list[int] = []

    def decode() -> None:
        found = examined_in_order(root, [names * 20], SMALL, total_bytes=MUCH, workers=2)
        next(found)
        seen.append(len(children() - before))
        found.close()

    thread = threading.Thread(target=decode)
    thread.start()
    thread.join()
    assert seen == [2]
    assert children() == before


def test_what_the_caller_raises_while_it_waits_ends_the_work(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    before = children()

    def idle() -> None:
        raise StudioError("enough")

    # starting a process takes longer than the first look
    with pytest.raises(StudioError, match="enough"):
        list(examined_in_order(root, [names], SMALL, total_bytes=MUCH, workers=2, idle=idle))
    assert children() == before


def test_all_workers_may_be_ended_in_the_middle_and_nothing_is_lost(folder: tuple[Path, list[str]]) -> None:
    root, names = folder
    names = names * 6
    whole = together(list(examined_in_order(root, [names], SMALL, total_bytes=0)))
    before = children()
    chunks = examined_in_order(root, [names], SMALL, total_bytes=MUCH, workers=2)
    found = [next(chunks)]
    for process in children() - before:
        os.kill(process, signal.SIGKILL)
    found.extend(chunks)
    assert together(found).facts == whole.facts
    assert np.array_equal(together(found).images, whole.images)
    assert children() == before


def test_where_there_are_no_more_processes_this_one_decodes(
    folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, names = folder

    def refused(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    expected = together(list(examined_in_order(root, [names], SMALL, total_bytes=0)))
    monkeypatch.setattr(subprocess, "Popen", refused)
    assert together(list(examined_in_order(root, [names], SMALL, total_bytes=MUCH, workers=2))).facts == expected.facts


def test_where_no_process_can_be_started_this_one_decodes(
    folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, names = folder
    expected = together(list(examined_in_order(root, [names], SMALL, total_bytes=0)))
    program = next(path for path in (Path("/bin/false"), Path("/usr/bin/false")) if path.exists())
    monkeypatch.setattr(sys, "executable", str(program))
    assert together(list(examined_in_order(root, [names], SMALL, total_bytes=MUCH, workers=2))).facts == expected.facts


def test_chunks_are_small_where_the_images_are_large(
    folder: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, names = folder

    def sizes() -> list[int]:
        return [len(found.facts) for found in examined_in_order(root, [names[:20]], SMALL, total_bytes=0, workers=1)]

    assert sizes() == [CHUNK, 20 - CHUNK]
    monkeypatch.setattr(workers, "_CHUNK_BYTES", 8 * 8 * 3 * 7)
    assert sizes() == [7, 7, 6]
    monkeypatch.setattr(workers, "_CHUNK_BYTES", 1)
    assert sizes() == [1] * 20


def test_threads_keep_the_order_and_few_pieces_wait() -> None:
    started: list[int] = []

    def work(piece: int) -> int:
        started.append(piece)
        return piece * piece

    assert list(in_order(work, range(50), 3)) == [number * number for number in range(50)]
    assert list(in_order(work, [], 3)) == []
    started.clear()
    closed = in_order(work, range(1000), 2)
    next(closed)
    closed.close()
    assert len(started) <= 3 * 2 + 2


def test_an_error_in_a_thread_reaches_the_caller() -> None:
    def work(piece: int) -> int:
        if piece == 7:
            raise StudioError("number 7")
        return piece

    with pytest.raises(StudioError, match="number 7"):
        list(in_order(work, range(1000), 2))


def test_memory_bounds_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "available_memory", lambda: 600 << 20)
    assert workers.suited_workers() == 1
    monkeypatch.setattr(workers, "available_memory", lambda: 1 << 40)
    assert 1 <= workers.suited_workers() <= workers.MOST_WORKERS
    assert CHUNK >= 1
