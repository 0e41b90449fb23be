"""The rail at the left of the window: one item for each page."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from resnet_studio.gui.icons import icon

WIDTH, ITEM_HEIGHT = 64, 56


class Rail(QFrame):
    """Buttons of checkable actions `action.page.<name>`; the icon of an item is called as its page."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        """Make a rail with an item for each action, in their order."""
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName("pages")
        self.setProperty("ground", "window")
        self.setProperty("edge", "right")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for action in actions:
            column.addWidget(_Item(action, self))
        column.addStretch()


class _Item(QToolButton):
    """The current page has the soft ground, the accent and a bar of 3 px at its left."""

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        page = action.objectName().rpartition(".")[2]
        action.setIcon(icon(page, "muted", on="accent"))
        self.setDefaultAction(action)
        self.setObjectName(f"rail.{page}")
        self.setAccessibleName(action.text().replace("&", ""))
        self.setProperty("rail", "true")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(20, 20))
        self.setFixedSize(WIDTH - 1, ITEM_HEIGHT)
