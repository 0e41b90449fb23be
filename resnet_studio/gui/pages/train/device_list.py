"""Which devices there are to train on."""

from PySide6.QtCore import QObject, QSignalBlocker, Slot

from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice


class DeviceList(QObject):
    """Fills the choice of the device: `auto` and the CPU at once, what else there is as soon as it is known."""

    def __init__(self, session: Session, choice: Choice) -> None:
        super().__init__(choice)
        self._session, self._choice = session, choice
        session.changed.connect(self.refresh)
        session.devices_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Offer what was found, and what the experiment asks for even where it was not."""
        wanted = self._session.experiment.training.device
        found = [(device.name, f"{device.name} {device.title}") for device in self._session.devices.known]
        options = [("auto", "auto"), *(found or [("cpu", "cpu")])]
        if wanted not in dict(options):
            options.append((wanted, wanted))
        with QSignalBlocker(self._choice):
            self._choice.set_options(options)
            self._choice.set_value(wanted)
