"""A signal in the midst of what is no training: it ends in good order all the same."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.training import forecast as forecast_module
from resnet_studio.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.cli.conftest import Command

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no such signals there")
TRAIN = ("train", "digits_resnet8", "--epochs", "1", "--batch-size", "1024", "--output")


def _signal_at(monkeypatch: pytest.MonkeyPatch, place: object, name: str, number: signal.Signals) -> None:
    """Send this process a signal whenever something is called."""
    call = getattr(place, name)

    def signalling(*given: Any, **named: Any) -> Any:
        os.kill(os.getpid(), number)
        return call(*given, **named)

    monkeypatch.setattr(place, name, signalling)


def test_before_anything_has_begun_nothing_is_made(
    command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _signal_at(monkeypatch, forecast_module, "_one_step", signal.SIGTERM)
    outcome = command(*TRAIN, tmp_path)
    assert (outcome.code, outcome.out) == (143, "")
    assert outcome.sentence == "Stopping in good order; a second signal leaves at once."
    assert list(tmp_path.iterdir()) == []


def test_while_it_is_tested_the_run_is_saved_and_only_its_test_is_left(
    command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _signal_at(patched, Trainer, "test", signal.SIGINT)
        outcome = command(*TRAIN, tmp_path, "--json")
    assert outcome.code == 130
    (folder,) = tmp_path.iterdir()
    run = RunFolder(folder)
    ended = fold(run.events()).ended
    assert ended is not None
    assert (ended.reason, ended.test_accuracy) == ("stopped", None)
    assert command("resume", folder).code == 0
    history = fold(run.events())
    assert history.ended is not None
    assert history.ended.reason == "finished"
    assert [each.checkpoint for each in history.evaluations] == [str(run.checkpoints().best)]
