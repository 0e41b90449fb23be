"""The line at the foot of the window: device, data, what runs, where it is kept."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.status_bar import StatusBar


class StatusLine(StatusBar):
    """Shows the session's state in four places."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(name="view.status", parent=parent)
        self._session = session
        self._device, self._data, self._run = (self.add(f"view.status.{what}") for what in ("device", "data", "run"))
        self._place = self.add_right("view.status.place")
        for signal in (session.images_changed, session.run_changed, session.document_changed, session.confirmed):
            signal.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the state as it is now."""
        session = self._session
        run, folder = session.runs.current, session.runs.folder
        wanted = session.experiment.training.device
        self._device.setText(run.device if run and run.device else f"device {wanted}")
        self._data.setText(self._images())
        self._run.setText(self._training())
        self._place.setText(f"{folder.parent.name}/{folder.name}" if folder else "")
        self._place.setToolTip(f"Folder of the run: {folder}" if folder else "")

    def _images(self) -> str:
        session = self._session
        if session.loading.active:
            return "loading images"
        if session.images is None:
            return "no images" if session.loading.error else ""
        images = session.images
        splits = {id(split): split for split in (images.train, images.validation, images.test)}
        return f"{images.name}, {numbers.count(sum(map(len, splits.values())))} images"

    def _training(self) -> str:
        if self._session.exports.running:
            return "exporting"
        return self._session.runs.phase or "idle"
