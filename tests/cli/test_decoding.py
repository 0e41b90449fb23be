"""What comes between the command line and its decoded images: signals, odd names, others at the same work."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from resnet_studio.data.decoding import workers
from resnet_studio.data.decoding.examine import Examined, examined
from resnet_studio.data.store.entry import entries, images_folder

if TYPE_CHECKING:
    from tests.cli.conftest import Command

FLAGS = ("--input-shape", "3,16,16", "--epochs", "1")
STOPPING = "Stopping in good order; a second signal leaves at once."


@pytest.fixture
def interrupting(monkeypatch: pytest.MonkeyPatch) -> Callable[[signal.Signals], None]:
    """Let a signal reach this process while the first images are being decoded."""

    def arm(number: signal.Signals) -> None:
        sent: list[int] = []

        def sending(*arguments: Any, **named: Any) -> Examined:
            if not sent:
                sent.append(number)
                os.kill(os.getpid(), number)
            return examined(*arguments, **named)

        monkeypatch.setattr(workers, "examined", sending)

    return arm


@pytest.mark.skipif(os.name != "posix", reason="no such signals there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_images_are_decoded_leaves_nothing_and_the_next_start_goes_on(
    command: "Command",
    photographs: Path,
    tmp_path: Path,
    interrupting: Callable[[signal.Signals], None],
    number: signal.Signals,
    code: int,
) -> None:
    training = ("train", "digits_resnet8", "--data", photographs, *FLAGS, "--output", tmp_path / "runs")
    interrupting(number)
    outcome = command(*training)
    assert (outcome.code, outcome.out, outcome.sentence) == (code, "", STOPPING)
    assert list(images_folder().iterdir()) == []
    assert not (tmp_path / "runs").exists()
    assert command(*training).code == 0


@pytest.mark.skipif(os.name != "posix", reason="no such signals there")
def test_ctrl_c_ends_a_check(
    command: "Command", photographs: Path, interrupting: Callable[[signal.Signals], None]
) -> None:
    interrupting(signal.SIGINT)
    outcome = command("data", "check", photographs, "--json")
    assert (outcome.code, outcome.out, outcome.sentence) == (130, "", STOPPING)
    outcome = command("data", "check", photographs, "--json")
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="no such signals there")
def test_ctrl_c_ends_an_evaluation_while_images_are_decoded(
    command: "Command", photographs: Path, tmp_path: Path, interrupting: Callable[[signal.Signals], None]
) -> None:
    trained = command("train", "digits_resnet8", "--data", photographs, *FLAGS, "--output", tmp_path / "runs")
    run = trained.out.splitlines()[-1]
    assert command("data", "caches", "--clear").code == 0
    interrupting(signal.SIGINT)
    outcome = command("evaluate", run)
    assert (outcome.code, outcome.out, outcome.sentence) == (130, "", STOPPING)
    assert list(images_folder().iterdir()) == []
    assert command("evaluate", run).code == 0


def test_several_that_decode_the_same_folder_at_the_same_moment_all_get_it(
    photographs: Path, studio_home: Path
) -> None:
    program = (
        "import sys; from resnet_studio.data.load import load; from resnet_studio.spec.data import DataSpec;"
        "print('ready', flush=True); sys.stdin.readline();"
        "print(load(DataSpec(source=sys.argv[1], image_size=(48, 48))).fingerprint)"
    )
    command = [sys.executable, "-c", program, str(photographs)]
    several = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in several:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in several:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0] for process in several]
    assert [process.returncode for process in several] == [0, 0, 0]
    assert len(set(told)) == 1
    assert len(entries()) == len(list(images_folder().iterdir())) == 1


def test_names_with_spaces_and_letters_of_many_scripts(
    command: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "mon studio é 日本"))
    source, runs = tmp_path / "mes photos é 日本", tmp_path / "les runs ü"
    random = np.random.default_rng(0)
    for name in ("chat noir", "犬", "ёж"):
        (source / name).mkdir(parents=True)
        for number in range(8):
            Image.fromarray(random.integers(0, 256, (12, 12, 3), dtype=np.uint8)).save(
                source / name / f"№ {number}.png"
            )
    outcome = command("train", "digits_resnet8", "--data", source, *FLAGS, "--output", runs)
    assert (outcome.code, outcome.err) == (0, "")
    folder = Path(outcome.out.splitlines()[-1])
    assert folder.parent == runs
    assert [each["name"] for each in command("evaluate", folder, "--json").json["classes"]] == ["chat noir", "ёж", "犬"]
    assert command("data", "check", source, "--json").json["classes"] == ["chat noir", "ёж", "犬"]
    (cache,) = command("data", "caches", "--json").json["caches"]
    assert cache["source"] == str(source)
