"""Which devices there are to train on, found out in the background: torch takes its time to say."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.worker import Job


class DeviceList(QObject):
    """Fills the choice of the device: `auto` and the CPU at once, what else there is as soon as it is known."""

    def __init__(self, session: Session, choice: Choice) -> None:
        super().__init__(choice)
        self._session, self._choice = session, choice
        self._found: list[tuple[str, str]] = [("cpu", "cpu")]
        self._asked = False
        session.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Offer what was found, and what the experiment asks for even where it was not."""
        wanted = self._session.experiment.training.device
        options = [("auto", "auto"), *self._found]
        if wanted not in dict(options):
            options.append((wanted, wanted))
        with QSignalBlocker(self._choice):
            self._choice.set_options(options)
            self._choice.set_value(wanted)

    def find(self) -> None:
        """Ask torch, once."""
        if not self._asked:
            self._asked = True
            self._session.background.run(_devices, on_items=self._take, on_end=self._end)

    def _take(self, found: list[Any]) -> None:
        self._found = found[-1]
        self.refresh()

    def _end(self, error: BaseException | None) -> None:
        if error is not None:
            self._session.unexpected.emit(error)


def _devices(_: Job) -> Iterator[list[tuple[str, str]]]:
    """Yield names and words of the devices; background thread."""
    from resnet_studio.training.device import devices

    yield [(device.name, f"{device.name} {device.title}") for device in devices()]
