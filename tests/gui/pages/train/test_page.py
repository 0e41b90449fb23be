import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui.pages.train.page import CPU_MS, GPU_MS, TrainPage
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.figure import Figure
from resnet_studio.gui.widgets.label import Label
from resnet_studio.runs.events import Evaluated, Event, Notice, Paused, Resumed, RunEnded, Step
from resnet_studio.runs.folder import RunFolder

MakeRun = Callable[..., list[Event]]


def drawn(page: TrainPage) -> list[float]:
    """Return where the points stand that are drawn."""
    x, _ = page.plots.loss.raw.getOriginalDataset()
    return [] if x is None else [float(place) for place in x]


def steps(events: list[Event]) -> list[float]:
    return [event.step for event in events if isinstance(event, Step)]


def test_without_a_run_it_says_what_will_be_here_and_offers_to_train(page: TrainPage) -> None:
    assert page.empty.isVisible()
    assert not page.plots.isVisible()
    assert page.empty.label.text().startswith("Loss and accuracy will be drawn here")
    assert page.controls.train.isVisible()
    assert not page.controls.pause.isVisible()
    assert page.strip.value("phase") == "idle"
    assert page.strip.value("step") == ""


def test_the_plots_have_their_names(page: TrainPage) -> None:
    for name in ("plot.loss", "plot.accuracy"):
        found = page.findChild(QWidget, name)
        assert found is not None
        assert hasattr(found, "plotItem"), "the PlotWidget itself"


def test_points_come_as_they_are_logged(page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot) -> None:
    told.begin("preparing")
    assert page.empty.isVisible()
    assert "being built" in page.empty.label.text()
    events = make_run(45, every=3)
    told.phase("training")
    told.events(events[:10])
    qtbot.waitUntil(lambda: drawn(page) == steps(events[:10]))
    assert page.plots.isVisible()
    told.events(events[10:])
    qtbot.waitUntil(lambda: drawn(page) == steps(events))
    assert len(drawn(page)) == 15


