"""What stands in the menus, in which order."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from resnet_studio.gui.actions import PAGES, THEMES

MENUS: dict[str, list[str | None]] = {
    "&File": ["new", "open", "recent", "open_run", None, "save", "save_as", None, "quit"],
    "&Edit": ["undo", "redo"],
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
