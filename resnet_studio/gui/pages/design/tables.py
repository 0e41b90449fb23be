"""Stages, layers and findings under the diagram, one of them shown."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.gui.pages.design.cost_line import counted_precision
from resnet_studio.gui.pages.design.findings_list import FindingsList
from resnet_studio.gui.pages.design.layer_model import LayerModel
from resnet_studio.gui.pages.design.stage_model import StageModel
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.spin import WholeSpin
from resnet_studio.gui.widgets.table import Table
from resnet_studio.gui.widgets.tabs import Tabs
from resnet_studio.gui.widgets.tool_row import ToolRow

STAGES, LAYERS, FINDINGS = range(3)


class DesignTables(QWidget):
    """Three views of the analysis; a row that is chosen is chosen in the diagram too, and the other way."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.stage_model, self.layer_model = StageModel(), LayerModel()
        self.stages = Table(name="view.stages", label="stages")
        self.layers = Table(name="view.layers", label="layers")
        self.findings = FindingsList(session)
        self._stack = QStackedWidget()
        for view in (self.stages, self.layers, self.findings):
            self._stack.addWidget(view)
        self.tabs = Tabs(("Stages", "Layers", "Findings"), name="view.tables", label="tables")
        self._batch = WholeSpin(
            1, 65_536, name="view.batch_size", label="batch size at which activations are counted", compact=True
        )
        self._batch.setToolTip("The training's batch size: activations and training memory are counted at it")
        self._precision = Label(ink="muted", size="small")
        copy = ToolButton("copy", "Copy the table as tab-separated text (Ctrl+C)", name="view.copy")
        self._bar = ToolRow(name="view.tables.bar", edge="bottom")
        self._bar.add(self.tabs)
        self._bar.add_right("activations at batch", self._batch, self._precision, copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._stack, 1)
        self._show()
        # before the table's own connections: the sentence of a fault has its whole row when columns are measured
        self.stage_model.modelReset.connect(self._mark_fault)
        self.stage_model.dataChanged.connect(self._mark_fault)
        self.stages.setModel(self.stage_model)
        self.stages.set_shares(4, "blue")
        self.stages.set_shares(6, "green")
        self.layers.setModel(self.layer_model)
        self.stages.selectionModel().currentRowChanged.connect(self._stage_chosen)
        self.layers.selectionModel().currentRowChanged.connect(self._layer_chosen)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        copy.clicked.connect(self._copy)
        self._batch.valueChanged.connect(self._batch_edited)
        session.changed.connect(self.refresh)
        session.selected.connect(self.follow)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the analysis as it is now."""
        self._show()
        findings = self._session.findings
        self.tabs.set_count(FINDINGS, len(findings))
        training = self._session.experiment.training
        with QSignalBlocker(self._batch):
            self._batch.set_number(training.batch_size)
        auto = training.precision == "auto"
        self._precision.setText(counted_precision(training))
        self._precision.setToolTip("Counted as fp32; on a machine made for bf16 it is half of that" if auto else "")
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Choose the rows of what the session points at."""
        selection = self._session.selection
        row = self.stage_model.row_of(selection.stage)
        _choose(self.stages, row)
        if selection.stage is not None:
            first = self.layer_model.first_row_of(selection.stage, selection.block)
            current = self.layers.currentIndex()
            if first is not None and not (
                current.isValid() and self.layer_model.place_of(current.row()) == (selection.stage, selection.block)
            ):
                _choose(self.layers, first)
        else:
            _choose(self.layers, None)

    def show_findings(self) -> None:
        """Show the findings' tab."""
        self.tabs.setCurrentIndex(FINDINGS)

    def _show(self) -> None:
        training = self._session.experiment.training
        precision = counted_precision(training)
        self.stage_model.show(self._session.analysis, training.batch_size, precision)
        self.layer_model.show(self._session.analysis, training.batch_size, precision)

    @Slot()
    def _mark_fault(self) -> None:
        """Let the sentence of a faulty stage have the whole row."""
        self.stages.clearSpans()
        row = self.stage_model.faulty_row()
        if row is not None:
            self.stages.setSpan(row, 1, 1, self.stage_model.columnCount() - 1)

    @Slot(QModelIndex, QModelIndex)
    def _stage_chosen(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._session.select(self.stage_model.stage_number(current.row()))

    @Slot(QModelIndex, QModelIndex)
    def _layer_chosen(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._session.select(*self.layer_model.place_of(current.row()))

    @Slot()
    def _copy(self) -> None:
        view = self._stack.currentWidget()
        if isinstance(view, Table):
            view.copy()

    @Slot(int)
    def _batch_edited(self, batch_size: int) -> None:
        self._session.change("training.batch_size", batch_size)


def _choose(table: Table, row: int | None) -> None:
    """Choose a row without telling it as the user's choice."""
    selection = table.selectionModel()
    with QSignalBlocker(selection):
        if row is None:
            selection.clear()
        else:
            flags = QItemSelectionModel.SelectionFlag
            selection.setCurrentIndex(table.model().index(row, 0), flags.ClearAndSelect | flags.Rows)
            table.scrollTo(table.model().index(row, 0))
    table.viewport().update()
