"""Mean and standard deviation of each channel, as numbers that are read or as fields that are edited."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.real_spin import RealSpin
from resnet_studio.gui.widgets.spin_look import show_arrows

NAMES, CHANNELS = ("mean", "std"), 3
WORDS = {"mean": "mean", "std": "standard deviation"}
LEAST = {"mean": 0.0, "std": 0.001}
"""Smallest values of the fields: nothing can be divided by 0."""

Values = tuple[float, ...]


class NormaliseNumbers(QObject):
    """Two lines of up to three channels."""

    def __init__(self, section: Section, edited: Callable[[str, int], None]) -> None:
        """Make them.

        Args:
            section: gets the rows.
            edited: told the name and the channel of a field that was edited.
        """
        super().__init__(section)
        self._labels = {name: [_label(name, place) for place in range(CHANNELS)] for name in NAMES}
        self._table = section.add_row("", self._laid_out())
        self.spins = {name: [_spin(name, place) for place in range(CHANNELS)] for name in NAMES}
        self._rows = {name: section.add_row(name, *spins) for name, spins in self.spins.items()}
        for name, spins in self.spins.items():
            for place, spin in enumerate(spins):
                spin.valueChanged.connect(lambda _value, name=name, place=place: edited(name, place))

    def show_values(self, values: Mapping[str, Values], *, editable: bool) -> None:
        """Show numbers for as many channels as there are, and blanks where there are none yet.

        Args:
            values: of `mean` and `std`.
            editable: in fields, else as text.
        """
        self._table.setVisible(not editable)
        for name in NAMES:
            known = values[name]
            self._rows[name].setVisible(editable)
            for place, (label, spin) in enumerate(zip(self._labels[name], self.spins[name], strict=True)):
                there = place < len(known)
                label.setText(f"{known[place]:.3f}" if there else "")
                spin.setVisible(there)
                if there:
                    _show(spin, known[place])

    def typed(self, name: str, channels: int) -> Values:
        """Return what stands in the fields of so many channels."""
        return tuple(spin.value() for spin in self.spins[name][:channels])

    def show_fault(self, name: str, path: str, sentence: str) -> None:
        """Say below the fields of `mean` or `std` what is wrong with them, or with one at a path; empty: nothing."""
        self._rows[name].set_error(path, sentence or None)
        for spin in self.spins[name]:
            if path in {f"data.{name}", spin.objectName()}:
                theme.set_look(spin, "fault", "error" if sentence else None)

    def _laid_out(self) -> QWidget:
        table = QWidget()
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 2)
        grid.setVerticalSpacing(2)
        for line, name in enumerate(NAMES):
            grid.addWidget(Label(name, ink="muted", size="note"), line, 0)
            for place, label in enumerate(self._labels[name]):
                grid.addWidget(label, line, 1 + place)
        for column in range(1 + CHANNELS):
            grid.setColumnStretch(column, 1)
        return table


def _show(spin: RealSpin, value: float) -> None:
    with QSignalBlocker(spin):
        spin.set_number(value)
    if not spin.hasFocus():
        # of a number with many decimals, the first ones say most
        spin.lineEdit().home(False)  # noqa: FBT003 - Qt's signature


def _label(name: str, place: int) -> Label:
    label = Label(ink="muted", size="note", name=f"data.{name}.{place}.is")
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def _spin(name: str, place: int) -> RealSpin:
    words = f"{WORDS[name]} of channel {place + 1}"
    spin = RealSpin(LEAST[name], 1.0, name=f"data.{name}.{place}", label=words, step=0.01, places=3, digits=5)
    # three of them stand side by side: there is no room for arrows; keys, wheel and dragging work
    show_arrows(spin, shown=False)
    spin.setMinimumWidth(40)
    # a grey source has one: it keeps its place
    kept = spin.sizePolicy()
    kept.setRetainSizeWhenHidden(True)
    spin.setSizePolicy(kept)
    spin.setKeyboardTracking(False)
    spin.setToolTip(f"{words[:1].upper()}{words[1:]}, on a scale from 0 to 1")
    return spin
