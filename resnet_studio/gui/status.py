"""The line at the foot of the window: device, data, what runs; what is saved and where the run is kept."""

import time

from PySide6.QtCore import QTimer, Slot
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
        signals = (session.images_changed, session.run_changed, session.document_changed, session.confirmed)
        for signal in (*signals, session.autosaved, session.devices_changed):
            signal.connect(self.refresh)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tell_time)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the state as it is now."""
        session = self._session
        self._device.setText(self._where())
        self._data.setText(self._images())
        self._run.setText("exporting" if session.exports.running else session.runs.phase or "idle")
        self._tell_time()

    @Slot()
    def _tell_time(self) -> None:
        """Show how long ago the document was saved, and look again when that may have changed."""
        documents, folder = self._session.documents, self._session.runs.folder
        since = documents.autosave.time if documents.edited else documents.saved_at
        words = [f"{folder.parent.name}/{folder.name}"] if folder else []
        if documents.edited:
            words.append(f"edited, autosaved {numbers.ago(since)}" if since else "edited")
        elif since:
            words.append(f"saved {numbers.ago(since)}")
        self._place.setText("  ·  ".join(words))
        self._place.setToolTip(f"Folder of the run: {folder}" if folder else "")
        if since is None:
            self._clock.stop()
        else:
            self._clock.start(1_000 if time.time() - since < numbers.MINUTE else 15_000)

    def _where(self) -> str:
        session = self._session
        run, device = session.runs.current, session.devices.wanted
        if session.runs.going_on and run and run.device:
            return run.device
        if device is None:
            return f"device {session.experiment.training.device}"
        memory = f", {numbers.memory(device.memory)}" if device.memory else ""
        return f"{device.name} {device.title}{memory}"

    def _images(self) -> str:
        session = self._session
        if session.loading.downloading is not None:
            return f"downloading {session.loading.downloading.name}"
        if session.loading.active:
            return "loading images"
        if session.loading.missing is not None:
            return f"{session.loading.missing.name} not downloaded"
        if session.images is None:
            return "no images" if session.loading.error else ""
        images = session.images
        splits = {id(split): split for split in (images.train, images.validation, images.test)}
        return f"{images.name}, {numbers.count(sum(map(len, splits.values())))} images"
