"""A run that can't go on: its sentence ends in the command with which it can."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch.nn.functional import cross_entropy

from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.training.stepping import Stepper
from resnet_studio.training.update import Update

if TYPE_CHECKING:
    from tests.cli.conftest import Command


def test_the_command_that_is_named_goes_on(command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forward, seed, batches = Update.forward, Stepper._seed, [0]

    def poisoned(update: Update, *given: Any) -> Any:
        loss, logits = forward(update, *given)
        return (loss * torch.nan if batches[-1] >= 13 else loss), logits

    def noted(stepper: Stepper, batch: int) -> None:
        batches.append(batch)
        seed(stepper, batch)

    with monkeypatch.context() as patched:
        patched.setattr(Update, "forward", poisoned)
        patched.setattr(Stepper, "_seed", noted)
        flags = ("--epochs", "2", "--batch-size", "128", "--lr", "0.2")
        outcome = command("train", "digits_resnet8", *flags, "--output", tmp_path / "my runs")
    (folder,) = (tmp_path / "my runs").iterdir()
    assert (outcome.code, outcome.out.splitlines()[-1]) == (1, str(folder))
    head, _, line = outcome.err.splitlines()[-1].partition(": resnet-studio ")
    assert head.startswith("The loss is not finite at step 14, at a learning rate of 0.0824")
    assert head.endswith("; go back to step 10 and go on with a tenth of the rate")
    words = shlex.split(line)
    assert words == ["resume", str(folder), "--set", "training.learning_rate=0.02"]
    assert command(*words).code == 0
    ended = fold(RunFolder.open(folder).events()).ended
    assert ended is not None
    assert ended.reason == "finished"


def test_events_alone_are_printed_of_a_run_that_fails(
    command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def infinite(*given: Any, **named: Any) -> Any:
        return cross_entropy(*given, **named) * torch.inf

    monkeypatch.setattr("resnet_studio.training.loss.cross_entropy", infinite)
    outcome = command("train", "digits_resnet8", "--epochs", "1", "--lr", "0.2", "--output", tmp_path, "--json")
    assert outcome.code == 1
    (folder,) = tmp_path.iterdir()
    assert outcome.out == (folder / "events.jsonl").read_text()
    last = json.loads(outcome.out.splitlines()[-1])
    assert (last["type"], last["reason"], last["mend"]) == ("run_ended", "failed", {"training.learning_rate": 0.02})
    assert outcome.sentence.startswith(last["message"].rstrip("."))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("training.optimizer=adam", "training.optimizer can't change in the middle of a run; start a new one"),
        ("training.learning_rate=-1", "training.learning_rate: "),
    ],
)
def test_what_can_not_change_is_wrong_usage(command: "Command", trained: Path, change: str, words: str) -> None:
    outcome = command("resume", trained, "--epochs", "3", "--set", change)
    assert outcome.code == 2
    assert outcome.sentence.startswith(words)
