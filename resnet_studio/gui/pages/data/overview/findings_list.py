"""All findings on the data, the gravest first, and last what was found to be right."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.checks.check import Report
from resnet_studio.data.checks.finding import DataFinding
from resnet_studio.gui.pages.data.overview.finding_row import FindingRow
from resnet_studio.gui.pages.data.overview.finding_thumbs import Thumbs
from resnet_studio.gui.pages.data.overview.finding_words import sound
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label


class FindingsList(QWidget):
    """One row a kind of finding; a row stays where a report says more of the same."""

    def __init__(
        self, session: Session, show_files: Callable[[DataFinding], None], parent: QWidget | None = None
    ) -> None:
        """Make an empty list; `show_files` is called by the buttons that show the files of a finding."""
        super().__init__(parent)
        self.setObjectName("view.findings.list")
        self._session, self._show_files = session, show_files
        self._thumbs = Thumbs(session, self)
        self._thumbs.came.connect(self._repaint)
        self._rows: dict[str, FindingRow] = {}
        self._sound = _Sound()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._sound)
        self._column.addStretch(1)

    def show_report(self, report: Report | None) -> None:
        """Show what a report says; None: nothing is known."""
        findings = report.findings if report is not None else ()
        kinds = {finding.kind for finding in findings}
        for kind in [kind for kind in self._rows if kind not in kinds]:
            row = self._rows.pop(kind)
            row.hide()
            self._column.removeWidget(row)
            row.deleteLater()
        for place, finding in enumerate(findings):
            row = self._rows.get(finding.kind) or self._new_row(finding.kind)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
            row.show_finding(finding)
        self._sound.show_sentence(sound(report) if report is not None else "")
        if report is not None:
            files = [file for row in self.rows() for file in row.strip.files()]
            self._thumbs.want(report.source, files)

    def rows(self) -> list[FindingRow]:
        """The rows, from the top."""
        return sorted(self._rows.values(), key=self._column.indexOf)

    def _new_row(self, kind: str) -> FindingRow:
        row = self._rows[kind] = FindingRow(self._session, self._thumbs, self._show_files, kind)
        return row

    @Slot()
    def _repaint(self) -> None:
        for row in self._rows.values():
            row.strip.updateGeometry()
            row.strip.update()


class _Sound(QWidget):
    """A check mark and a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Label(name="view.findings.sound")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(Glyph("check", "ok", 16))
        row.addWidget(self._words, 1)
        self.hide()

    def show_sentence(self, sentence: str) -> None:
        self._words.setText(sentence)
        self.setVisible(bool(sentence))
