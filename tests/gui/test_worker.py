"""The one thread that runs generators, and the way their results come back."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.worker import Job, Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("test")
    yield made
    assert made.close(5)


def test_items_come_in_order_in_the_gui_thread(qtbot: QtBot, worker: Worker) -> None:
    items: list[int] = []
    threads: set[int] = set()
    ended: list[BaseException | None] = []

    def steps(job: Job) -> Iterator[Any]:
        threads.add(threading.get_ident())
        yield from range(100)
        job.post(100)

    def take(batch: list[int]) -> None:
        items.extend(batch)
        threads.add(threading.get_ident())

    worker.run(steps, on_items=take, on_end=ended.append)
    qtbot.waitUntil(lambda: bool(ended))
    assert items == list(range(101))
    assert ended == [None]
    assert len(threads) == 2
    assert threading.get_ident() in threads
    assert not worker.busy


def test_an_error_comes_back_whole(qtbot: QtBot, worker: Worker) -> None:
    ended: list[BaseException | None] = []
    items: list[int] = []

    def steps(_: Job) -> Iterator[Any]:
        yield 1
        raise ValueError("broken")

    worker.run(steps, on_items=items.extend, on_end=ended.append)
    qtbot.waitUntil(lambda: bool(ended))
    assert items == [1]
    assert isinstance(ended[0], ValueError)


def test_a_cancelled_job_is_heard_of_no_more(qtbot: QtBot, worker: Worker) -> None:
    go = threading.Event()
    heard: list[Any] = []
    saw_stale: list[bool] = []

    def steps(job: Job) -> Iterator[Any]:
        go.wait(5)
        saw_stale.append(job.stale())
        yield 1

    job = worker.run(steps, on_items=heard.extend, on_end=heard.append)
    job.cancel()
    go.set()
    after: list[BaseException | None] = []
    worker.run(lambda _: iter([2]), on_items=heard.extend, on_end=after.append)
    qtbot.waitUntil(lambda: bool(after))
    assert heard == [2]
    assert saw_stale in ([], [True])


def test_jobs_run_one_after_the_other(qtbot: QtBot, worker: Worker) -> None:
    order: list[Any] = []
    worker.run(lambda _: iter("ab"), on_items=order.extend, on_end=lambda _: order.append("end 1"))
    worker.run(lambda _: iter("cd"), on_items=order.extend, on_end=lambda _: order.append("end 2"))
    qtbot.waitUntil(lambda: "end 2" in order)
    assert order == ["a", "b", "end 1", "c", "d", "end 2"]


def test_what_is_asked_for_while_it_closes_is_not_begun(qtbot: QtBot) -> None:
    worker, begun = Worker("test"), threading.Event()
    later: list[Job] = []

    def steps(_: Job) -> Iterator[int]:
        begun.set()
        yield 1

    def again(_: BaseException | None) -> None:
        later.append(worker.run(steps, on_end=lambda _: None))

    worker.run(steps, on_end=again)
    assert begun.wait(10)
    assert worker.close(10)
    (job,) = later
    assert job.stale()
    assert not worker.busy
