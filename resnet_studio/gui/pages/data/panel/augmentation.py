"""The random changes of the training images: each one on or off, with its strength."""

from PySide6.QtCore import QObject, Slot

from resnet_studio.gui.pages.data.panel.augment_group import AugmentGroup
from resnet_studio.gui.pages.data.panel.augment_kinds import GROUPS
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.panel import Panel
from resnet_studio.spec.data import AugmentSpec


class Augmentation(QObject):
    """A section of the panel with a group for what changes the same about an image."""

    def __init__(self, session: Session, panel: Panel) -> None:
        super().__init__(panel)
        self._session = session
        self._section = panel.add_section("Augmentation", name="panel.data.augment", folds=True)
        self._suit = ToolButton("reset", "Take what suits the source again", name="data.augment.suit")
        self._suit.clicked.connect(self._take_what_suits)
        self._section.add_head_widgets(self._suit, "strength")
        self._groups = [AugmentGroup(session, group) for group in GROUPS]
        for group in self._groups:
            self._section.add_wide(group)

    def refresh(self) -> None:
        """Show each of them, and the way back where anything was set by hand."""
        for group in self._groups:
            group.refresh()
        rows = [row for group in self._groups for row in group.rows]
        self._section.set_summary(", ".join(filter(None, (row.words() for row in rows))) or "off")
        self._suit.setVisible(self._session.experiment.data.augment != AugmentSpec())

    @Slot()
    def _take_what_suits(self) -> None:
        self._session.change("data.augment", AugmentSpec().model_dump(), text="augmentation that suits the source")
