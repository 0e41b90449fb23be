"""The bars of 36 px above and below an area: a title, what belongs to it, and tools at the right."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import ElidedLabel, Label


class ToolRow(QFrame):
    """Widgets from the left, then widgets that end at the right margin."""

    def __init__(
        self,
        title: str = "",
        subtitle: str = "",
        *,
        name: str = "",
        height: int = 36,
        edge: str = "bottom",
        parent: QWidget | None = None,
    ) -> None:
        """Make a bar.

        Args:
            title: in semibold at the left; empty: none.
            subtitle: muted beside it.
            name: objectName.
            height: with its line, in pixels.
            edge: where its line is: `bottom`, `top` or empty for none.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("ground", "panel")
        if edge:
            self.setProperty("edge", edge)
        self.setFixedHeight(height)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._left.setSpacing(8)
        self._right.setSpacing(8)
        row.addLayout(self._left)
        row.addStretch(1)
        row.addLayout(self._right)
        self.title, self.subtitle = Label(title, size="title"), ElidedLabel(subtitle, ink="muted")
        for label in (self.title, self.subtitle):
            self._left.addWidget(label)
            label.setVisible(bool(label.text()))

    def set_title(self, title: str, subtitle: str = "") -> None:
        """Change the words at the left."""
        for label, text in ((self.title, title), (self.subtitle, subtitle)):
            label.setText(text)
            label.setVisible(bool(text))

    def add(self, *widgets: QWidget | str) -> None:
        """Add widgets after what is at the left; text becomes a muted label."""
        for widget in widgets:
            self._left.addWidget(_widget(widget))

    def add_right(self, *widgets: QWidget | str) -> None:
        """Add widgets after what is at the right; text becomes a muted label."""
        for widget in widgets:
            self._right.addWidget(_widget(widget))

    def add_tools(self, *actions: QAction) -> None:
        """Add an icon button at the right for each action."""
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for action in actions:
            tools.addWidget(ToolButton(action=action))
        self._right.addLayout(tools)


def _widget(widget: QWidget | str) -> QWidget:
    return Label(widget, ink="muted", size="small") if isinstance(widget, str) else widget
