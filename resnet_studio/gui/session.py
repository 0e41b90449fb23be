"""What the window works on: the experiment, its undo stack, and the parts that load, train, export and keep it.

The only signals of the program's state are here; each part owns what it announces through them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from resnet_studio.analysis.findings import Finding, data_mismatch
from resnet_studio.analysis.network import Analysis, Fault, analyse
from resnet_studio.gui.checking import Checking
from resnet_studio.gui.confirming import Confirming
from resnet_studio.gui.devices import Devices
from resnet_studio.gui.documents import Documents
from resnet_studio.gui.edits import Edit, label
from resnet_studio.gui.exporting import Exports
from resnet_studio.gui.forecasting import Forecasting
from resnet_studio.gui.garbage import Collector
from resnet_studio.gui.loading import Loading
from resnet_studio.gui.rate_finding import RateFinding
from resnet_studio.gui.running import Runs
from resnet_studio.gui.storing import Storing
from resnet_studio.gui.worker import Worker
from resnet_studio.spec.data import CATALOGUE, PHOTOGRAPHS
from resnet_studio.spec.errors import FieldError
from resnet_studio.spec.experiment import ExperimentSpec, value_at, with_values
from resnet_studio.spec.network import NetworkSpec

if TYPE_CHECKING:
    from resnet_studio.data.images import ImageSet
    from resnet_studio.model.torchinfo_view import Opinion

TINY, PHOTOGRAPH = 32, (96, 96)
"""Side up to which images are tiny; height and width for a folder of photographs beside a network for such."""

_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Selection:
    """What the views point at: stage 0 is the stem, then the stages, then the head; blocks count from 0."""

    stage: int | None = None
    block: int | None = None

    def within(self, network: NetworkSpec) -> "Selection":
        """Return what of it is there in a network."""
        stages = len(network.block_sizes)
        if self.stage is not None and self.stage > stages + 1:
            return Selection()
        if self.stage and self.stage <= stages and (self.block or 0) >= network.block_sizes[self.stage - 1]:
            return Selection(self.stage)
        return self

    def at_fault(self, fault: Fault | None) -> "Selection":
        """Return the block at which a design breaks in the place of what is not known behind it."""
        if fault is None or not fault.stage or not fault.block or (self.stage or 0) < fault.stage:
            return self
        return Selection(fault.stage, fault.block - 1)


@dataclass(frozen=True)
class Baseline:
    """The design that totals and rows are compared with."""

    title: str
    analysis: Analysis


class Session(QObject):
    """The one thing that views read and controls ask for changes; lives in the GUI thread.

    Attributes:
        experiment: what is wanted; replaced by every edit, never changed.
        analysis: what its network costs.
        findings: what is wrong with it, the worst first.
        selection: what the views point at.
        baseline: what they compare with.
        documents, loading, checking, storing, confirming, devices, runs, exports, forecasting, rate_finding: the
            parts.
    """

    changed = Signal()
    refused = Signal(str, str)
    confirmed = Signal()
    selected = Signal()
    baseline_changed = Signal()
    images_changed = Signal()
    check_changed = Signal()
    store_changed = Signal()
    run_changed = Signal()
    events_came = Signal(list)
    export_changed = Signal()
    forecast_changed = Signal()
    rates_changed = Signal()
    document_changed = Signal()
    autosaved = Signal()
    devices_changed = Signal()
    unexpected = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.experiment = ExperimentSpec()
        self.analysis: Analysis = analyse(self.experiment.network)
        self.findings: tuple[Finding, ...] = self.analysis.findings
        self.selection = Selection(1, 0)
        self.baseline: Baseline | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.indexChanged.connect(self._step_taken)
        self._drag, self._drags = 0, 0
        self.started = False
        self.collector = Collector(self)
        self.background = Worker("background", self)
        self.pictures = Worker("pictures", self)
        self._loader = Worker("loader", self)
        self._checker = Worker("checker", self)
        self._trainer = Worker("trainer", self)
        self.documents = Documents(self)
        self.loading = Loading(self, self._loader)
        self.checking = Checking(self, self._checker)
        self.storing = Storing(self, self.pictures)
        self.confirming = Confirming(self)
        self.devices = Devices(self)
        self.runs = Runs(self, self._trainer)
        self.exports = Exports(self, self._trainer)
        self.forecasting = Forecasting(self, self._trainer)
        self.rate_finding = RateFinding(self, self._trainer)

    @property
    def images(self) -> "ImageSet | None":
        """The images of the experiment's data, once they are loaded."""
        return self.loading.images

    @property
    def opinion(self) -> "Opinion | None":
        """What torchinfo says of the design, once it was asked."""
        return self.confirming.opinion

    def start(self) -> None:
        """Begin the slow work that the first paint must not wait for: importing torch, loading the images."""
        if not self.started:
            self.started = True
            self.collector.start()
            self.loading.reload()
            self.checking.restart()
            self.confirming.ask()
            self.devices.ask()

    def close(self, timeout: float = 30.0, *, keep: bool = True) -> bool:
        """End all threads, a run with a checkpoint; return whether they ended in time.

        Args:
            timeout: seconds for each thread.
            keep: what is not saved, for the next session to offer; False where the user has said that it may go.
        """
        self.runs.stop()
        self.exports.close()
        self.loading.cancel()
        self.checking.cancel()
        self.storing.cancel()
        self.confirming.cancel()
        self.forecasting.cancel()
        self.rate_finding.cancel()
        workers = (self._trainer, self._loader, self._checker, self.pictures, self.background)
        ended = [worker.close(timeout) for worker in workers]
        ended.append(self.documents.close(timeout, keep=keep))
        if all(ended):
            self.collector.stop()
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
            self.undo_stack.push(Edit("", text, self.experiment, experiment, self.show))

    def mend(self, finding: Finding) -> None:
        """Do what a finding offers, as one undoable step."""
        if finding.mend:
            self.change_many(finding.mend, finding.mend_label[:1].lower() + finding.mend_label[1:])

    def choose_source(self, source: str, *, root: str | None = None) -> None:
        """Want other images as one step; sizes and numbers that were set for the ones before go with them.

        Photographs can't be told apart at the size of a network for tiny images: they get `PHOTOGRAPH` then.

        Args:
            source: a name of the catalogue, a folder or a file.
            root: the folder that has the files of a name; None: the one that stands.
        """
        data = self.experiment.data
        if source == data.source and root in (None, data.root):
            return
        is_folder = source not in CATALOGUE and not source.lower().endswith(".npz")
        differ = is_folder or source in PHOTOGRAPHS
        tiny = max(self.experiment.network.input_shape[1:]) <= TINY
        changes = {
            "data.source": source,
            "data.root": root or data.root,
            "data.image_size": PHOTOGRAPH if differ and tiny else None,
            "data.eval_size": None,
            "data.mean": None,
            "data.std": None,
        }
        self.change_many(changes, f"data {Path(source).name}")

    def _try(self, changes: dict[str, Any], text: str, merge_path: str) -> bool:
        try:
            new = with_values(self.experiment, changes)
        except FieldError as error:
            path = merge_path or error.path
            self.refused.emit(path, str(error).removeprefix(f"{error.path}: "))
            return False
        if new != self.experiment:
            self.undo_stack.push(Edit(merge_path, text, self.experiment, new, self.show, drag=self._drag))
        self.refused.emit(merge_path, "")
        return True

    # ---- what is pointed at and compared with: no part of the experiment, so nothing to undo

    def select(self, stage: int | None, block: int | None = None) -> None:
        """Point at a stage or block, in every view."""
        self._select(Selection(stage, block))

    def compare_with(self, title: str, network: NetworkSpec) -> None:
        """Pin a design: views show the differences to it."""
        self.baseline = Baseline(title, analyse(network))
        self.baseline_changed.emit()

    def compare_with_nothing(self) -> None:
        """Unpin the baseline."""
        self.baseline = None
        self.baseline_changed.emit()

    def _select(self, selection: Selection) -> None:
        if self.selection != selection:
            self.selection = selection
            self.selected.emit()

    # ---- for the parts

    @Slot()
    def _step_taken(self) -> None:
        """Tell of an edit, undo or redo once the stack knows of it too; itself it tells even when it is destroyed."""
        self.document_changed.emit()

    def show(self, experiment: ExperimentSpec) -> None:
        """Let another experiment stand: what undo, redo, every edit and every document end in."""
        old, self.experiment = self.experiment, experiment
        if experiment.network != old.network:
            sound, self.analysis = self.analysis.fault is None, analyse(experiment.network)
            selection = self.selection.within(experiment.network)
            self._select(selection.at_fault(self.analysis.fault) if sound else selection)
            self.confirming.ask_again()
        self._find()
        self.changed.emit()
        if experiment.data != old.data:
            self.loading.reload()
            self.checking.follow()

    def find_again(self) -> None:
        """Look again for what is wrong with the experiment, now that more is known of images and devices."""
        before = self.findings
        self._find()
        if self.findings != before:
            self.changed.emit()

    def _find(self) -> None:
        findings = list(self.analysis.findings)
        images = self.loading.of_wanted
        if images is not None:
            mismatch = data_mismatch(self.experiment.network, images.shape, images.num_classes, images.name)
            findings += [mismatch] if mismatch else []
        too_much = self.devices.finding()
        findings += [too_much] if too_much else []
        self.findings = tuple(sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity)))
