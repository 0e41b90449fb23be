"""A small state in words: agrees, not built, checking."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import Label

State = Literal["ok", "warning", "error", "info", "busy"]

GLYPHS: dict[str, tuple[str, str]] = {
    "ok": ("check", "ok"),
    "warning": ("warning", "warning"),
    "error": ("error", "error"),
    "info": ("info", "muted"),
    "busy": ("busy", "accent"),
}
"""The icon of each state, and its colour."""


class Badge(QFrame):
    """An icon and a few words on the ground of their state; the tooltip has room for the rest."""

    def __init__(
        self, text: str = "", state: State = "info", *, name: str = "", tip: str = "", parent: QWidget | None = None
    ) -> None:
        """Make a badge with `text`, objectName `name` and tooltip `tip`."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setFixedHeight(22)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 0, 9, 0)
        row.setSpacing(6)
        self._glyph, self._label = Glyph("info", "muted", 14), Label(size="small")
        row.addWidget(self._glyph)
        row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set(text, state, tip)

    def set(self, text: str, state: State, tip: str = "") -> None:
        """Show another state."""
        self.state = state
        glyph, ink = GLYPHS[state]
        self._glyph.set(glyph, ink)
        self._label.setText(text)
        self._label.set_ink("muted" if state == "busy" else ink)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        theme.set_look(self, "badge", state)

    def text(self) -> str:
        """The words it shows."""
        return self._label.text()
