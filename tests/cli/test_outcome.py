"""How commands end."""

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resnet_studio import __version__
from resnet_studio.cli.outcome import WrongUsageError, exit_code
from resnet_studio.cli.signals import stopping
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from tests.cli.conftest import Command


def raising(error: BaseException) -> int:
    def command() -> int:
        raise error

    return exit_code(command)


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (StudioError("There is no such thing."), 1, "There is no such thing.\n"),
        (StudioError("On two\n  lines."), 1, "On two lines.\n"),
        (WrongUsageError("No such option."), 2, "No such option.\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_an_error_is_a_code_and_a_sentence(
    capfd: pytest.CaptureFixture[str], error: BaseException, code: int, sentence: str
) -> None:
    assert raising(error) == code
    assert capfd.readouterr() == ("", sentence)


def test_a_command_that_ends_well_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert exit_code(lambda: 0) == 0
    assert capfd.readouterr() == ("", "")


def test_the_unexpected_is_one_sentence_and_a_file(capfd: pytest.CaptureFixture[str], studio_home: Path) -> None:
    assert raising(ZeroDivisionError("by zero")) == 1
    out, err = capfd.readouterr()
    assert out == ""
    (kept,) = studio_home.rglob("*.txt")
    assert err == (
        f"Something went wrong that should not (ZeroDivisionError: by zero); the full traceback is in {kept}.\n"
    )
    content = kept.read_text()
    assert "Traceback (most recent call last)" in content
    assert __version__ in content


def test_a_home_that_cannot_be_written_hides_no_error(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", "/dev/null/home")
    assert raising(ZeroDivisionError("by zero")) == 1
    assert capfd.readouterr().err == (
        "Something went wrong that should not (ZeroDivisionError: by zero); "
        "its traceback could not be kept: Not a directory.\n"
    )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_asks_for_the_end_and_is_the_code(number: signal.Signals, code: int) -> None:
    before = signal.getsignal(number)
    stop = threading.Event()
    with stopping(stop) as stopped:
        assert (stopped.exit_code, stop.is_set()) == (0, False)
        signal.raise_signal(number)
        assert (stopped.exit_code, stop.is_set()) == (code, True)
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["trian"], "No such command 'trian'. Did you mean 'train'?; `resnet-studio --help` says more."),
        (["--jsno"], "No such option: --jsno"),
        (["summary"], "Missing argument 'NETWORK'; `resnet-studio summary --help` says more."),
        (["summary", "resnet18", "--depth", "stages"], "--depth: 'stages' is none of stage, block, layer"),
        (["bench", "nothing"], "There is no benchmark 'nothing'; choose edit, "),
        (["bench", "ui", "--data", "photographs"], "--data is an option of `bench data` alone."),
        (["bench", "--to-accuracy"], "--to-accuracy and --data-root are options of `bench train` alone."),
        (
            ["bench", "train", "--data-root", "there"],
            "--data-root says where --to-accuracy finds its images; give both.",
        ),
    ],
)
def test_wrong_usage_is_one_sentence(command: "Command", arguments: list[str], sentence: str) -> None:
    outcome = command(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.sentence.startswith(sentence)


def test_the_version(command: "Command") -> None:
    assert command("--version").out == f"{__version__}\n"


def test_help_names_every_command_and_a_fields_meaning(command: "Command") -> None:
    outcome = command("--help")
    assert outcome.code == 0
    for name in ("gui", "presets", "summary", "train", "resume", "evaluate", "export", "verify", "doctor", "bench"):
        assert f" {name} " in outcome.out
    assert "Passes over the training images." in command("train", "--help").out
