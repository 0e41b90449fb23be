"""The design page: the panel in which the network is wanted, its diagram, its tables, its cost, its worst finding."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from resnet_studio.analysis.findings import Finding
from resnet_studio.gui.pages.design.cost.line import CostLine
from resnet_studio.gui.pages.design.diagram.key import DiagramKey
from resnet_studio.gui.pages.design.diagram.view import Diagram
from resnet_studio.gui.pages.design.panel.panel import DesignPanel
from resnet_studio.gui.pages.design.tables.findings_list import show_finding
from resnet_studio.gui.pages.design.tables.tables import DesignTables
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.tool_row import ToolRow
from resnet_studio.spec.errors import StudioError


class DesignPage(QWidget):
    """Everything about the network; follows the session."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.panel = DesignPanel(session, actions)
        self.diagram = Diagram()
        self.tables = DesignTables(session)
        self.cost = CostLine(session)
        self._key = DiagramKey()
        self._worst: Finding | None = None
        self._drawing = QTimer(self, singleShot=True, interval=0)
        self._drawing.timeout.connect(self.draw)
        self._finding = FindingLine(name="view.finding")
        self._bar = ToolRow(name="view.diagram.bar")
        self._bar.add_right(self._key)
        self._bar.add_tools(actions["zoom_out"], actions["zoom_in"], actions["fit"], actions["picture"])
        self._lay_out()
        for name, slot in (
            ("zoom_in", self.diagram.zoom_in),
            ("zoom_out", self.diagram.zoom_out),
            ("fit", self.diagram.fit),
        ):
            actions[name].triggered.connect(lambda _checked=False, slot=slot: slot() if self.isVisible() else None)
        actions["picture"].triggered.connect(self._save_picture)
        self.diagram.picked.connect(session.select)
        self.tables.field_asked.connect(self.panel.show_field)
        self.cost.asked.connect(self.tables.explain_total)
        self.cost.badge.faults_asked.connect(self.tables.show_findings)
        session.changed.connect(self.refresh)
        session.selected.connect(self.follow)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the design as it is now: its key at once, what `draw` does in the next turn of the event loop."""
        self._key.show_analysis(self._session.analysis)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Show what the session points at."""
        selection, network = self._session.selection, self._session.experiment.network
        self._drawing.start()
        words = [network.name]
        if selection.stage is not None:
            stages = len(network.block_sizes)
            names = {0: "stem", stages + 1: "head"}
            words.append(names.get(selection.stage, f"stage {selection.stage}"))
        if selection.block is not None:
            words.append(f"block {selection.block + 1}")
        self._bar.set_title(" › ".join(words))

    @Slot()
    def draw(self) -> None:
        """Draw the design and what the session points at in it, and tell the worst finding.

        In a turn of its own, so that the numbers are on the screen within a frame of the edit. A hidden page draws
        when it is shown.
        """
        self._drawing.stop()
        if not self.isVisible():
            return
        session = self._session
        worst = next((finding for finding in session.findings if finding.severity != "info"), None)
        if worst != self._worst:
            self._worst = worst
            if worst:
                show_finding(self._finding, session, worst, self.panel.show_field)
        self._finding.setVisible(worst is not None)
        self.diagram.show_analysis(session.analysis, (session.selection.stage, session.selection.block))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what was changed while the page was hidden."""
        super().showEvent(event)
        self.draw()

    def _lay_out(self) -> None:
        upper = QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        above.addWidget(self._bar)
        above.addWidget(self.diagram, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(upper)
        splitter.addWidget(self.tables)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 1)
        # stem, four stages and head fit below their heads; what the window has less or more, the diagram has
        splitter.setStretchFactor(1, 0)
        splitter.setSizes([430, 202])
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(splitter, 1)
        right.addWidget(self.cost)
        right.addWidget(self._finding)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel)
        row.addLayout(right, 1)

    @Slot()
    def _save_picture(self) -> None:
        """Ask for a file and save the diagram; called by the action."""
        name = self._session.experiment.network.name
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the diagram", f"{name}.svg", "SVG (*.svg);;PNG (*.png)")
        if not chosen:
            return
        path = Path(chosen)
        try:
            if path.suffix.lower() == ".png":
                self.diagram.save_png(path)
            else:
                self.diagram.save_svg(path if path.suffix else path.with_suffix(".svg"))
        except StudioError as error:
            self._session.refused.emit("", str(error))
