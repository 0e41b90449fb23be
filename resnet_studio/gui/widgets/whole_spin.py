"""A field for a whole number. Each keystroke counts; the wheel counts only while it has the focus."""

from typing import Any, Literal

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from resnet_studio.gui.widgets.scrub import Scrub
from resnet_studio.gui.widgets.spin_look import SHIFTED, dress, room


class WholeSpin(QSpinBox):
    """A field for a whole number, or for none where it has a word for that."""

    drag_started = Signal()
    drag_finished = Signal()
    """Between the two, all changes come of one drag of the mouse."""

    def __init__(
        self,
        minimum: int = 0,
        maximum: int = 2**31 - 1,
        *,
        name: str,
        label: str,
        nothing: str = "",
        before: str = "",
        after: str = "",
        square: bool = False,
        step: int | Literal["double"] = 1,
        digits: int = 3,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a field.

        Args:
            minimum: smallest number.
            maximum: largest number.
            name: objectName, the path of the spec's field where it is one.
            label: accessible name.
            nothing: the word for no number, below the smallest one, such as `auto`; empty: there is always one.
            before: shown in front of the number, such as `/ `.
            after: shown behind it, such as ` px`.
            square: show `7×7` for 7.
            step: of the arrows; `double` goes from one power of two to the next.
            digits: room to keep, in digits.
            compact: 24 px high instead of 28.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._bottom, self._square, self._step, self._digits = minimum, square, step, digits
        self._has_nothing = bool(nothing)
        dress(self, name, label, compact=compact)
        self.setGroupSeparatorShown(True)
        self.setRange(minimum - 1 if nothing else minimum, maximum)
        self.setSpecialValueText(nothing)
        self.setPrefix(before)
        self.setSuffix(after)
        Scrub(self, self)

    def number(self) -> int | None:
        """The number, or None where the field shows its word for none."""
        return None if self._has_nothing and self.value() == self.minimum() else self.value()

    def set_number(self, number: int | None) -> None:
        """Show a number, or the word for none; the text being typed stays as it is where it means the same."""
        if number != self.number():
            self.setValue(self.minimum() if number is None else number)

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go up or down; from the smallest number down to none."""
        if self._step != "double":
            super().stepBy(steps * self._step)
            return
        self.setValue(self._doubled(self.value(), steps))
        self.selectAll()

    def drag(self, start: float, steps: int, *, shift: bool) -> None:
        """Show the number that lies `steps` from where a drag started; with Shift, ten times as far."""
        if self._step == "double":
            self.setValue(self._doubled(int(start), steps))
        else:
            self.setValue(int(start) + steps * self._step * (SHIFTED if shift else 1))

    def _doubled(self, start: int, steps: int) -> int:
        """Return the power of two that lies so many of them from a number."""
        value = max(start, 0)
        power = value.bit_length() - 1 if value & (value - 1) == 0 or steps > 0 else value.bit_length()
        power = max(power, -1) + steps
        return self.minimum() if power < 0 else min(max(1 << min(power, 31), self.minimum()), self.maximum())

    def textFromValue(self, value: int) -> str:  # noqa: N802 - Qt's name
        """Return `7×7` for 7 where it is a square."""
        return f"{value}×{value}" if self._square else super().textFromValue(value)

    def valueFromText(self, text: str) -> int:  # noqa: N802 - Qt's name
        """Read `7×7`, `7x7` and `7`."""
        if not self._square:
            return super().valueFromText(text)
        side = _side(text)
        return int(side) if side.isdecimal() else self.minimum()

    def validate(self, text: str, position: int) -> Any:  # an object in one PySide6's stubs, a tuple in another's
        """Let half-typed squares stand."""
        if not self._square:
            return super().validate(text, position)
        side, state = _side(text), QValidator.State.Intermediate
        if any(letter not in "0123456789×xX" for letter in text):
            state = QValidator.State.Invalid
        elif side.isdecimal():
            fits = self._bottom <= int(side) <= self.maximum()
            state = QValidator.State.Acceptable if fits else QValidator.State.Intermediate
        return state, text, position

    def fixup(self, text: str) -> str:
        """Take the nearest square to one that is out of bounds."""
        side = _side(text)
        if not self._square or not side.isdecimal():
            return super().fixup(text)
        return self.textFromValue(min(max(int(side), self._bottom), self.maximum()))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of the digits, not of the largest number that is allowed."""
        return room(self, self.textFromValue(10**self._digits - 1) if self._square else "0" * self._digits)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `sizeHint`."""
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll unless this is the field being edited."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


def _side(text: str) -> str:
    """Return the first half of `7×7`."""
    return text.replace("x", "×").replace("X", "×").partition("×")[0].strip()
