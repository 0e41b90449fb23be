"""The line that says that nothing but some files is looked at, and lets go of them."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.glyph import Glyph
from resnet_studio.gui.widgets.label import ElidedLabel
from resnet_studio.gui.widgets.tool_row import ToolRow


class OnlyLine(ToolRow):
    """What the files have in common; hidden while every file may be seen."""

    cleared = Signal()
    """The user wants to see all images again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name="view.only", height=32, parent=parent)
        self.files: frozenset[str] | None = None
        self._words = ElidedLabel(name="view.only.words")
        clear = Button("Show all images", name="view.only.clear", icon="close", compact=True)
        clear.clicked.connect(self._clear)
        self.add(Glyph("eye", "accent", 14), self._words)
        self.add_right(clear)
        self.hide()

    def show_files(self, title: str, files: frozenset[str] | None) -> None:
        """Say which files are looked at, or go where there is no such choice; without a signal."""
        self.files = files
        if files is not None:
            self._words.setText(f"Only these: {title}")
        self.setVisible(files is not None)

    @Slot()
    def _clear(self) -> None:
        self.show_files("", None)
        self.cleared.emit()
