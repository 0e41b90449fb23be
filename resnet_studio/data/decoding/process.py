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
from pathlib import Path
from threading import Lock

import numpy as np

import resnet_studio
from resnet_studio.data.decoding.decode import Decoding
from resnet_studio.data.decoding.examine import Examined, Facts, examined
from resnet_studio.data.decoding.worker import READY

_PACKAGES = Path(resnet_studio.__file__).parents[1]
"""Where the process finds the studio, installed or not."""


class Worker:
    """A process that decodes; started again where a file has crashed it."""

    def __init__(self, root: Path, decoding: Decoding, *, keep: bool) -> None:
        self._decoding, self._keep = decoding, keep
        job = {
            "root": str(root),
            "size": decoding.size,
            "channels": decoding.channels,
            "resize": decoding.resize,
            "keep": keep,
        }
        self._job = json.dumps(job).encode() + b"\n"
        self._root, self._lock = root, Lock()
        self._ended = self._broken = self._ready = self._has_answered = False
        self.process: subprocess.Popen[bytes] | None = None
        self._start()

    def examined(self, names: Sequence[str]) -> Examined:
        """Return what the process finds in some files; one that crashes it can't be used, and is said to.

        Raises:
            RuntimeError: a fault of the program's own, with its traceback.
        """
        # a single file gets a second chance: where memory is short, the system ends a process at any file
        for _ in range(2 if len(names) == 1 else 1):
            if self._broken:
                return examined(self._root, names, self._decoding, keep=self._keep)
            try:
                return self._asked(names)
            except (EOFError, OSError):
                self._start_again()
        if len(names) == 1 and not self._broken:
            crashed = Facts("damaged", "can't be read as an image (it crashes the reader)")
            return Examined((crashed,), np.empty((0, *self._decoding.shape), np.uint8))
        found = [self.examined([name]) for name in names]
        return Examined(
            tuple(facts for one in found for facts in one.facts), np.concatenate([one.images for one in found])
        )

    def end(self) -> None:
        """End the process, whatever it is doing."""
        with self._lock:
            self._ended = True
            _finish(self.process)

    def _start_again(self) -> None:
        """Take the place of a process that died, unless it was ended."""
        with self._lock:
            if self._ended:
                raise EOFError
            _finish(self.process)
            if self._has_answered:
                self._start()
            else:
                # one that never answered can't be started on this machine
                self._broken = True

    def _start(self) -> None:
        paths = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
        try:
            self.process = subprocess.Popen(
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
        except OSError:
            # no more processes, or no memory for one
            self.process, self._broken = None, True
            return
        assert self.process.stdin  # noqa: S101 - it was asked for
        self.process.stdin.write(self._job)
        self._ready = False

    def _asked(self, names: Sequence[str]) -> Examined:
        assert self.process  # noqa: S101 - the worker is broken otherwise
        asked, answers = self.process.stdin, self.process.stdout
        assert asked  # noqa: S101 - both were asked for
        assert answers  # noqa: S101
        asked.write(json.dumps(list(names)).encode() + b"\n")
        asked.flush()
        if not self._ready:
            if answers.readline() != READY:
                raise EOFError
            self._ready = self._has_answered = True
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


def _finish(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            try:
                pipe.close()
            except OSError:
                # what was still to be written has nobody to read it
                continue
