"""The run that is going on or was opened: what it says of itself, and what may be asked of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resnet_studio.gui.failures import told
from resnet_studio.gui.run_state import GOING_ON, Phase, RunState, after, origin_of
from resnet_studio.gui.way_on import WayOn, way_on
from resnet_studio.gui.worker import Job, Worker
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.experiment import ExperimentSpec
from resnet_studio.spec.home import runs_folder

if TYPE_CHECKING:
    from resnet_studio.gui.session import Session
    from resnet_studio.runs.events import Event
    from resnet_studio.training.control import Control


class Runs:
    """One run at a time. GUI thread.

    Attributes:
        current: the one going on, or the last one, or the one opened.
        events: all of its events.
        parent: the folder in which new runs are made.
    """

    def __init__(self, session: "Session", worker: Worker) -> None:
        self.current: RunState | None = None
        self.events: list[Event] = []
        self.parent = runs_folder()
        self._session, self._worker = session, worker
        self._control: Control | None = None
        self._left: tuple[RunState, list[Event]] | None = None

    @property
    def phase(self) -> Phase | None:
        """Where the current run stands; None where there is none."""
        return self.current.phase if self.current else None

    @property
    def folder(self) -> Path | None:
        """Where the current run is kept; None where there is none, or it is not made yet."""
        return self.current.folder if self.current else None

    @property
    def going_on(self) -> bool:
        """Whether a run is going on, paused ones included."""
        return self.phase in GOING_ON

    @property
    def why_not(self) -> str:
        """Why none can start, in one sentence; empty where one can."""
        session = self._session
        if self.going_on:
            return "A run is going on; stop it first."
        if session.exports.running:
            return "An export is being proven; wait for it or cancel it."
        if session.analysis.errors:
            return f"The design can't be built: {session.analysis.errors[0].message}."
        images, classes = session.loading.of_wanted, session.experiment.network.num_classes
        if images is None:
            return session.loading.why_not
        if classes != images.num_classes:
            has = f"{images.name} has {images.num_classes}"
            return f"The network has {classes or 'no'} classes, {has}; match it to the data."
        return ""

    @property
    def why_not_resume(self) -> str:
        """Why the run that is shown can't go on, in one sentence; empty where it can."""
        state = self.current
        if state is None or state.folder is None or state.phase not in {"stopped", "failed"}:
            return "No stopped run is open."
        return self.why_not_branch

    @property
    def why_not_branch(self) -> str:
        """Why nothing can go on from a checkpoint of the run that is shown, in one sentence; empty where it can."""
        from resnet_studio.data.catalogue.wanted_files import missing

        state = self.current
        if state is None or state.folder is None:
            return "No run is open."
        if self.going_on:
            return "The run is going on; stop it first."
        lacking = missing(state.experiment.data)
        return f"{lacking.title} is not on this machine; download it on the data page first." if lacking else ""

    def start(self) -> None:
        """Start a run of the experiment as it stands, in a new folder."""
        if self.why_not:
            return
        from resnet_studio.gui.trainer_thread import new_run

        session = self._session
        images = None if session.loading.active else session.images
        experiment, parent = session.experiment, self.parent
        self._launch(experiment, None, lambda control, job: new_run(experiment, parent, images, control, job))

    @property
    def way_on(self) -> WayOn | None:
        """How the run that has failed can go on; None where none has, or nothing is known to help."""
        return None if self.why_not_resume else way_on(self.events)

    def mend(self) -> None:
        """Change the experiment as one undoable step so that the run that has failed can go on, and go on with it."""
        way = self.way_on
        if way is not None:
            self._session.change_many(way.changes, way.step)
            self.resume(changes=way.changes)

    def resume(
        self, folder: Path | None = None, epochs: int | None = None, changes: Mapping[str, Any] | None = None
    ) -> None:
        """Go on with a run exactly where it stopped; without a folder, with the current one.

        Args:
            folder: of the run.
            epochs: another number of epochs in all.
            changes: values by dotted path that are other from there on.
        """
        folder = folder or self.folder
        if folder is None or self.going_on:
            return
        from resnet_studio.gui.trainer_thread import resumed_run

        if self.folder != folder:
            self.open(folder)
        if self.current is None or self.folder != folder:
            return  # it is no run: `open` has said so
        there = folder
        self._launch(
            self.current.experiment,
            folder,
            lambda control, job: resumed_run(there, epochs, changes or {}, control, job),
        )

    def branch(self, checkpoint: str, epochs: int, changes: Mapping[str, Any]) -> None:
        """Go on from a kept checkpoint of the current run in a new one; that run stays as it is.

        Args:
            checkpoint: its name, such as `step-1200`.
            epochs: in all, those before the checkpoint included.
            changes: values by dotted path that are other from there on, see `runs.failure.CHANGEABLE`.
        """
        state, parent = self.current, self.parent
        if state is None or state.folder is None or self.why_not_branch:
            return
        from resnet_studio.gui.trainer_thread import branched_run

        folder, self._left = state.folder, (state, self.events)
        self._launch(
            state.experiment,
            None,
            lambda control, job: branched_run(folder, checkpoint, parent, epochs, changes, control, job),
        )

    def pause(self) -> None:
        """Pause after the step that runs; `go_on` ends it."""
        if self._control and self.phase == "training":
            self._control.pause.set()

    def go_on(self) -> None:
        """End a pause."""
        if self._control:
            self._control.pause.clear()

    def go_on_in(self, parent: Path) -> None:
        """End the pause of a run that waits for its disk: its folder is made anew below another one."""
        if self._control:
            self._control.parent = parent
            self._control.pause.clear()

    def stop(self) -> None:
        """Stop after the step that runs, and save."""
        if self._control and self.current and self.going_on:
            self._control.stop.set()
            self._control.pause.clear()
            self._set(replace(self.current, phase="stopping"))

    def open(self, folder: Path) -> None:
        """Show a run that lies in a folder: its design, its data, its curves.

        A folder that holds no run is refused with a sentence in `refused`, path "".
        """
        from resnet_studio.runs.events import RunEnded, RunStarted
        from resnet_studio.runs.folder import RunFolder

        try:
            run = RunFolder.open(folder)
            experiment, events, origin = run.experiment(), run.events(), origin_of(run.environment())
        except StudioError as error:
            self._session.refused.emit("", str(error))
            return
        ends = [event for event in events if isinstance(event, RunEnded)]
        device = next((event.device for event in events if isinstance(event, RunStarted)), "")
        phase: Phase = "finished" if ends and ends[-1].reason == "finished" else "stopped"
        self._session.replace(experiment, f"open {run.name}")
        self.events = events
        self.current = RunState(phase, experiment, folder, device, origin=origin)
        self._session.run_changed.emit()
        self._session.events_came.emit(events)

    def _launch(
        self, experiment: ExperimentSpec, folder: Path | None, run: Callable[["Control", Job], Iterator[Any]]
    ) -> None:
        from resnet_studio.training.control import Control

        self._session.collector.start()
        control = self._control = Control()
        if folder is None:
            self.events = []
        origin = self.current.origin if self.current and folder else None
        self.current = RunState("preparing", experiment, folder, origin=origin)
        self._worker.run(lambda job: run(control, job), on_items=self._take, on_end=self._ended)
        self._session.run_changed.emit()

    def _take(self, items: list[Any]) -> None:
        """Take what the trainer yielded: progress of the data, the folder once it is there, events."""
        from resnet_studio.runs.events import Event

        if self.current is None:
            return
        state = self.current
        for item in items:
            state = after(state, item)
        if self.current.phase == "stopping" and state.phase in {"training", "paused"}:
            state = replace(state, phase="stopping")
        self._set(state)
        events = [item for item in items if isinstance(item, Event)]
        self.events += events
        if events:
            self._session.events_came.emit(events)

    def _ended(self, error: BaseException | None) -> None:
        self._control = None
        left, self._left = self._left, None
        if self.current is None:
            return
        if left is not None and self.current.folder is None:
            # the branch was never made: the run that it was to come from is shown on
            self.current, self.events = left
            why = told(self._session, error) if error is not None else ""
            # of what is unexpected the window says more
            self._session.refused.emit("", why if isinstance(error, StudioError) else "")
            self._session.events_came.emit(self.events)
        elif error is not None:
            self._set(replace(self.current, phase="failed", message=told(self._session, error)))
        elif self.current.phase in GOING_ON:
            self._set(replace(self.current, phase="stopped"))
        self._session.run_changed.emit()

    def _set(self, state: RunState) -> None:
        if state != self.current:
            self.current = state
            self._session.run_changed.emit()
