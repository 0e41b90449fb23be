"""A run without a trainer: made-up events, and the page of a session that is told of them."""

import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.gui import theme
from resnet_studio.gui.actions import make_actions
from resnet_studio.gui.pages.train.page import TrainPage
from resnet_studio.gui.run_state import Phase, RunState
from resnet_studio.gui.session import Session
from resnet_studio.runs.events import CheckpointSaved, EpochDone, Event, RunStarted, Step

MakeRun = Callable[..., list[Event]]


def made_up(
    steps: int,
    *,
    per_epoch: int = 20,
    every: int = 1,
    seed: int = 0,
    device: str = "cpu",
    start: int = 0,
    average: bool = False,
) -> list[Event]:
    """Return the events of a run that learns: a step takes a second, a validation ten.

    With an `average` of the weights, this is best in the third epoch, the weights in the second.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    clock = 1000.0 + start
    events: list[Event] = []
    if not start:
        events.append(
            RunStarted(step=0, time=clock, parameters=9, device=device, precision="fp32", steps_per_epoch=per_epoch)
        )
    for step in range(start + 1, start + steps + 1):
        clock += 1
        epoch = -(-step // per_epoch)
        if step % every == 0:
            loss = math.exp(-step / 50) + 0.1 + 0.1 * chance.random()
            events.append(
                Step(
                    step=step,
                    time=clock,
                    epoch=epoch,
                    loss=loss,
                    accuracy=1 - loss / 2,
                    lr=0.1,
                    images_per_second=128.0 + chance.random(),
                )
            )
        if step % per_epoch == 0:
            clock += 10
            accuracy = 0.8 if epoch == 2 else 0.5 + 0.01 * epoch
            events.append(
                EpochDone(
                    step=step,
                    time=clock,
                    epoch=epoch,
                    train_loss=0.5,
                    train_accuracy=0.9,
                    val_loss=0.6,
                    val_accuracy=accuracy,
                    seconds=per_epoch + 10.0,
                    ema_val_loss=0.4 if average else None,
                    ema_val_accuracy=(0.9 if epoch == 3 else 0.6) if average else None,
                )
            )
            name = f"step-{step}"
            events.append(CheckpointSaved(step=step, time=clock, checkpoint=name, epoch=epoch, best=name))
    return events


@pytest.fixture
def make_run() -> MakeRun:
    """`made_up`."""
    return made_up


@pytest.fixture
def session(qapp: QApplication) -> Iterator[Session]:
    """A session whose threads are gone afterwards."""
    if theme.mode() != "light" or not qapp.styleSheet():
        theme.apply(qapp, "light")  # which restyles whatever widgets there are: not for each test
    made = Session()
    yield made
    assert made.close()
    made.deleteLater()


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> Iterator[TrainPage]:
    """The page, shown at the size that it has in a window of 1280x800."""
    host = QWidget()  # whose the actions are
    qtbot.addWidget(host)
    made = TrainPage(session, make_actions(host))
    qtbot.addWidget(made)
    made.resize(1216, 746)
    made.show()
    qtbot.waitExposed(made)
    yield made
    host.close()


class Told:
    """Tells a session of a run as its trainer would."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def begin(self, phase: Phase = "training", message: str = "") -> None:
        """Begin another run, without events yet."""
        self.session.runs.events = []
        self.phase(phase, message)

    def phase(self, phase: Phase, message: str = "") -> None:
        """Let the run be in another phase."""
        self.session.runs.current = RunState(phase, self.session.experiment, Path("runs/one"), "cpu", message)
        self.session.run_changed.emit()

    def events(self, events: list[Event]) -> None:
        """Let events come."""
        self.session.runs.events += events
        self.session.events_came.emit(events)


@pytest.fixture
def told(session: Session) -> Told:
    """What tells the session of a run."""
    return Told(session)
