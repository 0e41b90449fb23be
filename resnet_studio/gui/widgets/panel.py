"""The panel at the left of a page, in which things are wanted: head, sections that fold, rows of a form."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.gui import theme
from resnet_studio.gui.icons import icon
from resnet_studio.gui.widgets.label import ElidedLabel, Label
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.scrub import Scrub
from resnet_studio.gui.widgets.tool_row import ToolRow
from resnet_studio.gui.widgets.whole_spin import WholeSpin

WIDTH, SIDE, GAP = 304, 12, 4
"""Width of a panel, of the room at its sides and between its rows."""

BAR = 10
"""Width of the scroll bar, which lies in the right margin: fields stay where they are when it comes."""


class Panel(QFrame):
    """A head of 36 px, sections in a scroll area, and what stays in sight below them."""

    def __init__(self, title: str, *, name: str, label_width: int = 84, parent: QWidget | None = None) -> None:
        """Make a panel.

        Args:
            title: in its head.
            name: objectName.
            label_width: of all rows: 84 px, or 100 px where labels are long.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("ground", "panel")
        self.setProperty("edge", "right")
        self.setFixedWidth(WIDTH)
        self._label_width = label_width
        self.head = ToolRow(title, name=f"{name}.head")
        self._body = QWidget()
        self._sections = QVBoxLayout(self._body)
        self._sections.setContentsMargins(0, 0, 0, 0)
        self._sections.setSpacing(0)
        self._sections.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName(f"{name}.scroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._body)
        self._scroll.verticalScrollBar().installEventFilter(self)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(SIDE, 0, SIDE, 0)
        self._foot.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._scroll, 1)
        column.addLayout(self._foot)

    def add_section(self, title: str = "", *, name: str = "", folds: bool = False) -> "Section":
        """Add a section below the others and return it.

        Args:
            title: its head; empty: none, it begins with its first row.
            name: objectName.
            folds: with a title that opens and closes it.
        """
        section = Section(title, name=name, label_width=self._label_width, folds=folds, parent=self._body)
        self._sections.insertWidget(self._sections.count() - 1, section)
        return section

    def add_foot(self, widget: QWidget) -> None:
        """Add a widget below the sections, where it stays in sight: the main action of the page."""
        if not self._foot.count():
            self._foot.setContentsMargins(SIDE, 8, SIDE, SIDE)
        self._foot.addWidget(widget)

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a widget, unfold its section and give it the focus: the field of a finding."""
        parent = widget.parentWidget()
        while parent is not None and parent is not self:
            if isinstance(parent, Section):
                parent.set_folded(False)
            parent = parent.parentWidget()
        self._scroll.ensureWidgetVisible(widget, 0, 40)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Give the scroll bar the right margin while it is there."""
        if watched is self._scroll.verticalScrollBar() and event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            right = SIDE - (BAR if event.type() == QEvent.Type.Show else 0)
            for section in self._body.findChildren(Section):
                section.set_right_margin(right)
        return super().eventFilter(watched, event)


class Section(QFrame):
    """Rows that belong together, with a line below them."""

    folded = Signal(bool)
    """The user closed (true) or opened it."""

    def __init__(
        self,
        title: str = "",
        *,
        name: str = "",
        label_width: int = 84,
        folds: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a section as `Panel.add_section` does."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("edge", "bottom")
        self._label_width, self._right = label_width, SIDE
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0 if title else 10, 0, GAP)
        column.setSpacing(0)
        self._head: _Head | None = None
        self._content = QWidget()
        self._rows = QVBoxLayout(self._content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)  # a form row brings its gap, check boxes and marked rows have none
        self._layouts: list[QLayout] = []
        if title:
            self._head = _Head(title, name=name, folds=folds)
            self._head.fold.clicked.connect(self._fold_clicked)
            self._layouts.append(self._head.row)
            column.addWidget(self._head)
        column.addWidget(self._content)

    def add_row(self, label: str, *fields: QWidget | str, name: str = "") -> "FormRow":
        """Add a row and return it.

        Args:
            label: at the left, muted; empty: the fields still start where the others do.
            fields: from where all fields start to the right margin; a text between two is a small muted label.
            name: objectName.
        """
        row = FormRow(label, fields, label_width=self._label_width, name=name, parent=self._content)
        self._add(row, row.column)
        return row

    def add_checks(self, *checks: QWidget) -> QWidget:
        """Add a row of 24 px with check boxes, the first where the fields start and the last at the right margin."""
        row = QWidget(self._content)
        line = QHBoxLayout(row)
        line.setContentsMargins(SIDE + self._label_width, 0, self._right, 0)
        line.setSpacing(GAP)
        for place, check in enumerate(checks):
            if place:
                line.addStretch(1)
            line.addWidget(check)
        if len(checks) == 1:
            line.addStretch(1)
        row.setFixedHeight(24)
        self._add(row, line)
        return row

    def add_wide(self, widget: QWidget) -> None:
        """Add a widget from margin to margin."""
        row = QWidget(self._content)
        line = QHBoxLayout(row)
        line.setContentsMargins(SIDE, 0, self._right, GAP)
        line.addWidget(widget)
        self._add(row, line)

    def add_marked(self, row: "MarkedRow") -> None:
        """Add a row that goes from edge to edge."""
        self._add(row, row.line)

    def _add(self, row: QWidget, layout: QLayout) -> None:
        self._rows.addWidget(row)
        self._layouts.append(layout)

    def add_head_widgets(self, *widgets: QWidget | str) -> None:
        """Add tools or a muted note at the right of the title.

        Raises:
            ValueError: the section has no title.
        """
        if self._head is None:
            raise ValueError("a section without a title has no head")
        self._head.add(widgets)

    def set_summary(self, text: str) -> None:
        """Say in a few words what is inside, for when it is folded."""
        if self._head is not None:
            self._head.summary.setText(text)

    def is_folded(self) -> bool:
        """Whether its rows are hidden."""
        return self._content.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Hide or show its rows, without a signal."""
        self._content.setHidden(folded)
        if self._head is not None:
            self._head.show_folded(folded=folded)

    def set_right_margin(self, right: int) -> None:
        """Move where fields end: the panel's scroll bar lies in the margin."""
        self._right = right
        for layout in self._layouts:
            margins = layout.contentsMargins()
            margins.setRight(right)
            layout.setContentsMargins(margins)

    def _fold_clicked(self) -> None:
        self.set_folded(not self.is_folded())
        self.folded.emit(self.is_folded())


