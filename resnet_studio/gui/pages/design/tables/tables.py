"""Under the diagram: stages, layers, cost, ledger and findings, one of them shown."""

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.gui.pages.design.cost.line import COUNTED, counted_precision
from resnet_studio.gui.pages.design.cost.view import CostView
from resnet_studio.gui.pages.design.tables.bar import TableBar
from resnet_studio.gui.pages.design.tables.columns import Setting
from resnet_studio.gui.pages.design.tables.columns_menu import ColumnsMenu
from resnet_studio.gui.pages.design.tables.copy_menu import CopyMenu
from resnet_studio.gui.pages.design.tables.cost_model import CostModel
from resnet_studio.gui.pages.design.tables.current_row import bring_into_sight, choose
from resnet_studio.gui.pages.design.tables.findings_list import FindingsList
from resnet_studio.gui.pages.design.tables.layer_model import LayerModel
from resnet_studio.gui.pages.design.tables.ledger_view import LedgerView
from resnet_studio.gui.pages.design.tables.stage_model import StageModel
from resnet_studio.gui.pages.design.tables.why import Why
from resnet_studio.gui.session import Session
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.widgets.cell import ASK_ROLE
from resnet_studio.gui.widgets.table import Table

STAGES, LAYERS, COST, LEDGER, FINDINGS = range(5)
TABS = ("Stages", "Layers", "Cost", "Ledger", "Findings")


