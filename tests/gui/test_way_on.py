"""A run that has failed goes on with one click."""

from typing import Any

import pytest
import torch
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.gui.main_window import MainWindow
from resnet_studio.gui.pages.train.page import TrainPage
from resnet_studio.gui.way_on import WayOn, way_on
from resnet_studio.runs.events import CheckpointSaved, Event, LrChanged, RunEnded
from resnet_studio.training.loss import training_loss

SAVED = CheckpointSaved(step=1170, checkpoint="step-1170", epoch=3, best=None)
RATE = {"training.learning_rate": 0.02}
BATCH = {"training.batch_size": 64, "training.accumulate": 2}
STEPS = {"training.batch_size": 128, "training.learning_rate": 0.2}


def failed(mend: dict[str, Any] | None) -> RunEnded:
    return RunEnded(step=1200, reason="failed", message="It went wrong.", mend=mend)


@pytest.mark.parametrize(
    ("events", "label"),
    [
        ([SAVED, failed(RATE)], "Go back to step 1,170 and go on with a tenth of the rate"),
        ([failed(RATE)], "Begin again with a tenth of the rate"),
        ([SAVED, failed(BATCH)], "Go back to step 1,170 and go on with batches of 64, 2 a step"),
        ([SAVED, failed({"training.compile": "off"})], "Go back to step 1,170 and go on without compiling"),
        ([SAVED, failed(None)], None),
        ([SAVED], None),
        ([failed(RATE), SAVED], None),
        ([], None),
    ],
)
def test_what_is_offered(events: list[Event], label: str | None) -> None:
    way = way_on(events)
    assert (way and way.label) == label


@pytest.mark.parametrize("trouble", ["not finite", "memory"])
def test_one_click_goes_on(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    session, runs, calls = window.session, window.session.runs, [0]

    def bad(*given: Any, **named: Any) -> torch.Tensor:
        calls[0] += 1
        if calls[0] < 14:
            return training_loss(*given, **named)
        if trouble == "memory":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return training_loss(*given, **named) * torch.nan

    # the loss of smoothed labels is computed twice a batch
    short = {"training.epochs": 2, "training.device": "cpu", "training.label_smoothing": 0.0} | STEPS
    session.change_many(short, "short")
    with monkeypatch.context() as patched:
        patched.setattr("resnet_studio.training.update.training_loss", bad)
        window.show_page("train")
        runs.start()
        qtbot.waitUntil(lambda: runs.phase == "failed", timeout=60_000)
    page = window.findChild(TrainPage)
    assert page is not None

    def offered() -> list[QPushButton]:
        buttons = page.finding.findChildren(QPushButton)
        return [button for button in buttons if not button.isHidden() and button.text().startswith("Go back to")]

    qtbot.waitUntil(lambda: bool(offered()))
    asked = session.undo_stack.count()
    offered()[0].click()
    assert session.undo_stack.count() == asked + 1
    training = session.experiment.training
    if trouble == "memory":
        assert (training.batch_size, training.accumulate) == (64, 2)
    else:
        assert training.learning_rate == 0.02
    qtbot.waitUntil(lambda: runs.phase == "finished", timeout=60_000)
    assert any(isinstance(event, LrChanged) for event in runs.events) == (trouble == "not finite")
    session.undo_stack.undo()
    assert session.experiment.training.learning_rate == 0.2
    assert session.experiment.training.batch_size == 128
    assert isinstance(way_on(runs.events), WayOn) is False
