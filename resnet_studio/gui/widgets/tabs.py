"""The views of one area, of which one is shown: underlined words."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QTabBar, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.label import Label


class Tabs(QTabBar):
    """A tab bar of 31 px for a tool row; a tab can carry a count."""

    def __init__(self, words: Sequence[str], *, name: str, label: str, parent: QWidget | None = None) -> None:
        """Make a bar with one tab for each word, objectName `name`, accessible name `label`."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for word in words:
            self.addTab(word)

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        """Leave room for the words in bold, as they are while the tab is chosen, and for the count."""
        words = QFontMetrics(theme.font(weight=600)).horizontalAdvance(self.tabText(index))
        count = self.tabButton(index, QTabBar.ButtonPosition.RightSide)
        return QSize(words + 26 + (count.width() + 6 if count is not None else 0), 31)

    def set_count(self, tab: int, count: int | None) -> None:
        """Show how many things a tab has; None or 0: nothing."""
        place = QTabBar.ButtonPosition.RightSide
        shown = self.tabButton(tab, place)
        if isinstance(shown, Label) and shown.text() == str(count):
            return  # a tab button that is set anew has the whole row laid out and painted
        if not count:
            if shown is not None:
                self.setTabButton(tab, place, None)
            return
        if not isinstance(shown, Label):
            shown = Label(ink="muted", size="note", parent=self)
            shown.setProperty("edge", "all")
            shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
            shown.setFixedHeight(18)
        shown.setText(str(count))
        shown.setFixedWidth(shown.fontMetrics().horizontalAdvance(str(count)) + 14)
        self.setTabButton(tab, place, shown)
        # Qt hides the button that was there before, the same one too
        shown.show()
