"""What is known of the images that are loaded: how many, what they take, whose they are, what was done to them."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.checks.check import Report
from resnet_studio.data.images import ImageSet
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.pictures.gallery import distinct
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.label import ElidedLabel
from resnet_studio.gui.widgets.panel import FormRow, Section

SHOWN_DIGITS = 12
"""Of the fingerprint: enough to tell two apart; the tooltip has all of it."""


class Facts(QFrame):
    """Rows of a name and what it is, then a line for each thing that a user would not expect."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.facts")
        self.setAccessibleName("facts on the source")
        self._rows = Section(name="view.facts.rows")
        self._rows.setProperty("edge", None)
        self._rows_by_label: dict[str, FormRow] = {}
        self._images = self._add("images")
        self._files = self._add("files")
        self._size = self._add("as stored")
        self._licence = self._add("licence")
        self._copier = ToolButton("copy", "Copy the citation", name="view.facts.copy")
        self._copier.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copier.clicked.connect(self._copy)
        self._citation = self._add("source", self._copier)
        self._mark = self._add("fingerprint")
        self._notes = QVBoxLayout()
        self._notes.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._rows)
        column.addLayout(self._notes)

    def show_images(self, images: ImageSet) -> None:
        """Show what is known of other images."""
        splits = distinct(images).values()
        skipped = f", {numbers.count(len(images.skipped))} skipped" if images.skipped else ""
        total = numbers.count(sum(map(len, splits)))
        self._images.setText(f"{total} in {numbers.count(images.num_classes)} classes{skipped}")
        taken = numbers.memory(sum(split.images.nbytes for split in splits))
        self._size.setText(f"{numbers.shape(images.shape)}, uint8, {taken}")
        self._licence.setText(images.licence)
        self._citation.setText(images.citation or images.source)
        self._licence.setToolTip(images.licence)
        self._citation.setToolTip(images.citation or images.source)
        self._copier.setToolTip("Copy the citation" if images.citation else "Copy where it is")
        self._copier.setAccessibleName(self._copier.toolTip())
        self._mark.setText(f"sha256 {images.fingerprint[:SHOWN_DIGITS]}…")
        self._mark.setToolTip(f"sha256 {images.fingerprint} of pixels, labels and class names before the split")
        while (item := self._notes.takeAt(0)) is not None:
            line = item.widget()
            if line is not None:
                line.setParent(None)
                line.deleteLater()
        for place, note in enumerate(_notes(images)):
            self._notes.addWidget(FindingLine(note, plain=True, name=f"view.notes.{place}"))

    def show_report(self, report: Report | None) -> None:
        """Show how large the files are, where a check has told."""
        nbytes = report.nbytes if report is not None else 0
        self._files.setText(f"{nbytes / 1e6:,.1f} MB" if nbytes else "")
        self._rows_by_label["files"].setVisible(bool(nbytes))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._citation.text())

    def _add(self, name: str, *tools: QWidget) -> ElidedLabel:
        label = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._rows_by_label[name] = self._rows.add_row(name, label, *tools)
        return label


def _notes(images: ImageSet) -> list[str]:
    notes = list(images.notes)
    if images.skipped:
        first = images.skipped[0]
        others = f" and {len(images.skipped) - 1} more" if len(images.skipped) > 1 else ""
        notes.append(f"{first.path}{others} can't be used: {first.reason}.")
    return notes
