"""A finding: where, what, why, and the button that mends it."""

from collections.abc import Callable
from html import escape
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.badge import GLYPHS
from resnet_studio.gui.widgets.button import Button, PrimaryButton, ToolButton
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label

Severity = Literal["error", "warning", "info", "ok"]

_GROUNDS = {"error": "error", "warning": "warning", "info": "panel", "ok": "panel"}


class FindingLine(QFrame):
    """A strip on the ground of its severity: icon, bold place, message, a second line, buttons at the right."""

    dismissed = Signal()
    """The user closed it."""

    def __init__(
        self,
        message: str = "",
        severity: Severity = "info",
        *,
        place: str = "",
        detail: str = "",
        name: str = "view.finding",
        closable: bool = False,
        plain: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a strip.

        Args:
            message: what is found, a sentence or its second half.
            severity: of which the ground and the icon tell.
            place: where, in bold before the message, such as `stage 2, block 1`.
            detail: why, in a second line.
            name: objectName.
            closable: with a button that hides it.
            plain: without the ground of its severity, as one of many in a list.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self._plain = plain
        self._glyph = Glyph("info", "muted", 16)
        self._message, self._detail = QLabel(), Label(size="small")
        _wrap(self._message)
        _wrap(self._detail)
        self._message.setTextFormat(Qt.TextFormat.RichText)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch()
        words.addWidget(self._message)
        words.addWidget(self._detail)
        words.addStretch()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(9)
        row.addWidget(self._glyph)
        row.addLayout(words, 1)
        row.addSpacing(3)
        row.addLayout(self._buttons)
        self._closer = ToolButton("close", "Close", name=f"{name}.close", parent=self)
        self._closer.setVisible(closable)
        if closable:
            self._closer.clicked.connect(self._close)
            row.addWidget(self._closer)
        self.show_text(message, severity, place=place, detail=detail)

    def show_text(self, message: str, severity: Severity = "info", *, place: str = "", detail: str = "") -> None:
        """Say something else; the buttons go."""
        glyph, ink = GLYPHS[severity]
        self._glyph.set(glyph, ink)
        head = f"<b>{escape(place)}:</b> " if place else ""
        self._message.setText(head + escape(message))
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        theme.set_look(self, "ground", None if self._plain else _GROUNDS[severity])
        theme.set_look(self, "edge", "bottom" if self._plain else "top")
        self.severity = severity
        self.setAccessibleName(f"{severity}: {place + ': ' if place else ''}{message}")
        self.clear_buttons()

    def set_closable(self, *, closable: bool) -> None:
        """Let one that can be closed stand until it is told otherwise, or be closed again."""
        self._closer.setVisible(closable)

    def add_button(
        self,
        text: str,
        run: Callable[[], object],
        *,
        icon: str = "",
        primary: bool = False,
        tip: str = "",
        name: str = "",
    ) -> Button:
        """Add a button at the right that calls `run`; the mend of an error is the primary one."""
        kind = PrimaryButton if primary else Button
        button = kind(text, name=name or f"{self.objectName()}.mend", icon=icon, tip=tip, compact=True)
        button.clicked.connect(lambda _checked=False: run())
        self._buttons.addWidget(button)
        return button

    def clear_buttons(self) -> None:
        """Take all buttons away."""
        while (item := self._buttons.takeAt(0)) is not None:
            button = item.widget()
            if button is not None:
                button.hide()
                button.deleteLater()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """At least a bar's height."""
        return super().sizeHint().expandedTo(QSize(0, 35))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Grow with the lines that the words need at this width."""
        super().resizeEvent(event)
        needed = max(35, self._row.heightForWidth(self.width()))
        if needed != self.minimumHeight():
            self.setMinimumHeight(needed)

    def _close(self) -> None:
        self.hide()
        self.dismissed.emit()


def _wrap(label: QLabel) -> None:
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
