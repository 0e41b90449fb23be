import threading
from pathlib import Path

import pytest

from resnet_studio.runs.folder import RunFolder
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.training.control import Control


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, ExperimentSpec())


def test_nothing_is_asked_at_first(run: RunFolder) -> None:
    assert Control().request(run) is None


def test_switches_and_files_ask_the_same(run: RunFolder) -> None:
    control = Control()
    control.pause.set()
    assert control.request(run) == "pause"
    control.pause.clear()
    run.request("pause")
    assert control.request(run) == "pause"
    control.stop.set()
    assert control.request(run) == "stop"
    run.withdraw("pause")
    control.stop.clear()
    run.request("stop")
    assert control.request(run) == "stop"


@pytest.mark.parametrize("end", ["go on", "stop", "file withdrawn"])
def test_a_pause_ends_when_it_is_taken_back_or_a_stop_is_asked(run: RunFolder, end: str) -> None:
    control = Control()
    if end == "file withdrawn":
        run.request("pause")
    else:
        control.pause.set()
    waiting = threading.Thread(target=control.wait, args=[run])
    waiting.start()
    waiting.join(0.15)
    assert waiting.is_alive()
    if end == "go on":
        control.pause.clear()
    elif end == "stop":
        control.stop.set()
    else:
        run.withdraw("pause")
    waiting.join(5)
    assert not waiting.is_alive()
