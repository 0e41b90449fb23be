"""What the window works on: the experiment, its undo stack, its images, the current run. The only signals."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoStack

from resnet_studio.analysis.findings import Finding, data_mismatch
from resnet_studio.analysis.network import Analysis, analyse
from resnet_studio.gui.edits import Edit, label
from resnet_studio.gui.garbage import Collector
from resnet_studio.gui.worker import Job, Worker
from resnet_studio.spec.data import CATALOGUE
from resnet_studio.spec.errors import FieldError, StudioError
from resnet_studio.spec.experiment import ExperimentSpec, value_at, with_values
from resnet_studio.spec.files import (
    experiment_document,
    read_document,
    read_experiment,
    read_network,
    write_document,
)
from resnet_studio.spec.home import runs_folder
from resnet_studio.spec.network import NetworkSpec

if TYPE_CHECKING:
    from resnet_studio.data.images import ImageSet
    from resnet_studio.data.watch import Progress
    from resnet_studio.export.proof import ProofStep
    from resnet_studio.model.torchinfo_view import Opinion
    from resnet_studio.runs.events import Event
    from resnet_studio.training.control import Control

Phase = Literal["preparing", "training", "paused", "stopping", "finished", "stopped", "failed"]
CONFIRM_AFTER_MS = 150
"""How long an edit rests before torchinfo is asked about it."""

TINY, PHOTOGRAPH = 32, (96, 96)
"""Side up to which images are tiny; height and width for a folder of photographs beside a network for such."""

GOING_ON: frozenset[Phase] = frozenset({"preparing", "training", "paused", "stopping"})


@dataclass(frozen=True)
class Selection:
    """What the views point at: stage 0 is the stem, then the stages, then the head; blocks count from 0."""

    stage: int | None = None
    block: int | None = None


@dataclass(frozen=True)
class Baseline:
    """The design that totals and rows are compared with."""

    title: str
    analysis: Analysis


@dataclass(frozen=True)
class RunState:
    """Where the current run stands; `message` is the sentence of one that failed or was stopped."""

    phase: Phase
    experiment: ExperimentSpec
    folder: Path | None = None
    device: str = ""
    message: str = ""


class Session(QObject):
    """The one thing that views read and controls ask for changes; lives in the GUI thread."""

    changed = Signal()
    refused = Signal(str, str)
    confirmed = Signal()
    selected = Signal()
    baseline_changed = Signal()
    images_changed = Signal()
    run_changed = Signal()
    events_came = Signal(list)
    export_changed = Signal()
    document_changed = Signal()
    unexpected = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._drag, self._drags = 0, 0
        self.undo_stack.cleanChanged.connect(self._announce_document)
        self.experiment = ExperimentSpec()
        self.analysis: Analysis = analyse(self.experiment.network)
        self.findings: tuple[Finding, ...] = self.analysis.findings
        self.selection = Selection(1, 0)
        self.baseline: Baseline | None = None
        self.path: Path | None = None
        self.opinion: Opinion | None = None
        self.images: ImageSet | None = None
        self.images_error = ""
        self.images_progress: Progress | None = None
        self.images_loading = False
        self.run: RunState | None = None
        self.events: list[Event] = []
        self.export_steps: list[ProofStep] = []
        self.export_running = False
        self.export_error = ""
        self.runs_folder = runs_folder()
        self._collector = Collector(self)
        self.background = Worker("background", self)
        self.loader = Worker("loader", self)
        self.trainer = Worker("trainer", self)
        self._started = False
        self._confirm_timer = QTimer(self, singleShot=True, interval=CONFIRM_AFTER_MS)
        self._confirm_timer.timeout.connect(self._confirm)
        self._control: Control | None = None
        self._loading: Job | None = None
        self._confirming: Job | None = None
        self._exporting: Job | None = None
        self._export_stop = threading.Event()

    # ---- start and end

    def start(self) -> None:
        """Begin the slow work that the first paint must not wait for: importing torch, loading the images."""
        if not self._started:
            self._started = True
            self._collector.start()
            self.reload_images()
            self._confirm()

    def close(self, timeout: float = 30.0) -> bool:
        """End all threads, a run with a checkpoint; return whether they ended in time."""
        self.stop()
        self._confirm_timer.stop()
        self.cancel_export()
        for job in (self._loading, self._confirming, self._exporting):
            if job:
                job.cancel()
        ended = [worker.close(timeout) for worker in (self.trainer, self.loader, self.background)]
        if all(ended):
            self._collector.stop()
        return all(ended)

    # ---- edits

    def change(self, path: str, value: Any, *, text: str = "") -> bool:
        """Change one field; a value that is not taken is refused by name and nothing changes."""
        try:
            if value_at(self.experiment, path) == value:
                self.refused.emit(path, "")
                return True
        except FieldError:
            pass  # with_values says what is wrong with the path
        return self._try({path: value}, text or label(path), path)

    def change_many(self, changes: dict[str, Any], text: str, *, merging: str = "") -> bool:
        """Change several fields as one undoable step, all or none.

        Args:
            changes: values by path.
            text: what the step is called.
            merging: what is moved, where such steps merge as those of one field do; refusals name it.
        """
        return self._try(changes, text, merging)

    @Slot()
    def begin_drag(self) -> None:
        """Merge the edits of one field from here to `end_drag` into one step, however slow the hand is."""
        self._drags += 1
        self._drag = self._drags

    @Slot()
    def end_drag(self) -> None:
        """Let edits merge by their time again."""
        self._drag = 0

    def replace(self, experiment: ExperimentSpec, text: str) -> None:
        """Put another experiment in the place of this one as one undoable step."""
        if experiment != self.experiment:
            self.undo_stack.push(Edit("", text, self.experiment, experiment, self._show))

    def mend(self, finding: Finding) -> None:
        """Do what a finding offers, as one undoable step."""
        if finding.mend:
            self.change_many(finding.mend, finding.mend_label[:1].lower() + finding.mend_label[1:])

    def select(self, stage: int | None, block: int | None = None) -> None:
        """Point at a stage or block, in every view."""
        if self.selection != Selection(stage, block):
            self.selection = Selection(stage, block)
            self.selected.emit()

    def compare_with(self, title: str, network: NetworkSpec) -> None:
        """Pin a design: views show the differences to it. It is no part of the experiment, so no edit to undo."""
        self.baseline = Baseline(title, analyse(network))
        self.baseline_changed.emit()

    def compare_with_nothing(self) -> None:
        """Unpin the baseline."""
        self.baseline = None
        self.baseline_changed.emit()

    def _try(self, changes: dict[str, Any], text: str, merge_path: str) -> bool:
        try:
            new = with_values(self.experiment, changes)
        except FieldError as error:
            path = merge_path or error.path
            self.refused.emit(path, str(error).removeprefix(f"{path}: "))
            return False
        if new != self.experiment:
            self.undo_stack.push(Edit(merge_path, text, self.experiment, new, self._show, drag=self._drag))
        self.refused.emit(merge_path, "")
        return True

    def _show(self, experiment: ExperimentSpec) -> None:
        """Let another experiment stand: what undo, redo and every edit end in."""
        old, self.experiment = self.experiment, experiment
        if experiment.network != old.network:
            self.analysis = analyse(experiment.network)
            stages = len(experiment.network.block_sizes)
            stage, block = self.selection.stage, self.selection.block
            gone = stage is not None and stage > stages + 1
            if gone or (
                block is not None and stage and stage <= stages and block >= experiment.network.block_sizes[stage - 1]
            ):
                self.selection = Selection(None if gone else stage)
                self.selected.emit()
            self._unconfirm()
        self._find()
        self.changed.emit()
        if experiment.data != old.data:
            self.reload_images()
        self._announce_document()

    def _find(self) -> None:
        findings = list(self.analysis.findings)
        if self.images is not None:
            images = self.images
            mismatch = data_mismatch(self.experiment.network, images.shape, images.num_classes, images.name)
            findings += [mismatch] if mismatch else []
        order = ("error", "warning", "info")
        self.findings = tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))

    # ---- torchinfo's second opinion

    def _unconfirm(self) -> None:
        """Drop the opinion on the old design and ask for one on the new when the hand rests: asking takes the GIL."""
        if self._confirming:
            self._confirming.cancel()
        if self.opinion is not None or self.analysis.errors:
            self.opinion = None
            self.confirmed.emit()
        self._confirm_timer.start()

    @Slot()
    def _confirm(self) -> None:
        """Ask torchinfo in the background; the newest design wins, stale answers are dropped."""
        analysis = self.analysis
        if not self._started or analysis.errors:
            return

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.model.torchinfo_view import confirm

            yield confirm(analysis, stale=job.stale)

        self._confirming = self.background.run(steps, on_items=self._take_opinion, on_end=self._background_ended)

    def _take_opinion(self, opinions: list[Any]) -> None:
        self.opinion = opinions[-1]
        self.confirmed.emit()

    def _background_ended(self, error: BaseException | None) -> None:
        if error is not None:
            self.unexpected.emit(error)

    # ---- images

    def reload_images(self) -> None:
        """Load the images that are wanted, in the background; a loading under way is dropped."""
        if not self._started:
            return
        self.cancel_loading()
        wanted, size = self.experiment.data, self.experiment.network.input_shape[1:]
        self.images_loading, self.images_error, self.images_progress = True, "", None

        def steps(job: Job) -> Iterator[Any]:
            from resnet_studio.data.load import load

            yield load(wanted, default_size=size, progress=job.post, should_stop=job.stale)

        self._loading = self.loader.run(steps, on_items=self._take_images, on_end=self._loading_ended)
        self.images_changed.emit()

    def choose_source(self, source: str) -> None:
        """Want other images as one step; size and numbers that were set for the ones before go with them.

        Photographs can't be told apart at the size of a network for tiny images: a folder gets `PHOTOGRAPH` then.
        """
        if source == self.experiment.data.source:
            return
        is_folder = source not in CATALOGUE and not source.lower().endswith(".npz")
        tiny = max(self.experiment.network.input_shape[1:]) <= TINY
        changes = {
            "data.source": source,
            "data.image_size": PHOTOGRAPH if is_folder and tiny else None,
            "data.mean": None,
            "data.std": None,
        }
        self.change_many(changes, f"data {Path(source).name}")

    def cancel_loading(self) -> None:
        """Drop a loading under way."""
        if self._loading:
            self._loading.cancel()
            self._loading = None
        if self.images_loading:
            self.images_loading, self.images_progress = False, None
            self.images_changed.emit()

    def _take_images(self, items: list[Any]) -> None:
        from resnet_studio.data.images import ImageSet

        for item in items:
            if isinstance(item, ImageSet):
                self.images = item
            else:
                self.images_progress = item
        self.images_changed.emit()

    def _loading_ended(self, error: BaseException | None) -> None:
        self._loading, self.images_loading, self.images_progress = None, False, None
        if isinstance(error, StudioError):
            self.images, self.images_error = None, str(error)
        elif error is not None:
            self.images, self.images_error = None, f"{type(error).__name__}: {error}"
            self.unexpected.emit(error)
        self._find()
        self.images_changed.emit()
        self.changed.emit()

    # ---- training

    @property
    def is_training(self) -> bool:
        """Whether a run is going on, paused ones included."""
        return self.run is not None and self.run.phase in GOING_ON

    @property
    def can_train_reason(self) -> str:
        """Why Train can't start, in one sentence; empty where it can."""
        if self.is_training:
            return "A run is going on; stop it first."
        if self.export_running:
            return "An export is being proven; wait for it or cancel it."
        if self.analysis.errors:
            return f"The design can't be built: {self.analysis.errors[0].message}."
        if self.images is None:
            # images that are still being loaded are loaded by the run itself
            return self.images_error
        classes, found = self.experiment.network.num_classes, self.images.num_classes
        if classes != found:
            return f"The network has {classes or 'no'} classes, {self.images.name} has {found}; match it to the data."
        return ""

    def train(self) -> None:
        """Start a run of the experiment as it stands, in a new folder."""
        if self.can_train_reason:
            return
        from resnet_studio.gui.trainer_thread import new_run

        images = None if self.images_loading else self.images
        experiment, folder = self.experiment, self.runs_folder
        self._launch(experiment, None, lambda control, job: new_run(experiment, folder, images, control, job))

    def resume(self, folder: Path | None = None, epochs: int | None = None) -> None:
        """Go on with a run exactly where it stopped; without a folder, with the current one."""
        folder = folder or (self.run.folder if self.run else None)
        if folder is None or self.is_training:
            return
        from resnet_studio.gui.trainer_thread import resumed_run

        if self.run is None or self.run.folder != folder:
            self.open_run(folder)
        if self.run is None:
            return
        there = folder
        self._launch(self.run.experiment, folder, lambda control, job: resumed_run(there, epochs, control, job))

    def pause(self) -> None:
        """Pause after the step that runs; `go_on` ends it."""
        if self._control and self.run and self.run.phase == "training":
            self._control.pause.set()

    def go_on(self) -> None:
        """End a pause."""
        if self._control:
            self._control.pause.clear()

    def stop(self) -> None:
        """Stop after the step that runs, and save."""
        if self._control and self.run and self.is_training:
            self._control.stop.set()
            self._control.pause.clear()
            self._set_run(replace(self.run, phase="stopping"))

    def open_run(self, folder: Path) -> None:
        """Show a run that lies in a folder: its design, its data, its curves.

        A folder that holds no run is refused with a sentence in `refused`, path "".
        """
        from resnet_studio.runs.events import RunEnded, RunStarted
        from resnet_studio.runs.folder import RunFolder

        try:
            run = RunFolder.open(folder)
            experiment, events = run.experiment(), run.events()
        except StudioError as error:
            self.refused.emit("", str(error))
            return
        ends = [event for event in events if isinstance(event, RunEnded)]
        device = next((event.device for event in events if isinstance(event, RunStarted)), "")
        phase: Phase = "finished" if ends and ends[-1].reason == "finished" else "stopped"
        self.replace(experiment, f"open {run.name}")
        self.events = events
        self.run = RunState(phase, experiment, folder, device)
        self.run_changed.emit()
        self.events_came.emit(events)

    def _launch(
        self, experiment: ExperimentSpec, folder: Path | None, run: Callable[["Control", Job], Iterator[Any]]
    ) -> None:
        from resnet_studio.training.control import Control

        self._collector.start()
        control = self._control = Control()
        if folder is None:
            self.events = []
        self.run = RunState("preparing", experiment, folder)
        self.trainer.run(lambda job: run(control, job), on_items=self._take_events, on_end=self._run_ended)
        self.run_changed.emit()

    def _take_events(self, items: list[Any]) -> None:
        """Take what the trainer yielded: progress of the data, the folder once it is there, events."""
        from resnet_studio.gui.trainer_thread import RunMade
        from resnet_studio.runs.events import Event, Paused, RunEnded, RunStarted, Step

        events: list[Event] = []
        state = self.run
        if state is None:
            return
        for item in items:
            if isinstance(item, RunMade):
                state = replace(state, folder=item.folder, experiment=item.experiment)
            elif isinstance(item, Event):
                events.append(item)
            if isinstance(item, RunStarted):
                state = replace(state, device=item.device, phase="training")
            elif isinstance(item, Paused):
                state = replace(state, phase="paused")
            elif isinstance(item, Step) and state.phase in {"paused", "preparing"}:
                state = replace(state, phase="training")
            elif isinstance(item, RunEnded):
                state = replace(state, phase=_PHASES.get(item.reason, "stopped"), message=item.message)
        if self.run and self.run.phase == "stopping" and state.phase in {"training", "paused"}:
            state = replace(state, phase="stopping")
        self._set_run(state)
        self.events += events
        if events:
            self.events_came.emit(events)

    def _run_ended(self, error: BaseException | None) -> None:
        self._control = None
        if self.run is None:
            return
        if isinstance(error, StudioError):
            self._set_run(replace(self.run, phase="failed", message=str(error)))
        elif error is not None:
            self._set_run(replace(self.run, phase="failed", message=f"{type(error).__name__}: {error}"))
            self.unexpected.emit(error)
        elif self.run.phase in GOING_ON:
            self._set_run(replace(self.run, phase="stopped"))
        self.run_changed.emit()

    def _set_run(self, state: RunState) -> None:
        if state != self.run:
            self.run = state
            self.run_changed.emit()

    # ---- export

    def export(self, to: Path, formats: tuple[str, ...], checkpoint: str) -> None:
        """Export the current run's weights, with the proof shown step by step."""
        folder = self.run.folder if self.run else None
        if folder is None or self.is_training or self.export_running:
            return

        def steps(_: Job) -> Iterator[Any]:
            from resnet_studio.export.run import export_run

            proof = export_run(folder, to, formats=formats, checkpoint=checkpoint)
            for step in proof:
                if stop.is_set():
                    proof.close()
                    raise StudioError("The export was cancelled; nothing was left behind.")
                yield step

        stop = self._export_stop = threading.Event()
        self.export_steps, self.export_running, self.export_error = [], True, ""
        self._exporting = self.trainer.run(steps, on_items=self._take_proof, on_end=self._export_ended)
        self.export_changed.emit()
        self.run_changed.emit()

    def cancel_export(self) -> None:
        """Stop an export after the step that runs; what was not proven by then is removed."""
        self._export_stop.set()

    def _take_proof(self, steps: list[Any]) -> None:
        self.export_steps = [*self.export_steps, *steps]
        self.export_changed.emit()

    def _export_ended(self, error: BaseException | None) -> None:
        self._exporting, self.export_running = None, False
        if error is not None:
            self.export_error = str(error) if isinstance(error, StudioError) else f"{type(error).__name__}: {error}"
            if not isinstance(error, StudioError):
                self.unexpected.emit(error)
        self.export_changed.emit()
        self.run_changed.emit()

    # ---- documents

    @property
    def edited(self) -> bool:
        """Whether the experiment differs from its file."""
        return not self.undo_stack.isClean()

    def new_document(self) -> None:
        """Start again with the default design, without a file."""
        self.undo_stack.clear()
        self.path = None
        self._show(ExperimentSpec())
        self.undo_stack.setClean()
        self.select(1, 0)

    def open_document(self, path: Path) -> None:
        """Put the network or experiment of a file in the place of this one.

        Raises:
            StudioError: the file is none of ours; nothing changes.
        """
        document = read_document(path)
        if document["format"].endswith("/network"):
            experiment = with_values(self.experiment, {"network": read_network(path).model_dump()})
        else:
            experiment = read_experiment(path)
        self.undo_stack.clear()
        self._show(experiment)
        self.path = path
        self.undo_stack.setClean()
        self.select(1, 0)
        self._announce_document()

    def save_document(self, path: Path) -> None:
        """Write the experiment to a file in one go.

        Raises:
            StudioError: it can't be written; what stood there still does.
        """
        write_document(path, experiment_document(self.experiment))
        self.path = path
        self.undo_stack.setClean()
        self._announce_document()

    def _announce_document(self) -> None:
        self.document_changed.emit()


_PHASES: dict[str, Phase] = {"finished": "finished", "stopped": "stopped", "failed": "failed"}
