"""How a command ends: an exit code, and where it failed one sentence on standard error."""

import os
import signal
import sys
from collections.abc import Callable

from resnet_studio.spec import crash
from resnet_studio.spec.errors import StudioError

DONE, FAILED, WRONG_USAGE = 0, 1, 2
INTERRUPTED = 128 + signal.SIGINT


class WrongUsageError(StudioError):
    """A command line that asks for nothing that there is."""


def exit_code(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; whatever goes wrong becomes one sentence, never a traceback."""
    try:
        code = command()
        # what is still in the buffer must not fail behind our back
        sys.stdout.flush()
    except WrongUsageError as error:
        say(str(error))
        return WRONG_USAGE
    except StudioError as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone; what is left in the buffer must not fail again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the outermost door: the traceback goes to a file
        say(_unexpected(error))
        return FAILED
    return code


def say(sentence: str) -> None:
    """Print one sentence to standard error."""
    print(" ".join(sentence.split()), file=sys.stderr, flush=True)


def _unexpected(error: Exception) -> str:
    what = f"Something went wrong that should not ({type(error).__name__}: {error})"
    try:
        return f"{what}; the full traceback is in {crash.keep(error)}."
    except OSError as unwritable:
        return f"{what}; its traceback could not be kept: {unwritable.strerror or unwritable}."
