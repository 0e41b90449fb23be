"""The panel of the data page: every field of the data."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.binding import Binding
from resnet_studio.gui.pages.data.panel.augmentation import Augmentation
from resnet_studio.gui.pages.data.panel.channels_row import ChannelsRow
from resnet_studio.gui.pages.data.panel.fit_row import FitRow
from resnet_studio.gui.pages.data.panel.normalise_rows import NormaliseRows
from resnet_studio.gui.pages.data.panel.size_rows import SizeRows
from resnet_studio.gui.pages.data.panel.source_rows import SourceRows
from resnet_studio.gui.pages.data.panel.store_section import StoreSection
from resnet_studio.gui.pages.data.panel.validation_rows import ValidationRows
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import PrimaryButton
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import Panel

RESIZES = (("fill", "crop to fill"), ("pad", "pad"), ("stretch", "stretch"))


class SourcePanel(Panel):
    """Which images are wanted and how they are prepared; follows the session."""

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("Source", name="panel.data", label_width=84, parent=parent)
        section = self.add_section(name="panel.data.source")
        self._session, self._data = session, session.experiment.data
        self.source = SourceRows(session, section)
        size, fit = SizeRows(session, section), FitRow(session, section)
        resize = Choice(RESIZES, name="data.resize", label="resize")
        Binding(session, resize, section.add_row("Resize", resize))
        channels = ChannelsRow(session, section)
        validation, normalise = ValidationRows(session, section), NormaliseRows(session, section)
        self._rows = (self.source, size, fit, channels, validation, normalise, Augmentation(session, self))
        StoreSection(session, self)
        self.add_foot(PrimaryButton(name="data.match", icon="link", action=actions["match"]))
        session.changed.connect(self._follow)
        session.images_changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def _follow(self) -> None:
        """Show the data where they were edited; edits of the network come by often and are none of them."""
        if self._session.experiment.data != self._data:
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self._data = self._session.experiment.data
        for rows in self._rows:
            rows.refresh()
