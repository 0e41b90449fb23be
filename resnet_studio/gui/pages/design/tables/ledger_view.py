"""The ledger of a preset and what sets the design apart from its preset and from the papers."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.analysis.departures import departures, remarks
from resnet_studio.analysis.ledger import ledger
from resnet_studio.gui.pages.design.tables.ledger_model import LedgerModel
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.empty_state import EmptyState
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.table import HEADER_HEIGHT, ROW_HEIGHT, Table
from resnet_studio.spec.presets import presets

OWN = "A design of your own: nothing was published of it. Choose a preset to see its published figures here."
UNPUBLISHED = "Nothing was published of this preset: it is the studio's own."


class LedgerView(QStackedWidget):
    """A table of published figures with the departures below it; computed when it is seen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._model = LedgerModel()
        self.table = Table(self._model, name="view.ledger", label="ledger")
        self.table.set_weights({4: 1.0, 5: 1.0}, shrinking=True)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines = Label(size="small", name="view.ledger.remarks")
        self._lines.setWordWrap(True)
        self._lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lines.setContentsMargins(12, 8, 12, 8)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table)
        column.addWidget(self._lines)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(whole)
        self._empty = [EmptyState(sentence, name="view.ledger.empty") for sentence in (OWN, UNPUBLISHED)]
        for empty in self._empty:
            self.addWidget(empty)
        self.addWidget(area)
        session.changed.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while it was hidden."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the design's ledger as it is now."""
        if not self.isVisible():
            return
        analysis = self._session.analysis
        preset = presets().get(analysis.spec.name)
        rows = ledger(analysis, preset) if preset else ()
        self._model.show(rows)
        apart = [*(departures(analysis.spec, preset) if preset else ()), *remarks(analysis.spec, preset)]
        said = [] if rows else [UNPUBLISHED if preset else OWN]
        self._lines.setText("\n".join([*said, *(f"· {line[:1].upper()}{line[1:]}" for line in apart)]))
        self._lines.setVisible(bool(apart))
        self.table.setVisible(bool(rows))
        self.table.setFixedHeight(HEADER_HEIGHT + ROW_HEIGHT * len(rows))
        self.setCurrentIndex(2 if rows or apart else 1 if preset else 0)
