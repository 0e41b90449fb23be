"""The doctor finds what is missing and names the command that mends it."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resnet_studio.cli import doctor
from resnet_studio.cli.gpu import Gpus, look, mend

if TYPE_CHECKING:
    from tests.cli.conftest import Command


def test_the_report(command: "Command", studio_home: Path) -> None:
    outcome = command("doctor", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    report = outcome.json
    assert {"resnet-studio", "python", "torch", "torchvision", "PySide6-Essentials", "qt"} <= set(report["versions"])
    assert report["devices"][-1]["name"] == "cpu"
    assert "fp32" in report["devices"][-1]["precisions"]
    assert (report["gpu"] is None) == (len(report["devices"]) > 1)
    assert report["folders"]["home"]["path"] == str(studio_home)
    assert report["folders"]["home"]["writable"]
    assert report["folders"]["runs"]["free"] > 0


def test_lines_for_a_reader(command: "Command") -> None:
    lines = command("doctor").out.splitlines()
    assert any(line.startswith("torch ") for line in lines)
    assert any(line.startswith("system libraries ") for line in lines)


def test_missing_libraries_are_named_with_their_mend(command: "Command", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "missing_system_libraries", lambda: {"libxcb-cursor.so.0": "libxcb-cursor0"})
    report = command("doctor", "--json").json
    assert report["system_libraries"] == {
        "missing": ["libxcb-cursor.so.0"],
        "mend": "sudo apt-get install -y libxcb-cursor0",
    }
    assert report["versions"]["qt"] is None
    assert "missing: libxcb-cursor.so.0. Mend: sudo apt-get" in command("doctor").out


NOTHING = Gpus(frozenset(), driver=False, container=False)
NVIDIA = Gpus(frozenset({"NVIDIA"}), driver=False, container=False)
WITH_DRIVER = Gpus(frozenset({"NVIDIA"}), driver=True, container=False)


@pytest.mark.parametrize(
    ("gpus", "build", "reason", "sentence", "command"),
    [
        (NOTHING, "cuda", "torch finds no GPU", "This machine shows no GPU (torch finds no GPU).", ""),
        (NVIDIA, "cuda", "Found no NVIDIA driver on your system", "its driver is not installed", "nvidia"),
        (WITH_DRIVER, "cpu", "torch is built without GPU support", "built for the CPU alone", "pip install --force"),
        (NVIDIA, "cpu", "torch is built without GPU support", "built for the CPU alone", "pip install --force"),
        (WITH_DRIVER, "cuda", "The NVIDIA driver on your system is too old", "driver is too old", "nvidia"),
        (WITH_DRIVER, "cuda", "out of memory", "torch can't use it: out of memory.", "nvidia-smi"),
        (Gpus(frozenset({"NVIDIA"}), driver=False, container=True), "cuda", "", "this container may not", "--gpus all"),
        (Gpus(frozenset({"AMD"}), driver=False, container=False), "cuda", "", "not built for it", "pytorch.org"),
    ],
)
def test_why_no_gpu_is_used_and_what_mends_it(gpus: Gpus, build: str, reason: str, sentence: str, command: str) -> None:
    why, how = mend(gpus, build, reason)
    assert sentence in why
    assert command in how
    assert bool(how) == bool(command)


def test_cards_are_found_on_the_bus(tmp_path: Path) -> None:
    devices = tmp_path / "sys/bus/pci/devices"
    for name, kind, maker in (("a", "0x030000", "0x10de"), ("b", "0x020000", "0x1002"), ("c", "0x038000", "0x1234")):
        (devices / name).mkdir(parents=True)
        (devices / name / "class").write_text(f"{kind}\n")
        (devices / name / "vendor").write_text(f"{maker}\n")
    (tmp_path / "proc/driver/nvidia").mkdir(parents=True)
    (tmp_path / "proc/driver/nvidia/version").touch()
    assert look(tmp_path) == Gpus(frozenset({"NVIDIA"}), driver=True, container=False)
    (tmp_path / ".dockerenv").touch()
    assert look(tmp_path).container


def test_a_machine_without_a_bus_shows_nothing(tmp_path: Path) -> None:
    assert look(tmp_path) == NOTHING
