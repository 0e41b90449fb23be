"""A bar on standard error where that is a terminal, a line a file elsewhere; standard output stays clean."""

import io
import sys

import pytest

from resnet_studio.cli.loading import figures, loading
from resnet_studio.data.watch import Progress

DOWNLOAD = Progress("Downloading [bold]x.gz", 12_400_000, 26_400_000, 2_500_000, in_bytes=True)


class Terminal(io.StringIO):
    """A terminal that only says that it is one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (DOWNLOAD, "12.4 MB of 26.4 MB  2.5 MB/s"),
        (Progress("x", 1_000_000, None, in_bytes=True), "1.0 MB"),
        (Progress("x", 1_500_000_000, 2_600_000_000, in_bytes=True), "1.5 GB of 2.6 GB"),
        (Progress("Decoding", 1_000, 1_813, 250.4), "1,000 of 1,813  250/s"),
    ],
)
def test_amounts_are_bytes_or_images(progress: Progress, text: str) -> None:
    assert figures(progress) == text


def test_a_terminal_gets_a_bar_that_goes_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    with loading() as show:
        show(DOWNLOAD)
        print("an event")
        show.remove()
        shown = terminal.getvalue()
        show(Progress("Decoding", 3, 9))
    # the name of a file is no markup
    assert "Downloading [bold]x.gz" in shown
    assert "12.4 MB of 26.4 MB  2.5 MB/s" in shown
    assert "Decoding" in terminal.getvalue()
    assert "an event" not in terminal.getvalue()
    assert capsys.readouterr().out == "an event\n"


def test_a_log_gets_a_line_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with loading() as show:
        for done in (0, 10, 20):
            show(Progress("Downloading a.gz", done, 1_000_000, in_bytes=True))
        show(Progress("Downloading b.gz", 0, None, in_bytes=True))
        show(Progress("Downloading small.gz", 0, 999_999, in_bytes=True))
        show(Progress("Decoding", 3, 9))
    assert capsys.readouterr() == ("", "Downloading a.gz, 1.0 MB\nDownloading b.gz\n")
