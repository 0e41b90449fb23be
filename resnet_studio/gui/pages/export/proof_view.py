"""The proof: how far it is, and its table."""

from PySide6.QtWidgets import QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.gui.pages.export.proof_cell import ProofCell
from resnet_studio.gui.pages.export.proof_model import ProofModel
from resnet_studio.gui.pages.export.standing import KINDS, STEPS, Export
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.table import HEADER_HEIGHT, ROW_HEIGHT, Table
from resnet_studio.gui.widgets.tool_row import ToolRow

BAR_WIDTH = 120


class ProofView(QWidget):
    """A head with the progress, and a row for each step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._model = ProofModel()
        self._table = Table(self._model, name="view.proof", label="proof")
        self._table.set_weights({0: 2.0} | dict.fromkeys(range(1, 1 + len(KINDS)), 1.0))
        for number in range(1, 1 + len(KINDS)):
            self._table.setItemDelegateForColumn(number, ProofCell(self._table))
        self._table.setFixedHeight(HEADER_HEIGHT + STEPS * ROW_HEIGHT + 1)
        self._done = Label(ink="muted", size="small", name="view.proof.done")
        self._bar = QProgressBar()
        self._bar.setObjectName("view.proof.bar")
        self._bar.setAccessibleName("steps of the proof")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(BAR_WIDTH)
        self._ring = Glyph("busy", "accent", 14)
        head = ToolRow("Proof", "an export that fails it is removed", name="view.proof.head")
        head.add_right(self._ring, self._done, self._bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._table)

    def show_export(self, export: Export) -> None:
        """Show how far an export is."""
        self._model.show(export)
        for shown in (self._ring, self._done, self._bar):
            shown.setVisible(export.running)
        total = STEPS * len(export.formats)
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(len(export.steps))
        begun = f"{len(export.steps)} of {total} steps"
        self._done.setText(begun if export.steps else "loading images and weights")
