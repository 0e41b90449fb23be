"""Who collects cyclic garbage, and in which thread."""

import gc
import sys
import threading
import weakref
from types import ModuleType

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from resnet_studio.gui.garbage import MANY_MODULES, Collector


class Knot:
    """Garbage that only the cyclic collection finds; it notes the thread that does."""

    def __init__(self, threads: list[int]) -> None:
        self.myself = self
        self.threads = threads

    def __del__(self) -> None:
        self.threads.append(threading.get_ident())


def test_garbage_is_collected_in_the_gui_thread_alone(qtbot: QtBot) -> None:
    collector = Collector()
    collector.start()
    try:
        threads: list[int] = []
        knot = weakref.ref(Knot(threads))

        kept: list[list[int]] = []

        def allocate() -> None:
            kept.extend([number] for number in range(200_000))

        worker = threading.Thread(target=allocate)
        worker.start()
        worker.join()
        assert knot() is not None, "the worker's thread collected"
        qtbot.waitUntil(lambda: knot() is None, timeout=5_000)
        assert threads == [threading.get_ident()]
    finally:
        collector.stop()


def test_old_objects_are_looked_through_where_a_quarter_more_of_them_came(monkeypatch: pytest.MonkeyPatch) -> None:
    # an old knot, which only a collection of all generations finds
    knot = weakref.ref(Knot([]))
    gc.freeze()
    gc.unfreeze()
    collector = Collector()
    collector.start()
    try:
        before = len(gc.get_objects(2))
        monkeypatch.setattr(gc, "get_count", lambda: (0, 11, 11))
        collector.collect()
        collector.collect()
        assert knot() is not None
        kept = [[number] for number in range(before // 4 + 1000)]
        collector.collect()
        collector.collect()
        assert knot() is None
        assert len(kept) > before // 4
    finally:
        collector.stop()


def test_what_a_large_import_left_is_not_looked_through_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # tests before have set things aside too
    gc.unfreeze()
    collector = Collector()
    collector.start()
    try:
        collector.collect()
        assert gc.get_freeze_count() == 0
        for number in range(MANY_MODULES + 1):
            monkeypatch.setitem(sys.modules, f"imported_{number}", ModuleType(f"imported_{number}"))
        collector.collect()
        frozen = gc.get_freeze_count()
        assert frozen > MANY_MODULES
        collector.collect()
        assert gc.get_freeze_count() <= frozen
    finally:
        collector.stop()
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize("first", [0, 1])
def test_python_collects_again_after_the_last_has_stopped(qtbot: QtBot, first: int) -> None:
    owner = QObject()
    collectors = [Collector(owner), Collector(owner)]
    for collector in collectors:
        collector.start()
    assert not gc.isenabled()
    collectors[first].stop()
    assert not gc.isenabled()
    collectors[1 - first].stop()
    assert gc.isenabled()