class DesignTables(QWidget):
    """Five views of the analysis; a row that is chosen is chosen in the diagram too, and the other way."""

    field_asked = Signal(str)
    """Where the mend of a finding is: the path of a field."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.stage_model, self.layer_model = StageModel(), LayerModel()
        self.stages = Table(name="view.stages", label="stages")
        self.layers = Table(name="view.layers", label="layers")
        self.cost, self.ledger, self.findings = CostView(session), LedgerView(session), FindingsList(session)
        self._bar = TableBar(TABS)
        self.tabs = self._bar.tabs
        self._stack = QStackedWidget()
        for view in (self.stages, self.layers, self.cost, self.ledger, self.findings):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._stack, 1)
        self._why = Why(session, self, name="view.why")
        self._copying = CopyMenu(parent=self)
        self._columns = self._dress_tables(Settings())
        self._connect()
        self.refresh()
        self._tab_chosen(STAGES)

    @Slot()
    def refresh(self) -> None:
        """Show the analysis as it is now."""
        session = self._session
        training = session.experiment.training
        baseline = session.baseline.analysis if session.baseline else None
        setting = Setting(session.analysis, training.batch_size, counted_precision(training), baseline)
        for model in (self.stage_model, self.layer_model):
            model.show(setting)
        self.tabs.set_count(FINDINGS, len(session.findings))
        self._bar.show_training(training)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Choose the rows of what the session points at; rows picked around the current one stay picked."""
        selection = self._session.selection
        choose(self.stages, self.stage_model.row_of(selection.stage))
        if self.layer_model.arranged and not self.layers.isVisible():
            return  # done when it is shown
        if selection.stage is None:
            choose(self.layers, None)
            return
        current = self.layers.currentIndex()
        there = self.layer_model.place_of(current.row()) if current.isValid() else None
        if there == (selection.stage, selection.block):
            return
        choose(self.layers, self.layer_model.first_row_of(selection.stage, selection.block))

    @Slot()
    def show_findings(self) -> None:
        """Show the findings' tab."""
        self.tabs.setCurrentIndex(FINDINGS)

    @Slot(str, QRect)
    def explain_total(self, total: str, beside: QRect) -> None:
        """Explain a total of the network beside a place on the screen; of a broken one, only what is known."""
        if self._session.analysis.fault and total not in COUNTED:
            self.show_findings()
            return
        self._why.explain_total(self.stage_model.setting, self._session.experiment.training, total, beside)

    # ---- what is made once

    def _dress_tables(self, settings: Settings) -> dict[Table, ColumnsMenu]:
        """Give the two tables their models, bars, selections and menus; return the menus of their columns."""
        # before the table's own connections: the sentence of a fault has its whole row when columns are measured
        for changed in (self.stage_model.modelReset, self.stage_model.dataChanged, self.stage_model.layoutChanged):
            changed.connect(self._mark_fault)
        menus = {}
        for table, model in ((self.stages, self.stage_model), (self.layers, self.layer_model)):
            table.setModel(model)
            for number, each in enumerate(model.columns):
                if each.share:
                    table.set_shares(number, each.share)
            table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
            table.let_sort()
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            menus[table] = ColumnsMenu(table, model.columns, settings, self)
        return menus

    def _connect(self) -> None:
        session = self._session
        self.stages.selectionModel().currentRowChanged.connect(self._stage_chosen)
        self.layers.selectionModel().currentRowChanged.connect(self._layer_chosen)
        for table in (self.stages, self.layers):
            table.asked.connect(self._explain)
            table.customContextMenuRequested.connect(self._show_menu)
        self.tabs.currentChanged.connect(self._tab_chosen)
        self._bar.search.searched.connect(self._search)
        self._bar.search.left.connect(self._go_to_found)
        self._bar.batch_edited.connect(self._batch_edited)
        self._copying.failed.connect(self._refuse)
        self.findings.field_asked.connect(self.field_asked)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Find),
            self,
            self._bar.start_search,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        QShortcut(
            QKeySequence(Qt.Key.Key_Escape),
            self,
            self._bar.search.close_search,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        session.changed.connect(self.refresh)
        session.selected.connect(self.follow)
        session.baseline_changed.connect(self._compare)

    # ---- what is asked

    @Slot(int)
    def _tab_chosen(self, number: int) -> None:
        """Show a view, and the tools that it has a use for; a search ends with the view it was in."""
        self._bar.search.close_search()
        self._stack.setCurrentIndex(number)
        table = self._table()
        if table is not None:
            self.follow()
            bring_into_sight(table)
        self._copying.table = table
        self._copying.suggested = f"{self._session.experiment.network.name}-{TABS[number].lower()}"
        self._bar.offer(
            self._columns.get(table) if table else None,
            self._copying if table else None,
            searchable=isinstance(table.model(), CostModel) if table else False,
        )

    def _table(self) -> Table | None:
        """Return the table that is shown, if it is one."""
        return {STAGES: self.stages, LAYERS: self.layers, LEDGER: self.ledger.table}.get(self._stack.currentIndex())

    @Slot()
    def _compare(self) -> None:
        """Show the differences to another baseline, or none."""
        for menu in self._columns.values():
            menu.set_compared(compared=self._session.baseline is not None)
        self.refresh()

    @Slot(str)
    def _search(self, words: str) -> None:
        model = self._table_model()
        if model is not None:
            model.search(words)
            self._bar.search.set_count(model.rowCount(), len(model.rows))
            table = self._table()
            if table is not None:
                table.scrollToTop()
            self.follow()

    def _table_model(self) -> CostModel | None:
        table = self._table()
        model = table.model() if table else None
        return model if isinstance(model, CostModel) else None

    @Slot()
    def _go_to_found(self) -> None:
        table = self._table()
        if table is not None:
            table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        """Offer what can be done with a cell and with the table."""
        table = self._table()
        if table is None:
            return
        index = table.indexAt(place)
        menu = QMenu(table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask = menu.addAction("Why this number?")
        ask.setEnabled(bool(index.data(ASK_ROLE)))
        ask.triggered.connect(lambda _checked=False: self._explain(index))
        menu.addSeparator()
        menu.addActions(self._copying.actions())
        menu.popup(table.viewport().mapToGlobal(place))

    @Slot(QModelIndex)
    def _explain(self, index: QModelIndex) -> None:
        """Tell the formula of a cell beside it."""
        table, model = self._table(), self._table_model()
        row = model.row(index.row()) if model else None
        if table is None or model is None or row is None:
            return
        cell = table.visualRect(index)
        beside = QRect(table.viewport().mapToGlobal(cell.topLeft()), cell.size())
        self._why.explain_row(model.setting, row, index.data(ASK_ROLE), beside)

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

    @Slot(int)
    def _batch_edited(self, batch_size: int) -> None:
        self._session.change("training.batch_size", batch_size)

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self._session.refused.emit("", sentence)
