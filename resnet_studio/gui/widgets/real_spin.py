"""A field for a number with decimals. Each keystroke counts; the wheel counts only while it has the focus."""

import math
from typing import Any, Literal

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from resnet_studio.gui.widgets.scrub import Scrub
from resnet_studio.gui.widgets.spin_look import SHIFTED, dress, room


class RealSpin(QDoubleSpinBox):
    """A field for a number with decimals, as many of them as it has, or for none."""

    drag_started = Signal()
    drag_finished = Signal()
    """Between the two, all changes come of one drag of the mouse."""

    def __init__(
        self,
        minimum: float = 0.0,
        maximum: float = 1.0,
        *,
        name: str,
        label: str,
        nothing: str = "",
        before: str = "",
        after: str = "",
        step: float | Literal["ladder"] = 0.05,
        places: int = 2,
        digits: int = 5,
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
            before: shown in front of the number.
            after: shown behind it, such as ` epochs`.
            step: of the arrows; `ladder` goes 0.1, 0.2, 0.5, 1, for what is chosen by its magnitude.
            places: decimals that are always shown; more of them where the number has more.
            digits: room to keep, in digits.
            compact: 24 px high instead of 28.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._bottom, self._step, self._places, self._digits = minimum, step, places, digits
        self._has_nothing = bool(nothing)
        dress(self, name, label, compact=compact)
        self.setDecimals(8)
        self.setRange(minimum - 1 if nothing else minimum, maximum)
        self.setSpecialValueText(nothing)
        if nothing:
            self.setValue(self.minimum())  # Qt begins at 0, which may lie between nothing and the smallest number
        self.setPrefix(before)
        self.setSuffix(after)
        Scrub(self, self)

    def number(self) -> float | None:
        """The number, or None where the field shows its word for none."""
        return None if self._has_nothing and self.value() < self._bottom else self.value()

    def set_number(self, number: float | None) -> None:
        """Show a number, or the word for none; the text being typed stays as it is where it means the same."""
        if number != self.number():
            self.setValue(self.minimum() if number is None else number)

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go up or down; from the smallest number down to none."""
        self.setValue(self._stepped(self.value(), steps))
        self.selectAll()

    def drag(self, start: float, steps: int, *, shift: bool) -> None:
        """Show the number that lies `steps` from where a drag started; with Shift, a tenth as far."""
        self.setValue(self._stepped(start, steps, finer=SHIFTED if shift else 1) if steps else start)

    def _stepped(self, value: float, steps: int, *, finer: int = 1) -> float:
        up = steps > 0
        if value < self._bottom:
            return self._bottom if up else value
        if value == self._bottom and not up:
            return self.minimum()
        if self._step == "ladder":
            for _ in range(abs(steps)):
                value = _rung(value, up=up)
            return max(value, self._bottom)
        return max(round(value + steps * self._step / finer, 8), self._bottom)

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        """Return all decimals that the number has, and at least `places`."""
        whole, _, decimals = f"{value:,.8f}".partition(".")
        decimals = decimals.rstrip("0").ljust(self._places, "0")
        return f"{whole}.{decimals}" if decimals else whole

    def valueFromText(self, text: str) -> float:  # noqa: N802 - Qt's name
        """Read what was typed, `1e-4` too."""
        number = _number(self._bare(text))
        return self.minimum() if number is None else number

    def validate(self, text: str, position: int) -> Any:  # an object in one PySide6's stubs, a tuple in another's
        """Take numbers with a point or with an exponent; let the first half of either stand."""
        bare, state = self._bare(text), QValidator.State.Intermediate
        number = _number(bare)
        if bare == self.specialValueText():
            state = QValidator.State.Acceptable
        elif any(letter not in "0123456789.,eE+-" for letter in bare):
            state = QValidator.State.Invalid
        elif number is not None and self._bottom <= number <= self.maximum():
            state = QValidator.State.Acceptable
        return state, text, position

    def fixup(self, text: str) -> str:
        """Take the nearest number to one that is out of bounds."""
        number = _number(self._bare(text))
        if number is None:
            return text
        nearest = min(max(number, self._bottom), self.maximum())
        return f"{self.prefix()}{self.textFromValue(nearest)}{self.suffix()}"

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the room of the digits, not of the longest number that is allowed."""
        return room(self, "0." + "0" * (self._digits - 2))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `sizeHint`."""
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll unless this is the field being edited."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def _bare(self, text: str) -> str:
        return text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _rung(value: float, *, up: bool) -> float:
    """Return the next of 1, 2, 5, 10, 20 and so on, up or down, from 0.00001; below that is 0."""
    if value < 1e-5 or (not up and value <= 1e-5):
        return 1e-5 if up else 0.0
    decade = math.floor(math.log10(value) + 1e-9)
    rungs = [round(step * 10.0**power, 8) for power in range(decade - 1, decade + 2) for step in (1, 2, 5)]
    if up:
        return min(rung for rung in rungs if rung > value * (1 + 1e-9))
    return max(rung for rung in rungs if rung < value * (1 - 1e-9))