def test_a_batch_of_events_is_drawn_once_and_not_sooner_than_a_cpu_can_bear(
    page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawings: list[int] = []
    original = page.plots.redraw_in_parts

    def counted() -> Any:
        drawings.append(len(page.plots.curves))
        return original()

    monkeypatch.setattr(page.plots, "redraw_in_parts", counted)
    events = make_run(400)
    told.begin()
    for event in events[:200]:
        told.events([event])
    qtbot.waitUntil(lambda: drawn(page) == steps(events[:200]))
    assert len(drawings) <= 2
    for event in events[200:]:
        told.events([event])
    assert len(drawn(page)) < 300, "the rest waits for its turn"
    qtbot.waitUntil(lambda: drawn(page) == steps(events))
    assert len(drawings) <= 4


@pytest.mark.parametrize(("device", "interval"), [("cpu", CPU_MS), ("cuda:0", GPU_MS)])
def test_a_gpu_is_followed_more_closely(
    page: TrainPage, told: Any, make_run: MakeRun, device: str, interval: int
) -> None:
    told.begin()
    told.events(make_run(3, device=device))
    assert page.pace.interval_ms == interval
    assert 1000 / CPU_MS <= 5
    assert 1000 / GPU_MS <= 20


@pytest.mark.parametrize(("leave", "come_back"), [("hide", "show"), ("showMinimized", "showNormal")])
def test_a_page_that_nobody_sees_draws_nothing_and_catches_up(
    page: TrainPage,
    told: Any,
    make_run: MakeRun,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    leave: str,
    come_back: str,
) -> None:
    getattr(page, leave)()
    told.begin()
    drawings: list[int] = []
    original = page.plots.redraw_in_parts

    def counted() -> Any:
        drawings.append(1)
        return original()

    monkeypatch.setattr(page.plots, "redraw_in_parts", counted)
    events = make_run(30)
    told.events(events)
    qtbot.wait(2 * CPU_MS)
    assert drawings == []
    getattr(page, come_back)()
    qtbot.waitUntil(lambda: drawn(page) == steps(events))


def test_a_resumed_run_goes_on_from_where_it_was_taken_back_to(
    page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot
) -> None:
    told.begin()
    told.events(make_run(50))
    told.events([Resumed(step=40, from_step=40), *make_run(5, start=40)])
    qtbot.waitUntil(lambda: drawn(page) == list(range(1, 46)))
    qtbot.waitUntil(lambda: page.strip.value("step") == "45")


def test_another_run_begins_with_empty_plots(page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot) -> None:
    told.begin()
    told.events(make_run(50))
    qtbot.waitUntil(lambda: len(drawn(page)) == 50)
    told.begin("preparing")
    assert drawn(page) == []
    assert page.strip.value("step") == ""
    told.phase("training")
    told.events(make_run(7, seed=1))
    qtbot.waitUntil(lambda: drawn(page) == list(range(1, 8)))


def test_figures_of_a_run_under_way(page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot) -> None:
    told.begin()
    told.events(make_run(45))
    qtbot.waitUntil(lambda: page.strip.value("step") == "45")
    figures = {key: page.strip.value(key) for key in ("phase", "epoch", "device", "gap", "best", "speed")}
    assert figures["phase"] == "training"
    assert figures["epoch"] == "3"
    assert figures["device"] == "cpu"
    assert figures["gap"] == "+10.0"
    assert figures["best"] == "80.00"
    assert figures["speed"] in {"128", "129"}
    total = 20 * page._session.experiment.training.epochs
    assert page.strip.value("left") == f"{(total - 45) * 30 // 20 // 60}:{(total - 45) * 30 // 20 % 60:02}"


def on_test_images(checkpoint: str, accuracy: float) -> Evaluated:
    return Evaluated(
        step=80, split="test", checkpoint=checkpoint, accuracy=accuracy, top5_accuracy=1.0, loss=0.1, samples=10
    )


def test_figures_of_the_average_stand_beside_those_of_the_weights(
    page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot
) -> None:
    def average() -> QWidget:
        found = page.strip.findChild(QWidget, "view.figures.average")
        assert isinstance(found, QWidget)
        return found

    told.begin()
    told.events(make_run(80))
    qtbot.waitUntil(lambda: page.strip.value("best") == "80.00")
    assert not average().isVisible()
    assert "average" not in [label.text() for label in page.tools.legend.findChildren(Label) if label.isVisible()]

    told.begin()
    ended = RunEnded(step=80, reason="finished", test_accuracy=0.975, checkpoint="step-40")
    evaluated = [on_test_images("step-60/ema", 0.98), on_test_images("step-40", 0.975)]
    told.events([*make_run(80, average=True), *evaluated, ended])
    qtbot.waitUntil(lambda: page.strip.value("average") == "90.00")
    assert average().isVisible()
    assert [page.strip.value("best"), page.strip.value("test")] == ["80.00", "97.50"]
    words = [label.text() for label in page.strip.findChildren(Label)]
    assert "epoch 3" in words
    assert "average 98.00" in words
    assert "average" in [label.text() for label in page.tools.legend.findChildren(Label) if label.isVisible()]


def test_figures_never_touch_each_other(page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot) -> None:
    told.begin()
    ended = RunEnded(step=80, reason="finished", test_accuracy=0.975, checkpoint="step-40")
    told.events([*make_run(80, average=True), on_test_images("step-60/ema", 0.98), ended])
    qtbot.waitUntil(lambda: page.strip.value("test") == "97.50")
    page.resize(960, 566)  # what there is of it in the smallest window
    page.strip.layout().activate()  # type: ignore[union-attr]
    figures = sorted((each for each in page.strip.findChildren(Figure) if each.isVisible()), key=lambda each: each.x())
    assert "view.figures.gap" not in [each.objectName() for each in figures]
    assert all(one.geometry().right() + 8 <= other.x() for one, other in itertools.pairwise(figures))
    assert figures[-1].geometry().right() <= page.strip.width()


def test_buttons_are_those_that_make_sense_now(page: TrainPage, told: Any) -> None:
    def visible() -> list[str]:
        return [name for name in ("train", "resume", "pause", "stop") if getattr(page.controls, name).isVisible()]

    assert visible() == ["train"]
    for phase, wanted in {
        "preparing": ["pause", "stop"],
        "training": ["pause", "stop"],
        "paused": ["pause", "stop"],
        "stopping": ["pause", "stop"],
        "stopped": ["train", "resume"],
        "failed": ["train", "resume"],
        "finished": ["train"],
    }.items():
        told.phase(phase)
        assert visible() == wanted, phase


def test_buttons_trigger_their_actions(page: TrainPage, told: Any, qtbot: QtBot) -> None:
    told.phase("training")
    for name in ("pause", "stop"):
        button = page.findChild(QPushButton, f"button.{name}")
        assert button is not None
        action = button._action  # type: ignore[attr-defined]
        assert action.objectName() == f"action.{name}"
        with qtbot.waitSignal(action.triggered):
            button.click()


def test_a_failure_is_told_above_the_plots(page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot) -> None:
    sentence = "The loss is no finite number after step 10; take a smaller learning rate."
    told.begin()
    told.events(make_run(10))
    assert not page.finding.isVisible()
    told.phase("failed", sentence)
    assert page.finding.isVisible()
    assert sentence in page.finding.accessibleName()
    assert page.finding.severity == "error"
    assert page.strip.value("phase") == "failed"
    qtbot.waitUntil(lambda: len(drawn(page)) == 10)
    told.begin("preparing")
    assert not page.finding.isVisible()


def test_a_run_that_ended_as_it_was_wanted_has_not_failed(page: TrainPage, told: Any, make_run: MakeRun) -> None:
    told.begin()
    told.events(make_run(10))
    told.phase("stopped", "The limit of 5 minutes is reached.")
    assert page.finding.isVisible()
    assert page.finding.severity == "info"


def test_a_notice_is_told_until_it_is_closed(page: TrainPage, told: Any, make_run: MakeRun, qtbot: QtBot) -> None:
    told.begin()
    told.events([*make_run(10), Notice(step=10, message="No better validation accuracy in 5 epochs.")])
    qtbot.waitUntil(page.finding.isVisible)
    assert page.finding.severity == "info"
    page.finding.findChild(QToolButton, "view.train.finding.close").click()  # type: ignore[union-attr]
    told.events(make_run(5, start=10))
    qtbot.waitUntil(lambda: page.strip.value("step") == "15")
    assert not page.finding.isVisible()


def test_a_finished_run_that_is_opened_shows_all_of_its_curves(
    page: TrainPage, session: Session, make_run: MakeRun, qtbot: QtBot, tmp_path: Path
) -> None:
    events = make_run(60, every=2)
    events.insert(30, Paused(step=events[29].step, time=events[29].time))
    events.append(RunEnded(step=60, reason="finished", best_epoch=2, test_accuracy=0.975, checkpoint="step-40"))
    folder = RunFolder.create(tmp_path, session.experiment)
    with folder.recording() as record:
        for event in events:
            record(event)
    session.runs.open(folder.path)
    qtbot.waitUntil(lambda: drawn(page) == steps(events))
    assert page.plots.isVisible()
    assert page.strip.value("phase") == "finished"
    assert page.strip.value("test") == "97.50"
    assert page.plots.accuracy.best.label == "best 80.00 %, epoch 2"


def test_the_tools_reach_the_plots(page: TrainPage, told: Any, make_run: MakeRun) -> None:
    told.begin()
    told.events(make_run(40))
    page.findChild(QPushButton, "plots.unit.epoch").click()  # type: ignore[union-attr]
    assert page.plots.unit == "epoch"
    page.tools.slider.setValue(60)
    assert page.plots.smoothing == 0.99
    page.tools.log.click()
    assert not page.plots.loss.log
    page.plots.loss.view.setXRange(0.5, 0.7, padding=0)
    page.tools.fit.click()
    assert page.plots.loss.view.viewRange()[0] == pytest.approx([0, 2], abs=0.05)


def test_the_plots_are_saved_as_a_picture(
    page: TrainPage, told: Any, make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.begin()
    told.events(make_run(40))
    page.plots.fit()
    target = tmp_path / "plots"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.tools.picture.click()
    image = QImage(str(target.with_suffix(".png")))
    assert image.width() == 2 * page.plots.width()
    assert image.height() > 2 * page.plots.height()


def test_a_picture_that_can_not_be_written_is_told(
    page: TrainPage, session: Session, told: Any, make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.begin()
    told.events(make_run(5))
    refusals: list[tuple[str, str]] = []
    session.refused.connect(lambda path, sentence: refusals.append((path, sentence)))
    target = tmp_path / "nowhere" / "plots.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.tools.picture.click()
    assert [path for path, _ in refusals] == [""]
    assert "plots.png" in refusals[0][1] or "nowhere" in refusals[0][1]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    page.tools.picture.click()
    assert len(refusals) == 1


def test_a_run_that_waits_for_its_disk_says_so_and_goes_on_where_it_is_told(
    page: TrainPage, told: Any, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers: list[Path | None] = []
    runs = page._session.runs
    monkeypatch.setattr(runs, "go_on", lambda: answers.append(None))
    monkeypatch.setattr(runs, "go_on_in", answers.append)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    told.begin()
    told.events(make_run(10))
    told.phase("paused")
    assert not page.finding.isVisible()
    told.phase("paused", "Free 3 MB in runs/one and continue.")
    assert "Free 3 MB" in page.finding.accessibleName()
    assert page.finding.severity == "warning", "nothing is lost"
    close = page.finding.findChild(QToolButton, "view.train.finding.close")
    assert close is not None
    assert not close.isVisible(), "it has the only way to another folder"
    buttons = {button.text(): button for button in page.finding.findChildren(QAbstractButton) if button.text()}
    buttons["Continue"].click()
    buttons["Another folder…"].click()
    assert answers == [None, tmp_path]
    told.phase("training")
    assert not page.finding.isVisible()
    told.phase("failed", "It went wrong.")
    assert close.isVisible()
