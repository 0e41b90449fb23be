"""The folder of a run: everything that can be known of it, readable without the studio."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from resnet_studio.runs.checkpoints import Checkpoint, Index, is_ema, read_index
from resnet_studio.runs.events import Event
from resnet_studio.runs.log import read_events
from resnet_studio.runs.recorder import Recorder
from resnet_studio.spec.errors import NotWrittenError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.files import experiment_document, read_experiment, write_document
from resnet_studio.spec.lock import locked

Request = Literal["stop", "pause"]


class RunFolder:
    """A run on the disk. Any number of processes may read it at any time; one at a time records into it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, parent: Path, experiment: ExperimentSpec, *, day: date | None = None) -> "RunFolder":
        """Make a fresh folder, named like `2026-11-21-cifar-resnet20-seed0`, with -2, -3 where that name is taken.

        Args:
            parent: the folder of runs, made where there is none.
            experiment: everything wanted, resolved.
            day: the date in the name; today where none is given.

        Raises:
            StudioError: the parent can't be written; nothing of the run stays behind.
        """
        path = fresh_folder(parent, _name(experiment, day or datetime.now().astimezone().date()))
        run = cls(path)
        try:
            run.control_path.mkdir()
            run.write_experiment(experiment)
        except (StudioError, OSError) as error:
            shutil.rmtree(path, ignore_errors=True)
            if isinstance(error, OSError):
                raise StudioError(f"{path} can't be written: {error.strerror or error}.") from None
            raise
        return run

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Return the run in a folder.

        Raises:
            StudioError: there is no such folder, or it is no run.
        """
        if not path.is_dir():
            raise StudioError(f"There is no folder {path}; name the folder of a run.")
        if not (path / "experiment.json").is_file():
            raise StudioError(f"{path} is no run: it has no experiment.json.")
        return cls(path)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.path.resolve().name

    @property
    def events_path(self) -> Path:
        """The file of events, the truth about the run."""
        return self.path / "events.jsonl"

    @property
    def checkpoints_path(self) -> Path:
        """The folder of checkpoints."""
        return self.path / "checkpoints"

    @property
    def control_path(self) -> Path:
        """The folder in which a file `stop` or `pause` is a request."""
        return self.path / "control"

    def experiment(self) -> ExperimentSpec:
        """Return everything that was wanted, resolved.

        Raises:
            StudioError: experiment.json can't be read or is none.
        """
        return read_experiment(self.path / "experiment.json")

    def write_experiment(self, experiment: ExperimentSpec) -> None:
        """Write what is wanted: at the start, and when a run is prolonged.

        Raises:
            StudioError: the folder can't be written.
        """
        write_document(self.path / "experiment.json", experiment_document(experiment))

    def environment(self) -> dict[str, Any]:
        """Return machine, versions and what is known of the data; empty before they were written.

        Raises:
            StudioError: environment.json is damaged.
        """
        path = self.path / "environment.json"
        try:
            content = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise StudioError(f"{path} can't be read: {error}.") from None
        if not isinstance(content, dict):
            raise StudioError(f"{path} can't be read: it is no object.")
        return content

    def write_environment(self, environment: dict[str, Any]) -> None:
        """Write machine, versions and what is known of the data.

        Raises:
            StudioError: the folder can't be written.
        """
        write_document(self.path / "environment.json", environment)

    def events(self) -> list[Event]:
        """Return all events so far.

        Raises:
            StudioError: the file can't be read.
        """
        return read_events(self.events_path)[0]

    def follow(self, offset: int = 0) -> tuple[list[Event], int]:
        """Return the events that came after an offset in bytes, and the offset to give the next time.

        Raises:
            StudioError: as `events`.
        """
        return read_events(self.events_path, offset)

    def checkpoints(self) -> Index:
        """Return which checkpoints are kept.

        Raises:
            StudioError: the index is damaged.
        """
        return read_index(self.checkpoints_path)

    def checkpoint(self, which: str = "best") -> Checkpoint:
        """Return one checkpoint: `best`, `last`, `ema`, or by its step, see `Index.find`.

        Raises:
            StudioError: there is none such; the sentence names those that are there.
        """
        index = self.checkpoints()
        found = index.find(which)
        if found is None:
            known = ", ".join(str(each.step) for each in index.checkpoints)
            hint = f"there are those of the steps {known}" if known else "none has been saved yet"
            if is_ema(which) and not any(each.has_ema for each in index.checkpoints):
                hint = "no average of the weights is kept without training.ema_decay"
            raise StudioError(f"{self.path} has no checkpoint {which}; {hint}.")
        return found

    def requests(self) -> frozenset[str]:
        """Return the names of the files in `control/`, such as `stop`; none where it can't be looked into."""
        try:
            return frozenset(each.name for each in self.control_path.iterdir())
        except OSError:
            return frozenset()

    def request(self, what: Request) -> None:
        """Ask whoever trains this run, in whatever process, to stop or to pause.

        Raises:
            StudioError: the folder can't be written.
        """
        try:
            self.control_path.mkdir(exist_ok=True)
            (self.control_path / what).touch()
        except OSError as error:
            raise NotWrittenError(self.control_path / what, error) from None

    def withdraw(self, what: Request) -> None:
        """Take a request back, or mark it as done.

        Raises:
            NotWrittenError: the folder can't be written.
        """
        try:
            (self.control_path / what).unlink(missing_ok=True)
        except OSError as error:
            raise NotWrittenError(self.control_path / what, error) from None

    def is_recording(self) -> bool:
        """Return whether a process is training this run right now."""
        try:
            with locked(self._lock_path):
                return False
        except BlockingIOError:
            return True
        except OSError:
            # a read-only copy: nobody can record into it either
            return False

    @contextmanager
    def recording(self) -> Iterator[Recorder]:
        """Be the one who records into this run, for the length of a `with` block.

        Raises:
            StudioError: another process records into it already, or the folder can't be written.
        """
        with closing(Recorder(self.path)) as record:
            yield record

    @property
    def _lock_path(self) -> Path:
        return self.path / ".lock"


def _name(experiment: ExperimentSpec, day: date) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", experiment.network.name.lower())[:60].strip("-")
    return f"{day.isoformat()}-{slug or 'network'}-seed{experiment.training.seed}"


def fresh_folder(parent: Path, name: str) -> Path:
    """Make a folder that wasn't there; of two processes that ask for one name, each gets its own.

    Raises:
        StudioError: the parent can't be written.
    """
    number = 1
    while True:
        path = parent / (name if number == 1 else f"{name}-{number}")
        try:
            parent.mkdir(parents=True, exist_ok=True)
            path.mkdir()
        except FileExistsError:
            if not parent.is_dir():
                raise StudioError(f"{parent} is a file; name a folder for the runs.") from None
            number += 1
        except OSError as error:
            raise StudioError(f"No run can be made in {parent}: {error.strerror or error}.") from None
        else:
            return path
