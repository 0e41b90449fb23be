"""Training in processes that are killed with SIGKILL, and what is left once they were resumed."""

import hashlib
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resnet_studio.runs.events import to_json
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.history import fold
from resnet_studio.spec.experiment import ExperimentSpec, with_values

EXPERIMENT = {
    "training.epochs": 6,
    "training.batch_size": 64,
    "training.accumulate": 2,
    "training.optimizer": "adamw",
    "training.learning_rate": 0.003,
    "training.schedule": "cosine",
    "training.warmup_epochs": 0.5,
    "training.gradient_clip": 1.0,
    "training.sampling": "balanced",
    "training.ema_decay": 0.99,
    "training.early_stop_patience": 100,
    "training.log_every": 1,
    "training.checkpoint_every": 4,
    "training.device": "cpu",
    "network.dropout": 0.1,
    "network.drop_path": 0.1,
    "data.augment.pad_crop": 1,
    "data.augment.mixup": 0.2,
}
"""A network on the digits for some seconds, with everything that a checkpoint has to bring back."""

_PATIENCE = 120.0
"""Seconds after which a process counts as hung."""


@dataclass(frozen=True)
class Kill:
    """One run that was killed.

    Attributes:
        seconds: when, after its process began.
        at_step: the step of the last event that it left.
        left_part: whether it left a checkpoint that was being written.
        is_exact: whether, once resumed, it has the history and the files of one that was never touched.
    """

    seconds: float
    at_step: int
    left_part: bool
    is_exact: bool


class Shooting:
    """Kills runs of one experiment; see `uniformly` and `while_writing`.

    Attributes:
        lasts: seconds that a run took that nobody touched, in a process of its own.
        missed: shots at processes that had ended by then; they count as nothing.
    """

    def __init__(self, parent: Path, seed: int = 0) -> None:
        """Train one run that nobody touches.

        Args:
            parent: where the runs are made.
            seed: of the draws.
        """
        from resnet_studio.training.prepare import prepare

        self._parent, self._random = parent, random.Random(seed)  # noqa: S311 - no secret
        self._experiment = prepare(with_values(ExperimentSpec(), EXPERIMENT))[0]
        # a server that has imported torch gives birth to processes in milliseconds; where there is none, they spawn
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            self._context.set_forkserver_preload(["resnet_studio.training.loop", "resnet_studio.training.prepare"])
        self._finish(RunFolder.create(parent, self._experiment))
        whole = RunFolder.create(parent, self._experiment)
        self.lasts, self.missed = self._finish(whole), 0
        self._whole = remains(whole)
        self._steps = [each.step for each in fold(whole.events()).checkpoints]

    def uniformly(self) -> Kill:
        """Kill a run at a moment drawn uniformly over the time that it takes, and resume it."""
        return self._shot(lambda _run, began: self._until(began + self._random.uniform(0, self.lasts)))

    def while_writing(self) -> Kill:
        """Kill a run while it writes one of its checkpoints, drawn from all, and resume it."""
        step, later = self._random.choice(self._steps), self._random.uniform(0, 0.004)

        def wait(run: RunFolder, began: float) -> None:
            part = run.checkpoints_path / f".step-{step}.part"
            while not part.exists() and time.monotonic() < began + 2 * self.lasts:
                pass
            self._until(time.monotonic() + later)

        return self._shot(wait)

    def _shot(self, wait: Callable[[RunFolder, float], None]) -> Kill:
        while True:
            run = RunFolder.create(self._parent, self._experiment)
            process = self._context.Process(target=_train, args=(run.path,))
            process.start()
            began = time.monotonic()
            wait(run, began)
            seconds = time.monotonic() - began
            process.kill()
            process.join(_PATIENCE)
            # alive when it was hit: it died of the signal
            if process.exitcode == -9 or (os.name == "nt" and process.exitcode):
                break
            self.missed += 1
        events = run.events()
        left_part = any(run.checkpoints_path.glob(".step-*.part"))
        self._finish(run)
        return Kill(seconds, events[-1].step if events else 0, left_part, remains(run) == self._whole)

    def _finish(self, run: RunFolder) -> float:
        """Train or resume a run to its end in a process of its own, and return the seconds that it took."""
        process = self._context.Process(target=_train, args=(run.path,))
        began = time.monotonic()
        process.start()
        process.join(_PATIENCE)
        seconds = time.monotonic() - began
        if process.exitcode != 0:
            process.kill()
            raise RuntimeError(f"the run {run.path} didn't come to its end: exit code {process.exitcode}")
        return seconds

    def _until(self, moment: float) -> None:
        while time.monotonic() < moment:
            time.sleep(0.0002)


def remains(run: RunFolder) -> tuple[Any, ...]:
    """Return what two equal runs have in common: folded history, and the sha256 of every file of every checkpoint.

    The history is that of points, epochs and tests, how it ended, and which checkpoints were told of.
    """
    index = run.checkpoints()
    files = sorted(path for each in index.checkpoints for path in (run.checkpoints_path / each.name).iterdir())
    hashes = {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    history = fold(run.events())
    told = {each.step for each in history.checkpoints}
    ends = [to_json(each) | {"time": 0} for each in (*history.evaluations, history.ended) if each is not None]
    return history.without_clock(), ends, told, index, hashes


def _train(path: Path) -> None:
    """Train a run to its end from wherever it stands; what a process runs."""
    import torch

    from resnet_studio.training.control import Control
    from resnet_studio.training.loop import resume, train

    torch.set_num_threads(1)
    run = RunFolder(path)
    events = run.events()
    ended = fold(events).ended
    if ended is not None and ended.reason == "finished":
        return
    for _ in resume(run, Control()) if events else train(run.experiment(), run, Control()):
        pass
