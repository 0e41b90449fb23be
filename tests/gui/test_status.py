"""The line at the foot of the window: the device, and what is saved."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.cost import GIB
from resnet_studio.gui.session import Session
from resnet_studio.gui.status import StatusLine
from resnet_studio.training.device import Device

NOW = 1_800_000_000.0


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    yield made
    assert made.close(10, keep=False)


@pytest.fixture
def line(session: Session, qtbot: QtBot) -> StatusLine:
    made = StatusLine(session)
    qtbot.addWidget(made)
    return made


def test_the_device_is_shown_with_its_memory_once_it_is_known(session: Session, line: StatusLine) -> None:
    assert line._device.text() == "device auto"
    gpu = Device("cuda:0", "A GPU", bf16=True, memory=12 * GIB)
    session.devices.known = (gpu, Device("cpu", "A CPU", bf16=True, memory=None))
    session.devices_changed.emit()
    assert line._device.text() == "cuda:0 A GPU, 12.00 GiB"
    session.change("training.device", "cpu")
    assert line._device.text() == "cpu A CPU"
    session.change("training.device", "cuda:7")
    assert line._device.text() == "device cuda:7"


@pytest.mark.parametrize(
    ("age", "words"), [(0, "0 s ago"), (12, "12 s ago"), (60, "1 min ago"), (3599, "59 min ago"), (7300, "2 h ago")]
)
def test_how_long_ago_the_document_was_saved(
    age: float, words: str, session: Session, line: StatusLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line._place.text() == ""
    session.documents.save(tmp_path / "mine.json")
    monkeypatch.setattr(time, "time", lambda: NOW)
    session.documents.saved_at = NOW - age
    line.refresh()
    assert line._place.text() == f"saved {words}"
    assert line._clock.isActive()
    session.change("training.epochs", 3)
    assert line._place.text() == "edited"
    assert not line._clock.isActive(), "nothing there grows older"


def test_that_an_edit_is_kept_is_said_when_it_is(session: Session, line: StatusLine, qtbot: QtBot) -> None:
    session.change("training.epochs", 3)
    session.documents.autosave.write()
    qtbot.waitUntil(lambda: line._place.text().startswith("edited, autosaved "), timeout=10_000)
