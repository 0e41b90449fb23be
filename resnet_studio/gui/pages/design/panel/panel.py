"""The panel of the design page: every field of the network, in sections."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.pages.design.panel.budget_section import BudgetSection
from resnet_studio.gui.pages.design.panel.fields import Fields
from resnet_studio.gui.pages.design.panel.finding_marks import FindingMarks
from resnet_studio.gui.pages.design.panel.network_sections import (
    add_blocks,
    add_ends,
    add_rest,
    blocks_in_words,
    rest_in_words,
)
from resnet_studio.gui.pages.design.panel.preset_section import PresetSection
from resnet_studio.gui.pages.design.stages.editor import StageEditor
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.panel import Panel, Section
from resnet_studio.spec.meaning import meaning


class DesignPanel(Panel):
    """Fields of the network in sections; follows the session."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("Network", name="panel.design", parent=parent)
        self._session = session
        self._twin = Button("Plain twin", name="edit.plain_twin", compact=True, action=actions["plain_twin"])
        self.head.add_right(self._twin)
        fields = Fields(session, self)
        ends = self.add_section(name="panel.design.ends")
        PresetSection(session, ends)
        add_ends(fields, ends)
        StageEditor(
            session,
            self.add_section("Stages", name="panel.design.stages"),
            lambda field: meaning(f"network.{field}"),
        )
        self._blocks = self.add_section("Blocks", name="panel.design.blocks", folds=True)
        add_blocks(fields, self._blocks)
        self._rest = self.add_section("Norm, dropout, head", name="panel.design.rest", folds=True)
        add_rest(fields, self._rest)
        budget = self.add_section("Hold the budget", name="panel.design.budget", folds=True)
        BudgetSection(session, budget)
        FindingMarks(session, self, fields.rows)
        # the panel is full at 800 px: what is changed least is folded away
        self._rest.set_folded(True)
        budget.set_folded(True)
        for section in (self._blocks, self._rest, budget):
            section.folded.connect(self._fold_changed)
        session.changed.connect(self.refresh)
        self.refresh()

    def show_field(self, path: str) -> None:
        """Bring a field into sight and give it the focus; an entry of a list stands for its list."""
        for name in (path, f"{path}.0", path.rpartition(".")[0]):
            control = self.findChild(QWidget, name) if name else None
            if isinstance(control, QWidget):
                self.reveal(control)
                return

    @Slot()
    def refresh(self) -> None:
        """Show in the heads what stands in the sections, and which twin there is to make."""
        network = self._session.experiment.network
        self._twin.setText("Residual twin" if network.shortcut == "none" else "Plain twin")
        self._blocks.set_summary(blocks_in_words(network))
        self._rest.set_summary(rest_in_words(network))

    @Slot(bool)
    def _fold_changed(self, folded: bool) -> None:
        """Bring a section that was opened into sight, once its rows have their places."""
        section = self.sender()
        if not folded and isinstance(section, Section):
            QTimer.singleShot(0, section, lambda: self._scroll.ensureWidgetVisible(section, 0, 0))
