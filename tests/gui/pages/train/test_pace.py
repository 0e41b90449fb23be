import time
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QElapsedTimer, QTimer
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.train.pace import Pace


def test_it_draws_no_oftener_than_its_interval_however_often_it_is_asked(qtbot: QtBot) -> None:
    times: list[int] = []
    clock = QElapsedTimer()

    def draw() -> Iterator[None]:
        times.append(clock.elapsed())
        yield

    pace = Pace(draw, 80, 1)
    asking = QTimer(interval=2)
    asking.timeout.connect(pace.ask)
    clock.start()
    asking.start()
    qtbot.waitUntil(lambda: len(times) == 4)
    asking.stop()
    assert times[0] < 80, "the first one comes at once"
    assert all(later - sooner >= 80 for sooner, later in pairwise(times))


def test_the_more_a_drawing_costs_the_later_comes_the_next(qtbot: QtBot) -> None:
    began: list[int] = []
    clock = QElapsedTimer()

    def draw() -> Iterator[None]:
        began.append(clock.elapsed())
        until = time.thread_time() + 0.01
        while time.thread_time() < until:
            pass
        yield

    pace = Pace(draw, 1, 0.1)
    asking = QTimer(interval=2)
    asking.timeout.connect(pace.ask)
    clock.start()
    asking.start()
    qtbot.waitUntil(lambda: len(began) == 3)
    assert all(later - sooner >= 100 for sooner, later in pairwise(began))


def test_news_during_a_drawing_are_drawn_afterwards(qtbot: QtBot) -> None:
    drawn: list[int] = []
    news = 1

    def draw() -> Iterator[None]:
        nonlocal news
        drawn.append(news)
        yield
        if news == 1:
            news = 2
            pace.ask()
        yield

    pace = Pace(draw, 1, 1)
    pace.ask()
    qtbot.waitUntil(lambda: drawn == [1, 2])


def test_other_events_are_handled_between_the_parts(qtbot: QtBot) -> None:
    order: list[str] = []

    def draw() -> Iterator[None]:
        order.append("first")
        QTimer.singleShot(0, lambda: order.append("other"))
        yield
        order.append("second")

    pace = Pace(draw, 0, 1)
    pace.ask()
    qtbot.waitUntil(lambda: "second" in order)
    assert order == ["first", "other", "second"]
