"""What the command line refuses before there is a window."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.json", "There is no file {tmp}/missing.json; check the name."),
        ("newer.json", "{tmp}/newer.json was written by a newer studio"),
        ("folder", "{tmp}/folder is no run: it has no experiment.json."),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(command: "Command", tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "newer.json").write_text(json.dumps({"format": "resnet-studio/network", "version": 2}))
    outcome = command("gui", tmp_path / name)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.sentence.startswith(sentence.format(tmp=tmp_path))


@pytest.mark.parametrize("arguments", [[], ["gui"]])
def test_without_a_screen_the_command_line_says_so(
    command: "Command", monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("resnet_studio.gui.system.missing_system_libraries", dict)
    outcome = command(*arguments)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.sentence.startswith("There is no screen to show the window on: neither DISPLAY nor WAYLAND_DISPLAY")
