"""A number that matters: what it is above, the number, and what to compare it with below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label


class Figure(QWidget):
    """A label, a figure and a line below it; a width once reached is kept, so that live numbers do not dance."""

    def __init__(
        self,
        label: str,
        value: str = "",
        below: str = "",
        *,
        name: str,
        big: bool = True,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Make a figure.

        Args:
            label: what it is, with its unit.
            value: the number as text.
            below: a difference, an estimate; a big figure keeps the line's room.
            name: objectName; the number's is `name.value`.
            big: 16 px and a line below, as in the cost line; else 13 px and none, as in a strip of live numbers.
            tip: tooltip.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._label = Label(label, ink="muted", size="note")
        self._dot = Glyph("dot", "ok", 14)
        self._dot.hide()
        self._value = Label(value, size="figure" if big else "strong", name=f"{name}.value")
        self._below = Label(below, ink="muted", size="note", name=f"{name}.below")
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(self._dot)
        line.addWidget(self._value)
        line.addStretch()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._label, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(line)
        if big:
            self._value.setFixedHeight(22)
            self._below.setFixedHeight(14)
            column.addWidget(self._below, 0, Qt.AlignmentFlag.AlignLeft)
        self.set(value, below)

    def set(self, value: str, below: str = "", *, ink: str = "", below_ink: str = "muted", dot: bool = False) -> None:
        """Show another number.

        Args:
            value: the number as text, `?` where it can't be known.
            below: the line below it.
            ink: of the number: the name of an ink, empty for `text`.
            below_ink: of the line below: `ok` and `error` only where better and worse mean something.
            dot: a dot of the number's ink before it, as for a phase.
        """
        self._value.setText(value)
        self._value.set_ink(ink)
        self._below.setText(below)
        self._below.set_ink(below_ink)
        self._dot.setVisible(dot)
        self._dot.set("dot", ink or "text")
        self.setAccessibleName(f"{self._label.text()}: {value}")
        self._column.activate()
        self.setMinimumWidth(max(self.minimumWidth(), self._column.sizeHint().width()))

    def set_label(self, label: str) -> None:
        """Say what it is in other words."""
        self._label.setText(label)

    def value(self) -> str:
        """The number as it is shown."""
        return self._value.text()