class _Head(QWidget):
    """The title of a section: with a chevron that folds it, a summary while it is folded, tools at the right."""

    def __init__(self, title: str, *, name: str, folds: bool) -> None:
        super().__init__()
        self._title = title
        self.row = row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 0, SIDE, 0)
        row.setSpacing(2)
        self.setFixedHeight(28)
        self.fold = QToolButton()
        self.fold.setObjectName(f"{name}.fold" if name else "fold")
        self.fold.setProperty("fold", "true")
        self.fold.setFixedSize(20, 20)
        self.fold.setVisible(folds)
        self.summary = ElidedLabel(ink="muted", size="note")
        self.summary.hide()
        row.addWidget(Label(title, size="section"))
        row.addWidget(self.fold)
        row.addSpacing(4)
        row.addWidget(self.summary, 1)
        row.addStretch(0)
        self.show_folded(folded=False)

    def add(self, widgets: Sequence[QWidget | str]) -> None:
        for widget in widgets:
            self.row.addWidget(Label(widget, ink="muted", size="note") if isinstance(widget, str) else widget)

    def show_folded(self, *, folded: bool) -> None:
        self.fold.setIcon(icon("chevron-right" if folded else "chevron-down", "muted"))
        self.fold.setToolTip(f"{'Show' if folded else 'Hide'} {self._title.lower()}")
        self.fold.setAccessibleName(self.fold.toolTip())
        self.summary.setVisible(folded)


class FormRow(QWidget):
    """A label, its fields, and below them a note and what is wrong with them."""

    def __init__(
        self,
        label: str,
        fields: Sequence[QWidget | str],
        *,
        label_width: int = 84,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Make a row as `Section.add_row` does."""
        super().__init__(parent)
        self.setObjectName(name)
        self._errors: dict[str, str] = {}
        self.between: list[QLabel] = []
        self.label = Label(label, ink="muted")
        self.label.setFixedWidth(label_width)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.label)
        controls = [field for field in fields if isinstance(field, QWidget)]
        before: QLabel | None = self.label
        for place, field in enumerate(fields):
            if place:
                line.addSpacing(4 if isinstance(field, str) or isinstance(fields[place - 1], str) else 6)
            if isinstance(field, str):
                before = _between(field)
                self.between.append(before)
                line.addWidget(before)
            else:
                if before is not None and isinstance(field, (WholeSpin, RealSpin)):
                    Scrub(before, field)
                    before = None
                expands = field.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
                line.addWidget(field, int(expands))
        if controls:
            self.label.setBuddy(controls[0])
        line.addStretch(0)
        self._note, self._error = _below("muted"), _below("error")
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(SIDE, 0, SIDE, GAP)
        column.setSpacing(0)
        column.addLayout(line)
        for below in (self._note, self._error):
            inset = QHBoxLayout()
            inset.setContentsMargins(label_width, 0, 0, 0)
            inset.addWidget(below)
            column.addLayout(inset)

    def set_note(self, text: str) -> None:
        """Say something below the fields in small muted letters; empty: nothing."""
        self._note.setText(text)
        self._note.setVisible(bool(text) and self._error.isHidden())

    def set_error(self, field: str, sentence: str | None) -> None:
        """Say below the fields what is wrong with one of them, or no longer; the note waits meanwhile.

        Args:
            field: its objectName.
            sentence: None: nothing is wrong with it.
        """
        if sentence:
            self._errors[field] = sentence
        else:
            self._errors.pop(field, None)
        shown = next(iter(self._errors.values()), "")
        self._error.setText(shown)
        self._error.setVisible(bool(shown))
        self.set_note(self._note.text())

    def error(self) -> str:
        """What it says is wrong; empty: nothing."""
        return self._error.text()


def _between(text: str) -> QLabel:
    label = Label(text, ink="muted", size="small" if len(text) == 1 else "note")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    if len(text) > 1:
        label.setContentsMargins(4, 0, 4, 0)
    return label


def _below(ink: str) -> QLabel:
    label = Label(ink=ink, size="note")
    label.setWordWrap(True)
    label.setContentsMargins(0, 4, 0, 2)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    label.hide()
    return label


class MarkedRow(QFrame):
    """A row of a list in a panel, from edge to edge: plain, selected or faulty."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        """Make an empty row of 28 px with objectName `name`; `line` is its layout, 12 px from the edges."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("mark", "plain")
        self.setFixedHeight(28)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(SIDE - 3, 0, SIDE, 0)  # the bar at the left is the frame's, 3 px
        self.line.setSpacing(6)

    def set_mark(self, mark: str) -> None:
        """Mark it: `plain`, `selected` or `error`."""
        theme.set_look(self, "mark", mark)
