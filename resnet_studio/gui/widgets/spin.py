"""Fields for numbers. Each keystroke counts; the wheel counts only for the field that has the focus."""

import math
from typing import Any, Literal

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QSpinBox, QWidget

AROUND = 2 + 4 + 4 + 19
"""Pixels beside the number: edges, padding, the gap before the arrows and the arrows."""

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
"""Numbers look alike everywhere: 1,000 and 0.5, as in files and papers."""


class WholeSpin(QSpinBox):
    """A field for a whole number, or for none where it has a word for that."""

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
        _dress(self, name, label, compact=compact)
        self.setGroupSeparatorShown(True)
        self.setRange(minimum - 1 if nothing else minimum, maximum)
        self.setSpecialValueText(nothing)
        self.setPrefix(before)
        self.setSuffix(after)

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
        value = max(self.value(), 0)
        power = value.bit_length() - 1 if value & (value - 1) == 0 or steps > 0 else value.bit_length()
        power = max(power, -1) + steps
        self.setValue(self.minimum() if power < 0 else min(max(1 << min(power, 31), self.minimum()), self.maximum()))
        self.selectAll()

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
        return _room(self, self.textFromValue(10**self._digits - 1) if self._square else "0" * self._digits)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `sizeHint`."""
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll unless this is the field being edited."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class RealSpin(QDoubleSpinBox):
    """A field for a number with decimals, as many of them as it has, or for none."""

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
        _dress(self, name, label, compact=compact)
        self.setDecimals(8)
        self.setRange(minimum - 1 if nothing else minimum, maximum)
        self.setSpecialValueText(nothing)
        if nothing:
            self.setValue(self.minimum())  # Qt begins at 0, which may lie between nothing and the smallest number
        self.setPrefix(before)
        self.setSuffix(after)

    def number(self) -> float | None:
        """The number, or None where the field shows its word for none."""
        return None if self._has_nothing and self.value() < self._bottom else self.value()

    def set_number(self, number: float | None) -> None:
        """Show a number, or the word for none; the text being typed stays as it is where it means the same."""
        if number != self.number():
            self.setValue(self.minimum() if number is None else number)

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go up or down; from the smallest number down to none."""
        value, up = self.value(), steps > 0
        if value < self._bottom:
            value = self._bottom if up else value
        elif value == self._bottom and not up:
            value = self.minimum()
        elif self._step == "ladder":
            for _ in range(abs(steps)):
                value = _rung(value, up=up)
            value = max(value, self._bottom)
        else:
            value = max(round(value + steps * self._step, 8), self._bottom)
        self.setValue(value)
        self.selectAll()

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
        return _room(self, "0." + "0" * (self._digits - 2))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `sizeHint`."""
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll unless this is the field being edited."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def _bare(self, text: str) -> str:
        return text.removeprefix(self.prefix()).removesuffix(self.suffix()).strip()


def _dress(spin: QAbstractSpinBox, name: str, label: str, *, compact: bool) -> None:
    spin.setObjectName(name)
    spin.setAccessibleName(label)
    spin.setLocale(ENGLISH)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    spin.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
    if compact:
        spin.setProperty("compact", "true")


def _room(spin: QSpinBox | QDoubleSpinBox, widest: str) -> QSize:
    metrics = spin.fontMetrics()
    shown = (spin.prefix() + widest + spin.suffix(), spin.specialValueText())
    wide = max(metrics.horizontalAdvance(text) for text in shown)
    return QSize(wide + AROUND, 24 if spin.property("compact") else 28)


def _side(text: str) -> str:
    """Return the first half of `7×7`."""
    return text.replace("x", "×").replace("X", "×").partition("×")[0].strip()


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
