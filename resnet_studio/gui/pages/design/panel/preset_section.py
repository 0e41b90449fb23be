"""Which network of the literature a design is, how it departs from it and from the papers, and how deep it is."""

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QObject, QRect, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.analysis.departures import departures, depth_in_words, remarks
from resnet_studio.gui import theme
from resnet_studio.gui.pages.design.panel.preset_choice import PresetChoice
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.label import ElidedLabel, Label
from resnet_studio.gui.widgets.panel import SIDE, WIDTH, Section
from resnet_studio.spec.experiment import with_values
from resnet_studio.spec.presets import presets

LINES = 2
"""Lines of words, always so many, that no field jumps under the hand that edits it; the rest is in the tooltip."""

BETWEEN = " · "


class PresetSection(QObject):
    """The choice of a preset, and below it in words what is remarkable about the design."""

    def __init__(self, session: Session, section: Section) -> None:
        """Add the rows to a section."""
        super().__init__(section)
        self._session = session
        self._phrases: tuple[str, ...] = ()
        self.choice = PresetChoice()
        self.choice.setToolTip("A network of the literature, as one step that can be undone; type to find one")
        self.choice.activated.connect(self._chosen)
        self._words = Label(ink="muted", size="note", name="view.departures")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words.setFixedHeight(LINES * _metrics().lineSpacing())
        self._depth = ElidedLabel(ink="muted", size="note", name="view.depth")
        section.add_row("Preset", self.choice)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._depth)
        column.addWidget(self._words)
        section.add_wide(below)
        session.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show which preset the network is, or departs from."""
        network = self._session.experiment.network
        preset = presets().get(network.name)
        departs = departures(network, preset) if preset else ()
        with QSignalBlocker(self.choice):
            self.choice.show_design(network.name, edited=bool(departs))
        phrases = (*departs, *remarks(network, preset)) or (preset.note if preset else "a design of your own",)
        if phrases != self._phrases:
            self._phrases = phrases
            self._words.setText(fitted(phrases))
            self._words.setToolTip("\n".join(phrases))
        self._depth.setText(f"depth {depth_in_words(network)}")

    @Slot(int)
    def _chosen(self, _: int) -> None:
        """Take the chosen preset; called for the user's choice alone, of the same one too, which undoes edits."""
        preset = presets().get(self.choice.value())
        if preset:
            experiment = with_values(self._session.experiment, {"network": preset.network.model_dump()})
            self._session.replace(experiment, f"preset {preset.title}")
            self._session.select(1, 0)


def fitted(phrases: Sequence[str]) -> str:
    """Return as many phrases as fit on the lines there are, and how many more there are."""
    metrics = _metrics()
    room = QRect(0, 0, WIDTH - 2 * SIDE - 1, 1000)
    for count in range(len(phrases), 0, -1):
        more = [f"{len(phrases) - count} more"] if count < len(phrases) else []
        text = BETWEEN.join([*phrases[:count], *more])
        if metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() <= LINES * metrics.lineSpacing():
            return text
    return f"{len(phrases)} departures"


@cache
def _metrics() -> QFontMetrics:
    return QFontMetrics(theme.font(11))
