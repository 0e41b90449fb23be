"""The program as a process of its own: what it loads, and how it leaves."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from resnet_studio.cli.signals import continuing
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold

STUDIO = [sys.executable, "-m", "resnet_studio"]


@pytest.mark.parametrize("module", ["resnet_studio.cli", "resnet_studio.cli.app"])
def test_the_command_line_loads_neither_torch_nor_qt(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'torch', 'PySide6', 'pyqtgraph'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_window_is_opened_without_the_parser() -> None:
    code = "import sys, resnet_studio.cli.window; print(sorted({'typer', 'rich', 'torch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_module_is_the_program() -> None:
    done = subprocess.run([*STUDIO, "presets", "--json"], capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)) > 40
    done = subprocess.run([*STUDIO, "summary", "resnet51"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no preset 'resnet51'; did you mean resnet50")


@pytest.mark.skipif(os.name != "posix", reason="pipes break another way there")
def test_a_reader_that_has_gone_is_no_traceback() -> None:
    # all of it stays in the buffer to the end, unless this is switched off
    buffered = os.environ | {"PYTHONUNBUFFERED": ""}
    command = [*STUDIO, "--version"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=buffered) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_ctrl_c_while_the_program_is_being_loaded_is_no_traceback() -> None:
    program = """
import sys
import threading
class Interrupting:
    def find_spec(self, name, *_):
        if name == "resnet_studio.cli.outcome":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from resnet_studio.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.skipif(os.name != "posix", reason="no such signals there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_second_signal_leaves_at_once(number: signal.Signals, code: int) -> None:
    program = """
import signal, threading
from resnet_studio.cli.signals import stopping
with stopping(threading.Event()):
    print("ready", flush=True)
    while True:
        signal.pause()
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stderr.readline() == "Stopping in good order; a second signal leaves at once.\n"
        process.send_signal(number)
    assert process.returncode == code


@pytest.mark.skipif(os.name != "posix", reason="no such signals there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_a_run_that_then_goes_on(tmp_path: Path, number: signal.Signals, code: int) -> None:
    command = [*STUDIO, "train", "digits_resnet8", "--epochs", "100000", "--output", str(tmp_path), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["type"] == "step":
                break
        process.send_signal(number)
        process.communicate()
    assert process.returncode == code
    (folder,) = tmp_path.iterdir()
    run = RunFolder.open(folder)
    ended = fold(run.events()).ended
    assert ended is not None
    assert ended.reason == "stopped"
    assert run.checkpoint("last").step == ended.step


@pytest.mark.skipif(os.name != "posix", reason="no such signal there")
def test_sigcont_ends_a_pause() -> None:
    pause = threading.Event()
    pause.set()
    before = signal.getsignal(signal.SIGCONT)
    with continuing(pause):
        os.kill(os.getpid(), signal.SIGCONT)
        assert not pause.is_set()
    assert signal.getsignal(signal.SIGCONT) == before
