"""What stands in the menus, in which order, and right of them the document's name."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMenuBar, QWidget

from resnet_studio.gui.actions import PAGES, THEMES
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.widgets.button import ToolButton
from resnet_studio.gui.widgets.label import Label

MENUS: dict[str, list[str | None]] = {
    "&File": ["new", "open", "recent", "open_run", "recent_data", None, "save", "save_as", "revert", None, "quit"],
    "&Edit": ["undo", "redo", "history", None, "copy_command", "copy_python"],
    "&View": [*(f"page.{name}" for name in PAGES), None, "zoom_in", "zoom_out", "fit", "picture", None, "colours"],
    "&Network": ["plain_twin", "match"],
    "&Train": ["train", "pause", "stop", "resume", "branch", None, "find_rate", None, "export"],
    "&Help": ["about"],
}

FORGET = "Forget those that are not there"


def fill_menus(bar: QMenuBar, actions: dict[str, QAction], recent: QMenu, recent_data: QMenu) -> None:
    """Add all menus to the bar; `recent` is the menu of recent documents, `recent_data` that of data sets."""
    submenus = {"recent": recent, "recent_data": recent_data}
    for title, names in MENUS.items():
        menu = bar.addMenu(title)
        menu.setToolTipsVisible(True)
        for name in names:
            if name is None:
                menu.addSeparator()
            elif name in submenus:
                menu.addMenu(submenus[name])
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


class RecentDataMenu(QMenu):
    """The recent data sets; those that are gone are seen, so that nobody looks for them, and can be forgotten."""

    def __init__(self, settings: Settings, choose: Callable[[RecentData], None], parent: QWidget | None = None) -> None:
        super().__init__("Recent &data", parent)
        self._settings, self._choose = settings, choose
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        found = self._settings.recent_data
        for data in found:
            self._add(data)
        if not found:
            self.addAction("none yet").setEnabled(False)
        elif not all(data.is_there for data in found):
            self.addSeparator()
            self.addAction(FORGET).triggered.connect(self._settings.forget_gone_data)

    def _add(self, data: RecentData) -> None:
        where = str(data.place) if data.is_there else f"not there: {data.place}"
        # an & in a path is no key to press
        action = self.addAction(f"{data.title}\t{where}".replace("&", "&&"))
        action.setEnabled(data.is_there)
        action.triggered.connect(lambda _checked=False: self._choose(data))


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
