"""The export of the current run's weights, proven step by step in the trainer's thread."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resnet_studio.gui.failures import told
from resnet_studio.gui.worker import Job, Worker
from resnet_studio.spec.errors import StudioError

if TYPE_CHECKING:
    from resnet_studio.export.proof import ProofStep
    from resnet_studio.gui.session import Session


class Exports:
    """The export that is running, or the last one. GUI thread.

    Attributes:
        steps: what is written and proven so far.
        running: whether one is going on.
        error: why it failed, in one sentence.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        self.steps: list[ProofStep] = []
        self.running = False
        self.error = ""
        self._session, self._worker = session, worker
        self._job: Job | None = None
        self._stop = threading.Event()

    def start(self, to: Path, formats: tuple[str, ...], checkpoint: str) -> None:
        """Export the current run's weights, with the proof shown step by step."""
        runs = self._session.runs
        folder = runs.folder
        if folder is None or runs.going_on or self.running:
            return

        def steps(_: Job) -> Iterator[Any]:
            from resnet_studio.export.run import export_run

            proof = export_run(folder, to, formats=formats, checkpoint=checkpoint)
            for step in proof:
                if stop.is_set():
                    proof.close()
                    raise StudioError("The export was cancelled; nothing was left behind.")
                yield step

        stop = self._stop = threading.Event()
        self.steps, self.running, self.error = [], True, ""
        self._job = self._worker.run(steps, on_items=self._take, on_end=self._ended)
        self._announce()

    def cancel(self) -> None:
        """Stop after the step that runs; what was not proven by then is removed."""
        self._stop.set()

    def close(self) -> None:
        """Stop, and hear no more of it."""
        self.cancel()
        if self._job:
            self._job.cancel()

    def _take(self, steps: list[Any]) -> None:
        self.steps = [*self.steps, *steps]
        self._session.export_changed.emit()

    def _ended(self, error: BaseException | None) -> None:
        self._job, self.running = None, False
        if error is not None:
            self.error = told(self._session, error)
        self._announce()

    def _announce(self) -> None:
        self._session.export_changed.emit()
        self._session.run_changed.emit()
