"""One engine, one code path: the window's thread and the command line record the same events."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from resnet_studio.gui.main_window import MainWindow
from resnet_studio.runs.events import from_json
from resnet_studio.runs.history import fold
from resnet_studio.spec.files import experiment_document, write_document


def test_window_and_command_line_record_the_same_events(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    session = window.session
    session.change_many({"training.epochs": 2, "training.device": "cpu", "training.seed": 7}, "short")
    document = tmp_path / "experiment.json"
    write_document(document, experiment_document(session.experiment))
    session.runs.start()
    qtbot.waitUntil(lambda: not session.runs.going_on, timeout=120_000)
    command = [sys.executable, "-m", "resnet_studio", "train", str(document), "--output", str(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "80"})
    assert done.returncode == 0, done.stderr
    printed = [from_json(json.loads(line)) for line in done.stdout.splitlines()]
    ours, theirs = fold(session.runs.events).without_clock(), fold(printed).without_clock()
    assert len(ours) > 10
    assert ours == theirs
