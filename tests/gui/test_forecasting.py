"""The forecast in the window: tried out while somebody looks, out of the way of a run, beside what it took."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.pages.train.forecast_view import ForecastView
from resnet_studio.training.forecast import Forecast

SHORT = {"training.epochs": 2, "training.device": "cpu"}


@pytest.fixture
def view(window: MainWindow, tmp_path: Path) -> ForecastView:
    """The table on the train page, which nobody looks at yet."""
    window.session.runs.parent = tmp_path
    window.session.change_many(SHORT, "short")
    found = window.findChild(ForecastView)
    assert found is not None
    return found


def known(window: MainWindow, qtbot: QtBot) -> None:
    forecasting = window.session.forecasting
    qtbot.waitUntil(lambda: forecasting.found is not None, timeout=60_000)
    qtbot.waitUntil(lambda: not forecasting.active, timeout=60_000)


def test_it_is_tried_once_somebody_looks_and_stands_beside_what_was_measured(
    window: MainWindow, view: ForecastView, qtbot: QtBot
) -> None:
    session, forecasting = window.session, window.session.forecasting
    assert forecasting.found is None
    window.show_page("train")
    known(window, qtbot)
    found = forecasting.found
    assert found is not None
    assert float(view.value("epoch", "forecast")) == pytest.approx(found.epoch_seconds, abs=0.06)
    assert view.value("disk", "forecast") == "2.5"
    assert view.value("epoch", "measured") == ""
    session.change("training.learning_rate", 0.05)
    assert forecasting.found is found, "that changes nothing of what a step takes"
    session.change("training.epochs", 4000)
    assert forecasting.found is found
    assert view.value("run", "forecast").count(":") >= 1
    session.change("training.epochs", 2)
    session.runs.start()
    qtbot.waitUntil(lambda: session.runs.phase == "finished", timeout=60_000)
    assert forecasting.found is found
    for row in ("epoch", "run", "memory", "disk"):
        assert view.value(row, "measured") or row == "memory"
    assert float(view.value("disk", "measured")) <= 2.5
    session.change("training.batch_size", 32)
    qtbot.waitUntil(lambda: forecasting.found not in (None, found), timeout=60_000)
    assert view.value("epoch", "measured") == "", "that was another experiment"


def test_that_compiling_is_not_in_it_is_said(window: MainWindow, view: ForecastView) -> None:
    note = view.findChild(QLabel, "view.forecast.note")
    assert note is not None
    for is_compiled, words in ((True, "+ compiling"), (False, "")):
        window.session.forecasting.found = Forecast(1.0, 1.0, 0.0, None, 10, is_compiled=is_compiled)
        view.refresh()
        assert note.text() == words
        assert ("a minute or more" in note.toolTip()) == is_compiled


def test_a_run_does_not_wait_for_it(window: MainWindow, view: ForecastView, qtbot: QtBot) -> None:
    session, forecasting = window.session, window.session.forecasting
    window.show_page("train")
    qtbot.waitUntil(lambda: forecasting.active, timeout=60_000)
    session.runs.start()
    assert not forecasting.active
    qtbot.waitUntil(lambda: session.runs.phase == "finished", timeout=60_000)
    assert view.value("epoch", "measured")


def test_why_there_is_none_is_said(
    window: MainWindow, view: ForecastView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr("resnet_studio.training.update.training_loss", greedy)
    window.show_page("train")
    qtbot.waitUntil(lambda: bool(window.session.forecasting.error), timeout=60_000)
    note = view.findChild(QLabel, "view.forecast.note")
    assert note is not None
    assert note.text() == "none"
    assert note.toolTip().startswith("The memory is too small: 2.1 GB more were needed")
