"""What the stages do not take, said below their rows."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.label import Label
from resnet_studio.gui.widgets.panel import Section

ONE_NUMBER = "network.channels"
"""The path of channels that double; it is the first stage's field that edits them."""


class StageRefusals(QObject):
    """A line that is there only while it says something, and the mark on the field that it is about."""

    def __init__(self, session: Session, section: Section, fields: Sequence[QWidget]) -> None:
        """Add the line to a section.

        Args:
            session: what refuses.
            section: where the line is added, below its rows so far.
            fields: the rows' fields, their objectNames the paths.
        """
        super().__init__(section)
        self._fields = {field.objectName(): field for field in fields}
        self.line = Label(ink="error", size="note", name="view.stages.refused")
        self.line.setWordWrap(True)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        section.add_wide(self.line)
        self.say("")
        session.changed.connect(self._forget)
        session.refused.connect(self._refused)

    def say(self, sentence: str) -> None:
        """Say what is not possible; empty: nothing."""
        self.line.setText(sentence)
        row = self.line.parentWidget()
        if row is not None:
            row.setVisible(bool(sentence))  # the margins go with it

    @Slot()
    def _forget(self) -> None:
        """Say nothing of what was not possible before the stages changed."""
        self.say("")

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        """Say what one of the fields does not take, and mark it."""
        field = self._fields.get(f"{path}.0" if path == ONE_NUMBER else path)
        if field is not None:
            self.say(sentence)
            theme.set_look(field, "fault", "error" if sentence else None)
