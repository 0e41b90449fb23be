"""What there is to train on, and what the session makes of it."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.cost import GIB
from resnet_studio.gui.session import Session
from resnet_studio.training.device import Device, no_gpu_reason

SMALL = Device("cuda:0", "A small GPU", bf16=True, memory=2 * GIB)
LARGE = Device("cpu", "A large CPU", bf16=False, memory=64 * GIB)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session()
    yield made
    assert made.close(10, keep=False)


def wide(session: Session) -> None:
    """Want what takes some 5 GiB in fp32."""
    session.change_many({"network.input_shape": (3, 96, 96), "training.batch_size": 2048}, "large images")


def fields(session: Session) -> list[str]:
    return [finding.field for finding in session.findings]


def test_the_devices_are_asked_for_once_the_session_starts(session: Session, qtbot: QtBot) -> None:
    assert session.devices.wanted is None
    with qtbot.waitSignal(session.devices_changed, timeout=60_000):
        session.start()
    assert session.devices.wanted is session.devices.known[0]
    assert session.devices.why_no_gpu == (no_gpu_reason() or "")
    session.change("training.device", "cuda:77")
    assert session.devices.wanted is None


def test_what_does_not_fit_into_the_device_is_found_and_mended(session: Session) -> None:
    session.devices.known = (SMALL, LARGE)
    assert "training.batch_size" not in fields(session)
    wide(session)
    (finding,) = [each for each in session.findings if each.field == "training.batch_size"]
    assert "cuda:0 has 2.0 GiB" in finding.message
    session.change("training.device", "cpu")
    assert "training.batch_size" not in fields(session), "the other device has room"
    session.change("training.device", "cuda")
    assert "training.batch_size" in fields(session)
    session.mend(finding)
    assert "training.batch_size" not in fields(session)
    assert session.experiment.training.batch_size < 2048


def test_the_precision_that_auto_stands_for_counts(session: Session) -> None:
    wide(session)
    need = 2048 * 4 * session.analysis.activations
    for bf16, found in ((True, False), (False, True)):
        session.devices.known = (Device("cuda:0", "A GPU", bf16, need),)
        session.find_again()
        assert ("training.batch_size" in fields(session)) is found


def test_what_is_found_later_is_announced(session: Session, qtbot: QtBot) -> None:
    wide(session)
    session.devices.known = (SMALL,)
    with qtbot.waitSignal(session.changed):
        session.find_again()
    with qtbot.assertNotEmitted(session.changed):
        session.find_again()
