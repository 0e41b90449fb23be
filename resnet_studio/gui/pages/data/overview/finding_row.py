"""One finding on the data: what it is, some of its files as pictures, and the buttons that mend or show it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.data.checks.finding import DataFinding, Remedy
from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.data.overview.finding_thumbs import Thumbs
from resnet_studio.gui.pages.data.overview.finding_words import NO_PICTURES
from resnet_studio.gui.pages.data.overview.thumb_strip import ThumbStrip
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.badge import GLYPHS
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label
from resnet_studio.spec.experiment import value_at

ROOM, BESIDE = 290, 170
"""Pixels that the buttons of one line may take together, and those of a line with pictures."""
GAP = 8


class FindingRow(QFrame):
    """Shows one finding, and another of the same kind when more is known."""

    def __init__(
        self,
        session: Session,
        thumbs: Thumbs,
        show_files: Callable[[DataFinding], None],
        kind: str,
        parent: QWidget | None = None,
    ) -> None:
        """Make a row.

        Args:
            session: a remedy is one step of it.
            thumbs: the pictures.
            show_files: what the button that shows the files calls.
            kind: of the findings that it will show, for its objectName.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(f"view.findings.{kind}")
        self.setProperty("edge", "bottom")
        self.finding: DataFinding | None = None
        self._session, self._show_files = session, show_files
        self._remedies: list[tuple[Button, Remedy]] = []
        self._buttons: list[Button] = []
        self._holders: list[QWidget] = []
        self._glyph = Glyph("info", "muted", 16)
        self._message = Label(name=f"view.findings.{kind}.message")
        self._message.setWordWrap(True)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.strip = ThumbStrip(thumbs, name=f"view.findings.{kind}.files")
        self._first, self._others = QHBoxLayout(), QVBoxLayout()
        self._first.setSpacing(GAP)
        self._first.addWidget(self.strip, 1)
        self._first.addStretch(0)
        self._others.setSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self._message)
        words.addLayout(self._first)
        words.addLayout(self._others)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(GAP)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        session.changed.connect(self.refresh)

    def show_finding(self, finding: DataFinding) -> None:
        """Show a finding of this row's kind."""
        if finding == self.finding:
            return
        before, self.finding = self.finding, finding
        self._glyph.set(*GLYPHS[finding.severity])
        theme.set_look(self, "ground", "error" if finding.severity == "error" else None)
        message = numbers.prose(finding.message)
        self._message.setText(message)
        self.setAccessibleName(f"{finding.severity}: {message}")
        pictures = [] if finding.kind in NO_PICTURES else list(finding.groups or ((file,) for file in finding.files))
        self.strip.show_groups(pictures)
        self.strip.setVisible(bool(pictures))
        if before is None or (before.remedies, bool(before.files)) != (finding.remedies, bool(finding.files)):
            self._offer(finding)
        self.refresh()

    def buttons(self) -> list[Button]:
        """Its buttons, in the order in which they stand."""
        return self._buttons

    @Slot()
    def refresh(self) -> None:
        """Let remedies be taken that are not in force yet."""
        for button, remedy in self._remedies:
            in_force = all(value_at(self._session.experiment, path) == value for path, value in remedy.changes)
            button.setEnabled(not in_force)
            button.setToolTip("It is so already" if in_force else "")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Grow with the lines that the words need at this width."""
        super().resizeEvent(event)
        needed = self._row.totalHeightForWidth(self.width())
        if needed != self.minimumHeight():
            self.setMinimumHeight(needed)

    def _offer(self, finding: DataFinding) -> None:
        """Lay out the buttons anew, as many in a line as have room."""
        for widget in (*self._buttons, *self._holders):
            widget.hide()
            widget.deleteLater()
        self._remedies = [(self._button(number, remedy), remedy) for number, remedy in enumerate(finding.remedies)]
        self._buttons = [button for button, _ in self._remedies]
        if finding.files:
            show = Button("Show", name=f"{self.objectName()}.show", compact=True, parent=self)
            show.setAccessibleName(f"Show the files: {self._message.text()}")
            show.clicked.connect(self._show_clicked)
            self._buttons.insert(0, show)
        first, *others = _lines(self._buttons, BESIDE if self.strip.files() else ROOM) or [[]]
        for button in first:
            self._first.addWidget(button)
        self._holders = [_line(buttons) for buttons in others]
        for holder in self._holders:
            self._others.addWidget(holder)

    def _button(self, number: int, remedy: Remedy) -> Button:
        button = Button(remedy.label, name=f"{self.objectName()}.mend.{number}", compact=True, parent=self)
        button.clicked.connect(lambda _checked=False: self._mend(remedy))
        return button

    def _mend(self, remedy: Remedy) -> None:
        self._session.change_many(dict(remedy.changes), remedy.label[:1].lower() + remedy.label[1:])

    @Slot()
    def _show_clicked(self) -> None:
        if self.finding is not None:
            self._show_files(self.finding)


def _line(buttons: Sequence[Button]) -> QWidget:
    """Return buttons side by side that end at the right."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GAP)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return made


def _lines(buttons: Sequence[Button], first: int) -> list[list[Button]]:
    """Return the buttons of each line, as many as have room in it; `first`: the room of the first, in pixels."""
    lines: list[list[Button]] = []
    left = 0
    for button in buttons:
        wide = button.sizeHint().width()
        if not lines or wide + GAP > left:
            left = ROOM if lines else first
            lines.append([])
        lines[-1].append(button)
        left -= wide + GAP
    return lines
