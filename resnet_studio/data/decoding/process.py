"""A process that decodes files, as the process that asks for them sees it.

It is started as a program, not with `multiprocessing`: that would fork threads' locks, or run the user's own script
once more, and its processes outlive a studio that is killed.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, Any, cast

import numpy as np

import resnet_studio
from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Examined, Facts, examined
from resnet_studio.data.decoding.worker import READY

_PACKAGES = Path(resnet_studio.__file__).parents[1]
"""Where the process finds the studio, installed or not."""


class Worker:
    """A process that decodes; it is started when it is first asked, and again where a file has crashed it.

    One thread at a time may ask it, any may end it.
    """

    def __init__(self, root: Path, decoding: Decoding, *, keep: bool) -> None:
        self._root, self._decoding, self._keep = root, decoding, keep
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = self._broken = self._has_answered = False

    def examined(self, names: Sequence[str]) -> Examined:
        """Return what the process finds in some files; one that crashes it can't be used, and is said to.

        Raises:
            EOFError: it was ended.
            RuntimeError: a fault of the program's own, with its traceback.
        """
        # a single file gets a second chance: where memory is short, the system ends a process at any file
        for _ in range(2 if len(names) == 1 else 1):
            if self._broken:
                return examined(self._root, names, self._decoding, keep=self._keep)
            try:
                return self._asked(names)
            except (EOFError, OSError):
                self._dismiss()
        if len(names) == 1 and not self._broken:
            crashed = Facts("damaged", "can't be read as an image (it crashes the reader)")
            return Examined((crashed,), np.empty((0, *self._decoding.shape), np.uint8))
        found = [self.examined([name]) for name in names]
        return Examined(
            tuple(facts for one in found for facts in one.facts), np.concatenate([one.images for one in found])
        )

    def end(self) -> None:
        """End the process, whatever it is doing; no other takes its place."""
        with self._lock:
            self._ended = True
            self._finish()

    def _dismiss(self) -> None:
        """Be rid of a process that died, so that another can take its place."""
        with self._lock:
            if self._ended:
                raise EOFError
            self._finish()
            # one that never answered can't be started on this machine
            self._broken = self._broken or not self._has_answered

    def _finish(self) -> None:
        if self._process is not None:
            # what was still to be written has nobody to read it
            with suppress(OSError), self._process:
                self._process.kill()
            self._process = None

    def _asked(self, names: Sequence[str]) -> Examined:
        process, is_new = self._running()
        # both were asked for
        asked, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        asked.write((self._job() if is_new else b"") + _line(list(names)))
        asked.flush()
        if is_new:
            if answers.readline() != READY:
                raise EOFError
            self._has_answered = True
        line = answers.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        told = json.loads(line)
        if "failed" in told:
            raise RuntimeError(told["failed"])
        facts = tuple(map(Facts._make, told["facts"]))
        count = sum(not one.problem for one in facts) if self._keep else 0
        shape = (count, *self._decoding.shape)
        pixels = answers.read(math.prod(shape))
        if len(pixels) != math.prod(shape):
            raise EOFError
        return Examined(facts, np.frombuffer(pixels, np.uint8).reshape(shape))

    def _running(self) -> tuple[subprocess.Popen[bytes], bool]:
        """Return the process, and whether it was started just now and has still to be told its job."""
        with self._lock:
            if self._ended:
                raise EOFError
            if self._process is not None:
                return self._process, False
            try:
                self._process = _started()
            except OSError:
                # no more processes, or no memory for one
                self._broken = True
                raise
            return self._process, True

    def _job(self) -> bytes:
        decoding = self._decoding
        return _line(
            {
                "root": str(self._root),
                "size": decoding.size,
                "channels": decoding.channels,
                "resize": decoding.resize,
                "keep": self._keep,
            }
        )


def _line(told: Any) -> bytes:
    return json.dumps(told).encode() + b"\n"


def _started() -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        # what lies in the folder from which the studio was started is none of its modules
        [sys.executable, "-P", "-W", "ignore", "-m", "resnet_studio.data.decoding.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": paths},
        # Ctrl-C is for the studio, which then ends its workers itself
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
