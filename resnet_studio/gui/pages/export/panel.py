"""The panel of the export page: which run, which of its checkpoints, where to, and what goes along."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.export.checkpoint_list import CheckpointList
from resnet_studio.gui.pages.export.destination import Destination
from resnet_studio.gui.pages.export.standing import Export
from resnet_studio.gui.run_state import RunState
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button, PrimaryButton
from resnet_studio.gui.widgets.label import ElidedLabel
from resnet_studio.gui.widgets.panel import Panel, Section
from resnet_studio.runs.checkpoints import Index
from resnet_studio.spec.experiment import ExperimentSpec


class ExportPanel(Panel):
    """Shows what it is told; writes nothing."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("Export", name="panel.export", parent=parent)
        run = self.add_section(name="panel.export.run")
        self._name = ElidedLabel(size="strong", name="export.run", mode=Qt.TextElideMode.ElideMiddle)
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._run = run.add_row("Run", self._name)
        self.head.add_right(Button("Open run…", name="export.open_run", compact=True, action=actions["open_run"]))
        self._checkpoints = self.add_section("Checkpoint", name="panel.export.checkpoint")
        self.checkpoints = CheckpointList(self._checkpoints)
        self._place = self.add_section(name="panel.export.place")
        self.destination = Destination(session, self._place)
        self._along = self.add_section("Travels with the weights", name="panel.export.along")
        facts = ("class names", "input", "mean", "std", "design", "fingerprint")
        self._facts = {fact: _fact(self._along, fact) for fact in facts}
        self._export = PrimaryButton("Export", name="export.start", icon="export", action=actions["export"])
        self.cancel = Button("Cancel", name="export.cancel", tip="Stop the export; nothing is left behind")
        self.add_foot(_beside(self._export, self.cancel))

    def show_run(self, run: RunState | None, index: Index) -> None:
        """Show a run and what it has kept."""
        there = run is not None and run.folder is not None and bool(index.checkpoints)
        for section in (self._checkpoints, self._place, self._along):
            section.setVisible(there)
        self._name.setText(run.folder.name if run and run.folder else "none yet")
        self._run.set_note(_about(run.experiment) if run and run.folder else "")
        self.checkpoints.show_index(index)
        if run:
            self._show_facts(run.experiment)

    def show_export(self, export: Export) -> None:
        """Show how far the export is."""
        self._export.setText("Proof is running" if export.running else "Export")
        self.cancel.setVisible(export.running)
        marks = (export.value(kind, "written, sha256") for kind in export.exported())
        mark = next((value for value in marks if value), "")
        self._facts["fingerprint"].setText(f"sha256 {mark}…" if mark else "once it is exported")
        self._facts["fingerprint"].set_ink("" if mark else "muted")

    def _show_facts(self, experiment: ExperimentSpec) -> None:
        network, data = experiment.network, experiment.data
        self._facts["class names"].setText(numbers.count(network.num_classes or 0))
        self._facts["input"].setText(f"{numbers.shape(network.input_shape)}, float32")
        self._facts["mean"].setText(_values(data.mean))
        self._facts["std"].setText(_values(data.std))
        self._facts["design"].setText("network.json")


def _about(experiment: ExperimentSpec) -> str:
    network, source = experiment.network, experiment.data.source
    data = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return f"{network.name}, {data} {numbers.shape(network.input_shape)}"


def _values(values: tuple[float, ...] | None) -> str:
    return ", ".join(f"{value:.3f}" for value in values or ())


def _beside(wide: QWidget, narrow: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(wide, 1)
    row.addWidget(narrow)
    return both


def _fact(section: Section, name: str) -> ElidedLabel:
    label = ElidedLabel(name=f"export.facts.{name.replace(' ', '_')}")
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    section.add_row(name, label)
    return label
