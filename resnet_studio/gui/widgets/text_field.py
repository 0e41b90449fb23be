"""A field for a line of text."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from resnet_studio.gui.icons import icon as studio_icon


class TextField(QLineEdit):
    """A line edit with a placeholder and, for a search, its icon."""

    def __init__(
        self,
        *,
        name: str,
        label: str,
        placeholder: str = "",
        icon: str = "",
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a field.

        Args:
            name: objectName, the path of the spec's field where it is one.
            label: accessible name.
            placeholder: shown while it is empty.
            icon: name of one of our icons, at its left.
            compact: 24 px high instead of 28.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setPlaceholderText(placeholder)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if compact:
            self.setProperty("compact", "true")
        if icon:
            self.addAction(studio_icon(icon, "muted"), QLineEdit.ActionPosition.LeadingPosition)

    def set_text(self, text: str) -> None:
        """Show a text; the cursor stays where it is if it is shown already."""
        if text != self.text():
            self.setText(text)
