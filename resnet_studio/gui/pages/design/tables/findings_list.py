"""All findings of the design, worst first, each with its mend."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.analysis.findings import Finding
from resnet_studio.gui import numbers
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.empty_state import EmptyState
from resnet_studio.gui.widgets.finding_line import FindingLine


class FindingsList(QStackedWidget):
    """A strip for each finding, or the sentence that there is none; filled when it is seen."""

    field_asked = Signal(str)
    """The user wants to see the field of a finding: its path."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.findings")
        self._session = session
        self._shown: tuple[Finding, ...] | None = None
        self._empty = EmptyState("Nothing is wrong with the design, or odd about it.", name="view.findings.empty")
        self._rows = QWidget()
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._rows)
        self.addWidget(self._empty)
        self.addWidget(area)
        session.changed.connect(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what changed while it was hidden."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the findings as they are now."""
        findings = self._session.findings
        if findings == self._shown or not self.isVisible():
            return
        self._shown = findings
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, finding in enumerate(findings):
            line = FindingLine(name=f"view.findings.{number}", plain=True)
            show_finding(line, self._session, finding, self.field_asked.emit)
            self._column.insertWidget(number, line)
        self.setCurrentIndex(1 if findings else 0)


def show_finding(line: FindingLine, session: Session, finding: Finding, show_field: Callable[[str], object]) -> None:
    """Show a finding on a strip, with the button that shows its field and the one that mends it."""
    place, colon, message = finding.message.partition(": ")
    placed = bool(colon) and place.startswith(("stage", "stem", "head"))
    line.show_text(
        numbers.prose(message if placed else finding.message),
        finding.severity,
        place=place if placed else "",
        detail=numbers.prose(finding.detail),
    )
    if finding.field:
        line.add_button(
            "Show field",
            lambda: show_field(finding.field),
            tip="Go to the field that it is about",
            name=f"{line.objectName()}.field",
        )
    if finding.mend:
        line.add_button(
            finding.mend_label,
            lambda: session.mend(finding),
            icon="check",
            primary=finding.severity == "error",
            tip="Mend it, as one step that can be undone",
        )
