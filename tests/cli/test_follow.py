"""On a terminal the loading has its bar until the training has one: never both at a time."""

import io
import sys

import pytest

from resnet_studio.cli.follow import following, in_words
from resnet_studio.data.watch import Progress
from resnet_studio.runs.events import Paused, Resumed, RunStarted, Step

STARTED = RunStarted(time=0, step=0, parameters=1, device="cpu", precision="fp32", steps_per_epoch=4)
STEP = Step(time=1, step=3, epoch=1, loss=2.0, accuracy=0.5, lr=0.1, images_per_second=100)


class Terminal(io.StringIO):
    """A terminal that only says that it is one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("is_resumed", [False, True])
def test_the_bars_follow_each_other(monkeypatch: pytest.MonkeyPatch, is_resumed: bool) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    with following(2, as_json=False, started=STARTED if is_resumed else None) as show:
        show.loading(Progress("Decoding pets", 3, 9))
        assert "training" not in terminal.getvalue()
        show.event(Resumed(time=0, step=2, from_step=2) if is_resumed else STARTED)
        loaded = len(terminal.getvalue())
        show.event(STEP)
    assert "Decoding pets" in terminal.getvalue()[:loaded]
    assert "Decoding pets" not in terminal.getvalue()[loaded:]
    assert "epoch 1/2" in terminal.getvalue()
    assert "3/8" in terminal.getvalue()
    # the cursor is shown again
    assert terminal.getvalue().rstrip("\n").endswith("\x1b[?25h")


def test_events_alone_are_json_on_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = Terminal()
    monkeypatch.setattr(sys, "stderr", error)
    monkeypatch.setenv("TERM", "xterm")
    with following(2, as_json=True) as show:
        show.loading(Progress("Decoding pets", 3, 9))
        show.event(STARTED)
    assert "Decoding pets" in error.getvalue()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith('{"type": "run_started"')


def test_a_run_that_waits_for_its_disk_says_how_it_goes_on() -> None:
    line = in_words(Paused(step=3, message="The disk is full."), 2)
    assert line is not None
    assert line.startswith("The disk is full. ")
    assert line.endswith("Ctrl-C ends.")
    assert in_words(Paused(step=3), 2) == "paused at step 3, everything saved"
