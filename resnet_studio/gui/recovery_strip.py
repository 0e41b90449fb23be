"""Offers, one after the other and in nobody's way, what sessions that are gone have not saved."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from resnet_studio.gui.recovery import Kept, Place, leftovers
from resnet_studio.gui.widgets.finding_line import FindingLine
from resnet_studio.spec.errors import StudioError


class RecoveryStrip(FindingLine):
    """One line about one design, until it is opened, discarded or put off to the next start."""

    def __init__(self, open_place: Callable[[Place], bool], parent: QWidget | None = None) -> None:
        """Make the strip, hidden.

        Args:
            open_place: opens what is kept in a place; returns whether it did.
            parent: the widget it lies in.
        """
        super().__init__(name="view.recovery", closable=True, parent=parent)
        self.setVisible(False)
        self._open_place = open_place
        self._places: list[Place] = []
        self.dismissed.connect(self.leave)

    def look(self) -> None:
        """Look for what can be recovered, and offer it.

        Raises:
            OSError: the studio's folder can't be read.
        """
        self._places += leftovers()
        self._offer()

    def leave(self) -> None:
        """Leave what is neither opened nor discarded to the next start."""
        for place in self._places:
            place.leave()
        self._places = []
        self.setVisible(False)

    def _offer(self) -> None:
        self.setVisible(bool(self._places))
        if not self._places:
            return
        place = self._places[0]
        try:
            self.show_text(_sentence(place.read()), "info")
        except StudioError as error:
            # not offered again, but not destroyed unasked either: a newer studio may know it
            self.show_text(str(error), "warning")
        else:
            self.add_button("Open it", self._open, primary=True, name="view.recovery.open")
        self.add_button("Discard", self._discard, name="view.recovery.discard")

    def _open(self) -> None:
        if self._open_place(self._places[0]):
            del self._places[0]
            self._offer()

    def _discard(self) -> None:
        self._places.pop(0).remove()
        self._offer()


def _sentence(kept: Kept) -> str:
    when = datetime.fromtimestamp(kept.time).astimezone()
    today = when.date() == datetime.now().astimezone().date()
    words = f"{when:%H:%M}" if today else f"{when.day} {when:%B}, {when:%H:%M}"
    if kept.path:
        return f"An edited design of {kept.path.name} from {words} was not saved."
    return f"The design {kept.experiment.network.name} from {words} was never saved."
