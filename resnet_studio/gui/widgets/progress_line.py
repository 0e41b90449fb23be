"""How far something has come: a thin bar, with words above it."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from resnet_studio.gui.widgets.label import Label

STEPS = 1000


class ProgressLine(QWidget):
    """A bar of 8 px under a text at the left and one at the right."""

    def __init__(self, *, name: str, label: str, parent: QWidget | None = None) -> None:
        """Make a bar with objectName `name` and accessible name `label`."""
        super().__init__(parent)
        self.setObjectName(name)
        self._left, self._right = Label(size="note"), Label(ink="muted", size="note")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}.bar")
        self._bar.setAccessibleName(label)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, STEPS)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._left)
        words.addStretch()
        words.addWidget(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(words)
        column.addWidget(self._bar)
        self.setMinimumWidth(120)

    def set(self, fraction: float | None, left: str = "", right: str = "") -> None:
        """Show how far it has come.

        Args:
            fraction: from 0 to 1; None: nobody knows how far (the bar is busy).
            left: the words at the left, such as `35 %`.
            right: the words at the right, such as `0:33 done, 1:01 left`.
        """
        self._bar.setRange(0, STEPS if fraction is not None else 0)
        if fraction is not None:
            self._bar.setValue(round(STEPS * min(1.0, max(0.0, fraction))))
        self._left.setText(left)
        self._right.setText(right)
