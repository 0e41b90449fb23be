"""Exports, proven when they are made and whenever it is asked."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resnet_studio.runs.folder import RunFolder

if TYPE_CHECKING:
    from tests.cli.conftest import Command


def test_an_export_and_its_verification(command: "Command", trained: Path, tmp_path: Path) -> None:
    to = tmp_path / "digits"
    outcome = command("export", trained, "--to", to)
    assert (outcome.code, outcome.err) == (0, "")
    *proof, folder = outcome.out.splitlines()
    assert folder == str(to)
    assert all(line.startswith("ok ") for line in proof)
    assert {path.name for path in to.iterdir()} == {
        *("digits_resnet8.safetensors", "digits_resnet8.pt", "network.json", "classes.json")
    }
    outcome = command("verify", to)
    assert (outcome.code, outcome.err) == (0, "")
    assert all(line.startswith("ok ") for line in outcome.out.splitlines())


def test_one_format_alone(command: "Command", trained: Path, tmp_path: Path) -> None:
    assert command("export", trained, "--to", tmp_path / "digits", "--format", "safetensors").code == 0
    assert not (tmp_path / "digits" / "digits_resnet8.pt").exists()


def test_a_checkpoint_by_its_name(command: "Command", trained: Path, tmp_path: Path) -> None:
    assert command("export", trained, "--to", tmp_path / "digits", "--checkpoint", "last").code == 0
    about = json.loads((tmp_path / "digits" / "classes.json").read_text())
    assert about["source"]["checkpoint"] == RunFolder(trained).checkpoints().last


def test_a_changed_file_is_found(command: "Command", trained: Path, tmp_path: Path) -> None:
    to = tmp_path / "digits"
    command("export", trained, "--to", to)
    weights = to / "digits_resnet8.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    outcome = command("verify", to)
    assert outcome.code == 1
    assert outcome.sentence.startswith(f"{to} is not what was exported: sha256 of digits_resnet8.safetensors: ")
    assert any(line.startswith("FAILED  safetensors: sha256") for line in outcome.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["export", "{run}"], 2, "Missing option '--to'; `resnet-studio export --help` says more."),
        (["export", "{run}", "--to", "{tmp}/x", "--format", "pth"], 2, "--format: 'pth' is none of safetensors, pt,"),
        (["export", "{run}", "--to", "{tmp}/x", "--format", "onnx"], 1, "The format onnx comes later"),
        (["export", "{tmp}", "--to", "{tmp}/x"], 1, "{tmp} is no run: it has no experiment.json."),
        (["export", "{run}", "--to", "{tmp}/file"], 1, "{tmp}/file is a file; name a folder for the export."),
        (["verify", "{tmp}"], 1, "{tmp} is no export: it has no classes.json."),
        (["verify", "{tmp}/missing"], 1, "{tmp}/missing is no export"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    command: "Command", trained: Path, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    (tmp_path / "file").write_text("not ours")
    outcome = command(*[argument.format(run=trained, tmp=tmp_path) for argument in arguments])
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.sentence.startswith(sentence.format(tmp=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "not ours"
