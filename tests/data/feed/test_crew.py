"""Threads that each work alone."""

import gc
from collections.abc import Iterator
from threading import Barrier, Event, Thread, current_thread

import pytest
import torch

from resnet_studio.data.feed import crew
from resnet_studio.data.feed.crew import shared_out


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_every_piece_is_done_by_threads_in_which_torch_has_one(two_threads: None) -> None:
    met = Barrier(2, timeout=60)
    done: dict[int, tuple[str, int]] = {}

    def work(piece: int) -> None:
        # two pieces at a time, or this breaks
        met.wait()
        done[piece] = (current_thread().name, torch.get_num_threads())

    shared_out(work, range(0, 40, 4))
    assert sorted(done) == list(range(0, 40, 4))
    assert {threads for _, threads in done.values()} == {1}
    assert current_thread().name not in {name for name, _ in done.values()}


def test_others_keep_their_threads_those_before_and_those_to_come(two_threads: None) -> None:
    seen: list[int] = []
    began, may_go_on = Event(), Event()

    def other() -> None:
        seen.append(torch.get_num_threads())
        began.set()
        may_go_on.wait(60)
        seen.append(torch.get_num_threads())

    crew._crew.cache_clear()
    before = Thread(target=other)
    before.start()
    assert began.wait(60)
    shared_out(lambda _: None, range(3))
    may_go_on.set()
    before.join()
    after = Thread(target=other)
    after.start()
    after.join()
    assert seen == [2, 2, 2, 2]
    assert torch.get_num_threads() == 2


def test_one_thread_works_where_it_is() -> None:
    before, names = torch.get_num_threads(), []
    torch.set_num_threads(1)
    try:
        shared_out(lambda _: names.append(current_thread().name), range(3))
    finally:
        torch.set_num_threads(before)
    assert names == [current_thread().name] * 3


def test_what_a_piece_raises_is_raised(two_threads: None) -> None:
    def work(piece: int) -> None:
        if piece == 2:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        shared_out(work, range(4))
    # and the threads are there for the next batch
    shared_out(lambda _: None, range(4))


def test_where_there_are_no_more_threads_none_is_left_waiting(
    two_threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Thread] = []
    start = Thread.start

    def second_refused(thread: Thread) -> None:
        if started:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    crew._crew.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(Thread, "start", second_refused)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            shared_out(lambda _: None, range(3))
    (waiting,) = started
    gc.collect()
    waiting.join(20)
    assert not waiting.is_alive()
    assert torch.get_num_threads() == 2
    # the next batch tries again
    shared_out(lambda _: None, range(3))
