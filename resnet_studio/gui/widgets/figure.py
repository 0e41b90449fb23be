"""A number that matters: what it is above, the number, and what to compare it with below."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label


class Figure(QWidget):
    """A label, a figure and a line below it; a width once reached is kept, so that live numbers do not dance."""

    asked = Signal()
    """A click or Enter on one that can be asked about."""

    def __init__(
        self,
        label: str,
        value: str = "",
        below: str = "",
        *,
        name: str,
        big: bool = True,
        tip: str = "",
        asks: bool = False,
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
            asks: there is more to tell of the number: it is underlined under the pointer and can be clicked.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setToolTip(tip)
        self._asks = asks
        if asks:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
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
            column.addWidget(self._below)
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
        """Say what it is in other words, in the room that these need; the next number is measured anew."""
        if label != self._label.text():
            self._label.setText(label)
            self.setMinimumWidth(0)

    def value(self) -> str:
        """The number as it is shown."""
        return self._value.text()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Underline what can be asked about."""
        super().enterEvent(event)
        theme.set_look(self._value, "underlined", "true" if self._asks else None)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Take the line away."""
        super().leaveEvent(event)
        theme.set_look(self._value, "underlined", None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask."""
        if self._asks and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ask on Enter and the space bar."""
        if self._asks and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ring of the keyboard."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
