"""What both kinds of number fields have in common: their look, their room, their numerals."""

from PySide6.QtCore import QEvent, QLocale, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QSpinBox

AROUND = 2 + 4 + 4 + 19
"""Pixels beside the number: edges, padding, the gap before the arrows and the arrows."""

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
"""Numbers look alike everywhere: 1,000 and 0.5, as in files and papers."""

SHIFTED = 10
"""How much coarser whole numbers, and how much finer others, go while Shift is held in a drag."""


class UndoKeys(QObject):
    """Leaves the keys of undo and redo to the window: each keystroke in a number is a step of its history already."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep the field from claiming the keys for its text."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def dress(spin: QAbstractSpinBox, name: str, label: str, *, compact: bool) -> None:
    """Give a field its names, its numerals and its height."""
    spin.setObjectName(name)
    spin.setAccessibleName(label)
    spin.setLocale(ENGLISH)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    spin.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
    spin.installEventFilter(UndoKeys(spin))
    if compact:
        spin.setProperty("compact", "true")


def room(spin: QSpinBox | QDoubleSpinBox, widest: str) -> QSize:
    """Return the size of a field that has room for its widest text."""
    metrics = spin.fontMetrics()
    shown = (spin.prefix() + widest + spin.suffix(), spin.specialValueText())
    wide = max(metrics.horizontalAdvance(text) for text in shown)
    return QSize(wide + AROUND, 24 if spin.property("compact") else 28)
