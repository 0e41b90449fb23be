"""The curve of the finder of a learning rate, without anybody who draws it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from resnet_studio.gui import trainer_thread
from resnet_studio.gui.pages.train import rate_view
from resnet_studio.gui.pages.train.page import TrainPage
from resnet_studio.gui.session import Session
from resnet_studio.training.rate_finder import STEPS, Advice, RatePoint, smoothed

POINTS = [RatePoint(10.0 ** (step / 10 - 5), 2.0 - step / 50) for step in range(50)]


def found(session: Session, advice: Advice | None) -> None:
    """Let a curve have come so far."""
    finding = session.rate_finding
    finding.state = "done" if advice else "trying"
    finding.points, finding.advice = POINTS, advice
    session.rates_changed.emit()


def test_how_far_it_has_come_is_said_whole(page: TrainPage, session: Session, qtbot: QtBot) -> None:
    found(session, None)
    assert page.rates.isVisible()
    assert not page.tools.isVisible(), "they are for the curves of a run"
    words = page.rates.head.subtitle
    assert words.text().startswith("Step 50 of at most 100,")
    page.resize(960, 566)  # what there is of it in the smallest window
    qtbot.waitUntil(lambda: page.rates.width() < 700)
    assert words.sizeHint().width() <= words.width(), "the end of it would be cut"
    assert rate_view.STEPS == STEPS
    assert page.rates.close_button.text() == "Cancel"
    assert not page.rates.pick.isVisible()


def test_the_pick_stands_on_the_curve_with_its_number(page: TrainPage, session: Session) -> None:
    found(session, Advice(0.03, "The loss falls fastest there; it diverges at 0.9."))
    pick = page.rates.pick
    assert pick.isVisible()
    assert pick.label == "0.03"
    place = int(np.argmin([abs(point.rate - 0.03) for point in POINTS]))
    height = np.log10(smoothed([point.loss for point in POINTS])[place])
    assert (pick.x(), pick.y()) == pytest.approx((np.log10(0.03), height), abs=0.02)
    assert page.rates.head.subtitle.text().startswith("The loss falls fastest there")
    session.rate_finding.close()
    assert page.tools.isVisible()


@pytest.mark.parametrize("advice", [None, Advice(0.03, "The loss falls fastest there; it diverges at 0.9.")])
def test_esc_ends_it(page: TrainPage, session: Session, qtbot: QtBot, advice: Advice | None) -> None:
    found(session, advice)
    qtbot.waitUntil(page.rates.close_button.hasFocus)
    qtbot.keyClick(page.rates.close_button, Qt.Key.Key_Escape)
    assert session.rate_finding.state == "closed"
    assert not page.rates.isVisible()


def test_without_a_pick_the_reason_stands_alone(page: TrainPage, session: Session) -> None:
    found(session, Advice(None, "The loss does not fall at any rate up to 10."))
    assert not page.rates.pick.isVisible()
    assert not page.rates.use.isVisible()
    assert page.rates.head.subtitle.text() == "The loss does not fall at any rate up to 10."


def test_what_a_run_has_taken_stays_while_a_rate_is_looked_for(
    page: TrainPage, session: Session, told: Any, make_run: Any, qtbot: QtBot
) -> None:
    told.begin()
    told.events(make_run(40))
    told.phase("finished")
    assert session.forecasting.measured.epoch_seconds == 30.0
    session.started = True
    session.forecasting.cancel()
    session.forecasting.ask()
    assert session.forecasting.measured.epoch_seconds == 30.0
    session.change("training.batch_size", 32)
    qtbot.waitUntil(lambda: session.forecasting.measured.epoch_seconds is None)
    session.forecasting.cancel()
    assert page.isVisible()


def test_what_a_run_has_taken_does_not_stand_beside_what_was_edited_meanwhile(
    page: TrainPage, session: Session, told: Any, make_run: Any
) -> None:
    forecasting = session.forecasting
    told.begin("preparing")
    told.events(make_run(20))
    session.change("training.batch_size", 32)
    told.events(make_run(20, start=20))
    told.phase("finished")
    session.started = True
    forecasting.ask()
    assert forecasting.measured.epoch_seconds is None
    forecasting.cancel()

    told.begin("preparing")
    told.events(make_run(20))
    told.phase("finished")
    session.loading.images = None  # loaded anew, for the same experiment
    forecasting.ask()
    assert forecasting.measured.epoch_seconds == 30.0
    forecasting.cancel()
    assert page.isVisible()


def test_images_that_are_not_there_yet_are_no_reason_not_to_begin(
    session: Session, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    given: list[object] = []

    def rates(_: object, images: object, __: object) -> Iterator[RatePoint]:
        given.append(images)
        yield from POINTS

    monkeypatch.setattr(trainer_thread, "rates", rates)
    assert session.images is None
    assert session.runs.why_not == "", "so that the button offers it"
    session.rate_finding.start()
    qtbot.waitUntil(lambda: session.rate_finding.state == "done")
    assert given == [None], "which are loaded by the finder itself"
    assert session.rate_finding.points == POINTS
