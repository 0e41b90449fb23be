"""What both kinds of number fields have in common: their look, their room, their numerals."""

from PySide6.QtCore import QEvent, QLocale, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QSpinBox

from resnet_studio.gui import theme

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


def show_arrows(spin: QAbstractSpinBox, *, shown: bool) -> None:
    """Show the arrows of a field, or give their room to the number."""
    # Qt 6.11.3 measures the number from arrows that are not there: the style sheet takes their room away, and has to
    # have done so when the field is laid out anew
    theme.set_look(spin, "arrows", None if shown else "none")
    buttons = QAbstractSpinBox.ButtonSymbols
    spin.setButtonSymbols(buttons.UpDownArrows if shown else buttons.NoButtons)


def room(spin: QSpinBox | QDoubleSpinBox, widest: str) -> QSize:
    """Return the size of a field that has room for its widest text."""
    metrics = spin.fontMetrics()
    shown = (spin.prefix() + widest + spin.suffix(), spin.specialValueText())
    wide = max(metrics.horizontalAdvance(text) for text in shown)
    return QSize(wide + AROUND, 24 if spin.property("compact") else 28)
