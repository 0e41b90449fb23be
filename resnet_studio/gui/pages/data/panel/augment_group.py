"""Kinds of random changes that belong together, below a small title that folds them away."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from resnet_studio.gui.icons import icon
from resnet_studio.gui.pages.data.panel.augment_kinds import Group
from resnet_studio.gui.pages.data.panel.augment_row import AugmentRow
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.label import ElidedLabel, Label

HEAD, GAP = 22, 4
"""Height of the title, and pixels between the rows."""


class AugmentGroup(QWidget):
    """A title and its rows; folded, the title says what of it is on. It opens where something in it comes on."""

    def __init__(self, session: Session, group: Group, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group, self._on = group, False
        name = f"panel.data.augment.{group.name.replace(' ', '_')}"
        self.rows = tuple(AugmentRow(session, kind) for kind in group.kinds)
        self._content = QWidget()
        rows = QVBoxLayout(self._content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP)
        for row in self.rows:
            rows.addWidget(row)
        self._fold = QToolButton()
        self._fold.setObjectName(f"{name}.fold")
        self._fold.setProperty("fold", "true")
        self._fold.setFixedSize(20, 20)
        self._fold.clicked.connect(self._clicked)
        self._summary = ElidedLabel(ink="muted", size="note", name=f"{name}.summary")
        head = QWidget()
        head.setFixedHeight(HEAD)
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(Label(group.name, ink="muted", size="note"))
        line.addWidget(self._fold)
        line.addSpacing(4)
        line.addWidget(self._summary, 1)
        line.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._content)
        self.set_folded(folded=group.folded)

    def refresh(self) -> None:
        """Show each row, and open where something has come on that would not be seen."""
        for row in self.rows:
            row.refresh()
        on = any(row.is_on() for row in self.rows)
        if on and not self._on:
            self.set_folded(folded=False)
        self._on = on
        self._summary.setText(", ".join(filter(None, (row.words() for row in self.rows))) or "off")

    def is_folded(self) -> bool:
        """Whether its rows are hidden."""
        return self._content.isHidden()

    def set_folded(self, *, folded: bool) -> None:
        """Hide or show the rows."""
        self._content.setHidden(folded)
        self._summary.setVisible(folded)
        self._fold.setIcon(icon("chevron-right" if folded else "chevron-down", "muted"))
        self._fold.setToolTip(f"{'Show' if folded else 'Hide'} {self._group.name}")
        self._fold.setAccessibleName(self._fold.toolTip())

    @Slot()
    def _clicked(self) -> None:
        self.set_folded(folded=not self.is_folded())
