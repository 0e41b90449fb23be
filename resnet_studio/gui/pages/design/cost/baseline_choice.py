"""What the totals and the rows are compared with: a preset, a saved design, or this one as it was."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.label import Label
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.files import read_network
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import presets

NOTHING, PINNED, HERE, OPEN = "nothing", "pinned", "here", "open"
"""Values of the choice that are no presets' names."""

LONG, SHORT = 158, 128
"""Pixels of the list."""


class BaselineChoice(QWidget):
    """A list of designs to compare with, and the pin for this one; follows the session.

    Attributes:
        words_width: pixels that the words before the list take, with the gap behind them.
        narrow_width: pixels of the rest.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._words = Label("differences to", ink="muted", size="note")
        self._choice = Choice(name="view.baseline", label="differences to", compact=True)
        self._choice.setFixedWidth(LONG)
        pin = ToolButton("pin", "Pin this design as it is now", name="view.baseline.pin", framed=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._words)
        row.addWidget(self._choice)
        row.addWidget(pin)
        self.words_width = self._words.sizeHint().width() + row.spacing()
        self.narrow_width = self.sizeHint().width() - self.words_width
        self._choice.activated.connect(self._chosen)
        pin.clicked.connect(self.pin)
        session.baseline_changed.connect(self.refresh)
        self.refresh()

    def set_roomy(self, *, roomy: bool) -> None:
        """Show the words before the list, where there is room for them."""
        self._words.setVisible(roomy)

    def set_short(self, *, short: bool) -> None:
        """Make the list narrow, for a narrow window; its tooltip has the whole title."""
        before, after = self._choice.width(), SHORT if short else LONG
        self._choice.setFixedWidth(after)
        self.narrow_width += after - before

    @Slot()
    def refresh(self) -> None:
        """Show what is pinned."""
        baseline = self._session.baseline
        value: Any = NOTHING
        own: list[tuple[Any, str]] = []
        if baseline is not None:
            spec = baseline.analysis.spec
            known = presets().get(spec.name)
            value = spec.name if known and known.network == spec else PINNED
            own = [(PINNED, baseline.title)] if value == PINNED else []
        options: list[tuple[Any, str]] = [
            (NOTHING, "nothing" if baseline else "compare with…"),
            *own,
            (HERE, "this design as it is now"),
        ]
        options += [(name, preset.title) for name, preset in presets().items()]
        options.append((OPEN, "Open a design…"))
        with QSignalBlocker(self._choice):
            self._choice.set_options(options)
            self._choice.set_value(value)
        self._choice.setToolTip(
            "Show the differences to another design" if baseline is None else f"Differences to {baseline.title}"
        )

    @Slot()
    def pin(self) -> None:
        """Compare with this design as it is now."""
        network = self._session.experiment.network
        self._session.compare_with(title_of(network), network)

    def open_file(self, path: Path) -> None:
        """Compare with the design in a file; what can't be read is said in one sentence."""
        try:
            network = read_network(path)
        except StudioError as error:
            self._session.refused.emit("", str(error))
            return
        self._session.compare_with(path.stem, network)

    @Slot(int)
    def _chosen(self, _: int) -> None:
        """Take the user's choice."""
        value = self._choice.value()
        if value == NOTHING:
            self._session.compare_with_nothing()
        elif value == HERE:
            self.pin()
        elif value == OPEN:
            self.refresh()  # whatever comes of it, the list shows what is pinned
            name, _filter = QFileDialog.getOpenFileName(
                self, "Compare with", str(Path.home()), "Networks and experiments (*.json)"
            )
            if name:
                self.open_file(Path(name))
        elif value != PINNED:
            self._session.compare_with(presets()[value].title, presets()[value].network)


def title_of(network: NetworkSpec) -> str:
    """Return what a design is called as a baseline: a preset's title, its own name, and whether it was edited."""
    known = presets().get(network.name)
    if known is None:
        return network.name
    return known.title if known.network == network else f"{known.title} (edited)"
