"""A field for yes or no."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget


class Check(QCheckBox):
    """A check box of 16 px whose words stand beside it."""

    def __init__(self, text: str, *, name: str, label: str = "", parent: QWidget | None = None) -> None:
        """Make a field.

        Args:
            text: the words beside the box.
            name: objectName, the path of the spec's field where it is one.
            label: accessible name; empty: the words.
            parent: the widget it lies in.
        """
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setAccessibleName(label or text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
