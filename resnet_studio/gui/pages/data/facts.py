"""What is known of the images that are loaded: how many, what they take, whose they are, what was done to them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.gallery import distinct
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.gui.widgets.label import ElidedLabel
from resnet_studio.gui.widgets.panel import Section

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
        self._images = self._add("images")
        self._size = self._add("as stored")
        self._licence = self._add("licence")
        self._citation = self._add("source")
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
        self._images.setText(f"{numbers.count(sum(map(len, splits)))} in {images.num_classes} classes")
        taken = numbers.memory(sum(split.images.nbytes for split in splits))
        self._size.setText(f"{numbers.shape(images.shape)}, uint8, {taken}")
        self._licence.setText(images.licence)
        self._citation.setText(images.citation or images.source)
        self._mark.setText(f"sha256 {images.fingerprint[:SHOWN_DIGITS]}…")
        self._mark.setToolTip(f"sha256 {images.fingerprint} of pixels, labels and class names before the split")
        while (item := self._notes.takeAt(0)) is not None:
            line = item.widget()
            if line is not None:
                line.setParent(None)
                line.deleteLater()
        for place, note in enumerate(_notes(images)):
            self._notes.addWidget(FindingLine(note, plain=True, name=f"view.notes.{place}"))

    def _add(self, name: str) -> ElidedLabel:
        label = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._rows.add_row(name, label)
        return label


def _notes(images: ImageSet) -> list[str]:
    notes = list(images.notes)
    if images.skipped:
        first = images.skipped[0]
        others = f" and {len(images.skipped) - 1} more" if len(images.skipped) > 1 else ""
        notes.append(f"{first.path}{others} can't be used: {first.reason}.")
    return notes
