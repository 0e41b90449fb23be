"""Buttons: plain ones, the one main action of an area, and icons alone."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.icons import icon as studio_icon


class Button(QPushButton):
    """A push button that a click does not take the focus for: its ring is for the keyboard."""

    ink = "text"

    def __init__(
        self,
        text: str = "",
        *,
        name: str = "",
        icon: str = "",
        tip: str = "",
        compact: bool = False,
        action: QAction | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make a button.

        Args:
            text: its words; empty with an action: the action's.
            name: objectName.
            icon: name of one of our icons, left of the words.
            tip: tooltip; an action's own replaces it.
            compact: 24 px high instead of 28, for bars and tables.
            action: what a click triggers; whether it is possible, checkable and why not follow it.
            parent: the widget it lies in.
        """
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip)
        if compact:
            self.setProperty("compact", "true")
        if icon:
            self.set_icon(icon)
        self._action, self._own_text = action, bool(text)
        if action is not None:
            self.clicked.connect(action.trigger)
            action.changed.connect(self._follow)
            self._follow()

    def set_icon(self, name: str) -> None:
        """Show another of our icons left of the words."""
        self.setIcon(studio_icon(name, self.ink))
        self.setIconSize(QSize(20, 16))  # the drawing is 16 px wide, the rest sets it apart from the words

    @Slot()
    def _follow(self) -> None:
        """Take over what may have changed of the action."""
        action = self._action
        if action is None:
            return
        if not self._own_text:
            self.setText(action.text().replace("&", ""))
        self.setEnabled(action.isEnabled())
        self.setToolTip(action.toolTip())
        if action.isCheckable():
            self.setCheckable(True)
            self.setChecked(action.isChecked())


class PrimaryButton(Button):
    """The main action of an area: filled with the accent."""

    ink = "on_accent"

    def __init__(
        self,
        text: str = "",
        *,
        name: str = "",
        icon: str = "",
        tip: str = "",
        compact: bool = False,
        action: QAction | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make a button as `Button` does."""
        super().__init__(text, name=name, icon=icon, tip=tip, compact=compact, action=action, parent=parent)
        self.setProperty("primary", "true")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the button, with the focus as a light ring within: an edge in accent would not show on it."""
        super().paintEvent(event)
        if self.hasFocus() and self.isEnabled():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("on_accent"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.75, 2.75, -2.75, -2.75), 2.5, 2.5)


class ToolButton(QToolButton):
    """An icon of 16 px to click, 24 px to hit; its tooltip says what it does."""

    def __init__(
        self,
        icon: str = "",
        tip: str = "",
        *,
        name: str = "",
        framed: bool = False,
        action: QAction | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make a button.

        Args:
            icon: name of one of our icons; an action brings its own.
            tip: what it does, its accessible name too; an action brings its own.
            name: objectName.
            framed: with an edge, as beside a field.
            action: what it triggers.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(24, 24)
        if icon:
            self.setIcon(studio_icon(icon))
        if framed:
            self.setProperty("framed", "true")
        if action is not None:
            self.setDefaultAction(action)
            self.setAccessibleName(action.text().replace("&", ""))
