"""The command line. Torch and Qt are loaded by the commands that need them, when they need them."""

import signal
import sys
from collections.abc import Sequence
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def main_gui() -> NoReturn:
    """Open the window, with the file or run that the command line may name."""
    sys.exit(run(["gui", *sys.argv[1:]]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code.

    0 done; 1 failed, 2 wrong usage, with one sentence on standard error; 130 and 143 stopped by a signal, after saving.
    """
    try:
        from resnet_studio.cli.outcome import exit_code

        return exit_code(lambda: _run(list(arguments)))
    except KeyboardInterrupt:
        # while what catches everything else is still being loaded
        return 128 + signal.SIGINT


def _run(arguments: list[str]) -> int:
    if not arguments:
        from resnet_studio.cli.window import open_window

        return open_window()
    from resnet_studio.cli.app import call

    return call(arguments)
