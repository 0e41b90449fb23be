"""The channels of the stages: one number that doubles from stage to stage, or a number for each."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui.binding import Condition, SliderBinding
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.check import Check
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.slider import Slider

STOPS = (4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 72, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512)
DOUBLING = "One number that doubles from stage to stage; off writes each stage's number out, which changes nothing"
EACH = "Let the first stage's channels double from stage to stage; the other numbers are given up"


class StageChannels(QObject):
    """A row below the stages: a slider for the one number, and whether there is one number."""

    def __init__(self, session: Session, section: Section, say: Callable[[str], None]) -> None:
        """Make the row.

        Args:
            session: what is edited.
            section: where the row is added.
            say: says below the stages why something is not possible.
        """
        super().__init__(section)
        self._session, self._say = session, say
        self.slider = Slider(0, 1, 0, name="network.channels.slider", label="channels of stage 1")
        self.doubling = Check("doubling", name="edit.channels.doubling", label="channels double from stage to stage")
        section.add_row("Channels", self.slider, self.doubling)
        bound = SliderBinding(session, self.slider, STOPS)
        Condition(
            session,
            [bound],
            lambda experiment: isinstance(experiment.network.channels, int),
            "Each stage has channels of its own.",
            self,
        )
        self.doubling.toggled.connect(self._toggled)
        session.changed.connect(self.refresh)
        session.refused.connect(self._refused)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show which of the two it is."""
        one = isinstance(self._session.experiment.network.channels, int)
        with QSignalBlocker(self.doubling):
            self.doubling.setChecked(one)
        self.doubling.setToolTip(DOUBLING if one else EACH)

    @Slot(bool)
    def _toggled(self, one: bool) -> None:
        """Write the numbers out, or let the first one double."""
        each = self._session.experiment.network.stage_channels
        value, text = (each[0], "channels that double") if one else (each, "channels for each stage")
        self._session.change_many({"network.channels": value}, text, merging=self.doubling.objectName())
        self.refresh()  # also where it was refused

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path == self.doubling.objectName():
            self._say(sentence)
