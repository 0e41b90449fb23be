"""Which window a file is open in: a lock in the studio's own folder, keyed by where the file lies."""

import hashlib
import os
from contextlib import ExitStack
from pathlib import Path

from resnet_studio.spec.home import home
from resnet_studio.spec.lock import locked


class Hold:
    """The claim of one window on one file; the system takes it back when the process dies."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def take(self, path: Path) -> bool:
        """Claim a file instead of the one before; return whether no other window has it open.

        Raises:
            OSError: the studio's folder can't be written.
        """
        self.release()
        # a link, another spelling and another working folder lead to the same file
        key = os.path.normcase(path.resolve())
        folder = home() / "open"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._stack.enter_context(locked(folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.lock"))
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let others have it."""
        self._stack.close()
