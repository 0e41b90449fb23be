"""The findings on the data: how many, how far the check is, each with its files and its remedies."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QMenu, QVBoxLayout, QWidget

from resnet_studio.data.checks.finding import DataFinding, write_csv
from resnet_studio.data.images import printable
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.overview.check_state import CheckState
from resnet_studio.gui.pages.data.overview.files_sheet import FilesSheet
from resnet_studio.gui.pages.data.overview.finding_words import FOLDERS, UNREADABLE, copied, unreadable
from resnet_studio.gui.pages.data.overview.findings_list import FindingsList
from resnet_studio.gui.pages.data.overview.fold import Fold, Snug
from resnet_studio.gui.pages.data.pictures.gallery import distinct, file_name
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.badge import Badge
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.tab_order import in_tab_order
from resnet_studio.spec.errors import StudioError

LEAST = 110
"""Pixels of the list that stay in sight at least."""
ShowOnly = Callable[[str, Sequence[str]], None]
"""Shows some files alone among the images: what they have in common, and which they are."""


class FindingsPanel(Fold):
    """Follows the check of the session."""

    def __init__(self, session: Session, show_only: ShowOnly, parent: QWidget | None = None) -> None:
        content = QFrame()
        super().__init__("Findings", content, name="view.findings", parent=parent)
        self._session, self._show_only = session, show_only
        self._sheet: FilesSheet | None = None
        self._state = CheckState(session)
        self._notice = FindingLine(name="view.findings.notice", closable=True)
        self._notice.hide()
        self._list = FindingsList(session, self._show_files)
        self._scroll = Snug(self._list, name="view.findings.scroll", least=LEAST)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._state)
        column.addWidget(self._notice)
        column.addWidget(self._scroll, 1)
        self._count = Badge(name="view.findings.count")
        self._unreadable = Label(ink="muted", size="small", name="view.findings.unreadable")
        self._more = ToolButton("more", "Copy or save the findings", name="view.findings.more")
        self._more.setPopupMode(ToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self._more)
        menu.addAction("Copy").triggered.connect(self._copy)
        menu.addAction("Save as CSV…").triggered.connect(self._save)
        self._more.setMenu(menu)
        self.head.add(self._count)
        self.head.add_right(self._unreadable, self._more)
        session.check_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is known now."""
        report = self._session.checking.report
        findings = report.findings if report is not None else ()
        worst = findings[0].severity if findings else "ok"
        self._count.set(numbers.count(len(findings)), worst, f"{len(findings)} findings")
        self._count.setVisible(report is not None and bool(findings or report.is_complete))
        words = unreadable(report) if report is not None else ""
        self._unreadable.setText(words)
        self._unreadable.setVisible(bool(words))
        self._more.setEnabled(bool(findings))
        self._list.show_report(report)
        in_tab_order((self._more, *(button for row in self._list.rows() for button in row.buttons())))

    def _show_files(self, finding: DataFinding) -> None:
        """Show the files of a finding among the images, or as a list where they are none."""
        report, images = self._session.checking.report, self._session.images
        if report is None:
            return
        loaded: set[str] = set()
        if images is not None and images.source == report.source and finding.kind not in UNREADABLE | FOLDERS:
            wanted = set(finding.files)
            for name, split in distinct(images).items():
                loaded |= wanted.intersection(split.names or (file_name(name, split, n) for n in range(len(split))))
        if loaded:
            self._show_only(numbers.prose(finding.message), [file for file in finding.files if file in loaded])
            return
        reasons = {skipped.path: skipped.reason for skipped in images.skipped} if images is not None else {}
        row = next(row for row in self._list.rows() if row.finding is finding)
        if self._sheet is None:
            self._sheet = FilesSheet(self._more)
        beside = QRect(row.mapToGlobal(QPoint(12, 0)), row.size())
        self._sheet.show_files(finding, Path(report.source), reasons, beside)

    @Slot()
    def _copy(self) -> None:
        report = self._session.checking.report
        if report is not None:
            QGuiApplication.clipboard().setText(printable(copied(report.title, report.findings)))
            self._say(f"Copied: {_findings(len(report.findings))}.")

    @Slot()
    def _save(self) -> None:
        report = self._session.checking.report
        if report is None:
            return
        suggested = str(Path.home() / f"{report.title} findings.csv")
        name, _ = QFileDialog.getSaveFileName(self.window(), "Save the findings", suggested, "CSV (*.csv)")
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(f"{name}.csv")
        try:
            write_csv(path, report.findings)
        except StudioError as error:
            self._say(str(error), ok=False)
        else:
            self._say(f"{_findings(len(report.findings))} saved as {path}.")

    def _say(self, sentence: str, *, ok: bool = True) -> None:
        self._notice.show_text(sentence, "ok" if ok else "error")
        self._notice.show()


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{numbers.count(count)} findings"
