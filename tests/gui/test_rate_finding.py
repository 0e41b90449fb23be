"""The finder of a learning rate in the window: its curve grows, its advice is one step to take, it can be cancelled."""

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.pages.train.page import TrainPage
from resnet_studio.spec.training import TrainingSpec


@pytest.fixture
def page(window: MainWindow) -> TrainPage:
    """The train page, shown."""
    window.session.change_many({"training.device": "cpu", "training.batch_size": 64}, "short")
    window.show_page("train")
    found = window.findChild(TrainPage)
    assert found is not None
    return found


def test_the_rate_that_the_curve_speaks_for_is_one_click_and_one_step(
    window: MainWindow, page: TrainPage, qtbot: QtBot
) -> None:
    session, finding = window.session, window.session.rate_finding
    assert not page.rates.isVisible()
    page.controls.find_rate.click()
    assert page.rates.isVisible()
    assert page.rates.close_button.text() == "Cancel"
    qtbot.waitUntil(lambda: finding.state == "done", timeout=60_000)
    assert finding.advice is not None
    assert finding.advice.rate is not None
    x, y = page.rates.raw.getOriginalDataset()
    assert x is not None
    assert y is not None
    assert len(x) == len(y) == len(finding.points) > 20
    assert page.rates.mark.isVisible()
    assert page.rates.use.text() == f"Use {finding.advice.rate:g}"
    assert page.rates.head.subtitle.isVisible()
    assert page.rates.head.subtitle.text().startswith(("The loss falls fastest there;", "A tenth of the rate"))
    steps = session.undo_stack.count()
    page.rates.use.click()
    assert session.undo_stack.count() == steps + 1
    assert session.experiment.training.learning_rate == finding.advice.rate
    assert not page.rates.isVisible()
    session.undo_stack.undo()
    assert session.experiment.training.learning_rate == TrainingSpec().learning_rate


def test_it_is_cancelled_by_its_button_and_by_a_run(window: MainWindow, page: TrainPage, qtbot: QtBot) -> None:
    session, finding = window.session, window.session.rate_finding
    page.controls.find_rate.click()
    qtbot.waitUntil(lambda: bool(finding.points), timeout=60_000)
    page.rates.close_button.click()
    assert finding.state == "closed"
    qtbot.waitUntil(lambda: session.forecasting.found is not None, timeout=60_000)
    assert page.empty.isVisible()
    page.controls.find_rate.click()
    session.change("training.epochs", 1)
    session.runs.start()
    assert finding.state == "closed"
    qtbot.waitUntil(lambda: session.runs.phase == "finished", timeout=60_000)
    assert page.plots.isVisible()


def test_what_goes_wrong_is_said(
    window: MainWindow, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr("resnet_studio.training.update.training_loss", greedy)
    page.controls.find_rate.click()
    qtbot.waitUntil(lambda: window.session.rate_finding.state == "done", timeout=60_000)
    assert page.rates.head.subtitle.text().startswith("The memory is too small: 2.1 GB more were needed")
    assert not page.rates.use.isVisible()
