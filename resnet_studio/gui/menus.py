"""What stands in the menus, in which order, and right of them the document's name."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMenuBar, QWidget

from resnet_studio.gui.actions import PAGES, THEMES
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import Label

MENUS: dict[str, list[str | None]] = {
    "&File": ["new", "open", "recent", "open_run", None, "save", "save_as", "revert", None, "quit"],
    "&Edit": ["undo", "redo", "history", None, "copy_command", "copy_python"],
    "&View": [*(f"page.{name}" for name in PAGES), None, "zoom_in", "zoom_out", "fit", "picture", None, "colours"],
    "&Network": ["plain_twin", "match"],
    "&Train": ["train", "pause", "stop", "resume", None, "export"],
    "&Help": ["about"],
}


def fill_menus(bar: QMenuBar, actions: dict[str, QAction], recent: QMenu) -> None:
    """Add all menus to the bar; `recent` is the menu of recent documents."""
    for title, names in MENUS.items():
        menu = bar.addMenu(title)
        menu.setToolTipsVisible(True)
        for name in names:
            if name is None:
                menu.addSeparator()
            elif name == "recent":
                menu.addMenu(recent)
            elif name == "colours":
                colours = menu.addMenu("&Colours")
                for mode in THEMES:
                    colours.addAction(actions[f"theme.{mode}"])
            else:
                menu.addAction(actions[name])


class RecentMenu(QMenu):
    """The recent documents that are still there, looked for when it is opened."""

    def __init__(self, settings: Settings, open_path: Callable[[Path], None], parent: QWidget | None = None) -> None:
        super().__init__("Open re&cent", parent)
        self._settings, self._open_path = settings, open_path
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        for path in self._settings.recent:
            if path.exists():
                self._add(path)
        if self.isEmpty():
            self.addAction("none yet").setEnabled(False)

    def _add(self, path: Path) -> None:
        self.addAction(str(path)).triggered.connect(lambda _checked=False: self._open_path(path))


class Corner(QWidget):
    """The document's name with undo and redo."""

    def __init__(self, actions: dict[str, QAction], bar: QMenuBar) -> None:
        super().__init__(bar)
        self._bar = bar
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        self._document = Label(ink="muted", name="view.document")
        row.addWidget(self._document)
        for name in ("undo", "redo"):
            row.addWidget(ToolButton(action=actions[name], name=f"corner.{name}"))

    def show_document(self, words: str) -> None:
        """Show what is open, and whether it is saved."""
        if words != self._document.text():
            self._document.setText(words)
            # a menu bar asks its corner for its size only when it gets one
            self._bar.setCornerWidget(self)
