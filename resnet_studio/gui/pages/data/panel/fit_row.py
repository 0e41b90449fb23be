"""The way back from the network: images of the size that it takes, where that makes sense."""

from typing import Any

from PySide6.QtCore import QObject, Slot

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.panel.resolved import as_wanted
from resnet_studio.gui.session import TINY, Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.panel import Section

TIP = "Resize the images to what the network takes, instead of changing the network"


class FitRow(QObject):
    """A button that is there while the images have another size than the network takes."""

    def __init__(self, session: Session, section: Section) -> None:
        super().__init__(section)
        self._session = session
        self._button = Button(name="data.fit", tip=TIP, compact=True)
        self._button.clicked.connect(self._fit)
        self._row = section.add_row("", self._button)
        session.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Offer it where it makes sense."""
        wanted = self._wanted()
        self._row.setVisible(bool(wanted))
        self._button.setText(f"Take the network's {numbers.shape(self._session.experiment.network.input_shape[1:])}")

    def _wanted(self) -> dict[str, Any]:
        """Return what makes the images fit, nothing where they do or would lose too much.

        Photographs are not shrunk to the size of tiny images; those are enlarged as books do it (Zhang et al., Dive
        into Deep Learning, 8.6: Fashion-MNIST at 96×96).
        """
        images = as_wanted(self._session, "image_size", "channels")
        channels, *sides = self._session.experiment.network.input_shape
        if images is None or list(images.shape[1:]) == sides:
            return {}
        is_smaller = any(side < own for side, own in zip(sides, images.shape[1:], strict=True))
        if is_smaller and min(sides) <= TINY:
            return {}
        changes: dict[str, Any] = {"data.image_size": tuple(sides), "data.eval_size": None}
        if channels != images.shape[0] and channels in {1, 3}:
            changes |= {"data.channels": channels, "data.mean": None, "data.std": None}
        return changes

    @Slot()
    def _fit(self) -> None:
        changes = self._wanted()
        if changes:
            self._session.change_many(changes, "resize the data to the network")
