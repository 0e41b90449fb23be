"""The choice of a source: a folder, a file, what was looked at before, and the catalogue, each with two lines."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_studio.data.catalogue.entries import ENTRIES
from resnet_studio.gui import theme
from resnet_studio.gui.recent_data import RecentData
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.spec.data import CATALOGUE
from resnet_studio.spec.meaning import meaning

Index = QModelIndex | QPersistentModelIndex

FOLDER, FILE = "folder of images…", ".npz file…"
FORGET = "Forget those that are not there"

TITLE, BELOW = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
"""Roles of what an option says in the list, where that is not the words of the field, and in small letters below."""
SIDE, HIGH, LOW, WIDE = 12, 40, 26, 320
"""Pixels at the sides of an option, its height with two lines and with one, and the width of the list."""

_KEY = Qt.Key
_MOVES = frozenset({_KEY.Key_Up, _KEY.Key_Down, _KEY.Key_PageUp, _KEY.Key_PageDown, _KEY.Key_Home, _KEY.Key_End})


class SourceChoice(Choice):
    """Offers names of the catalogue, kinds of paths as FOLDER and FILE, and `RecentData`.

    The list is made anew each time it is opened, for folders come and go.
    """

    def __init__(self, recent: Callable[[], list[RecentData]], parent: QWidget | None = None) -> None:
        """Make a field.

        Args:
            recent: returns the data sets that were looked at, newest first.
            parent: the widget it lies in.
        """
        super().__init__(name="data.source", label="source", parent=parent)
        self._recent = recent
        self.setToolTip(meaning("data.source"))
        self.setMaxVisibleItems(20)
        self.view().setItemDelegate(_TwoLines(self))
        self.view().setMinimumWidth(WIDE)
        self.refill()

    def refill(self) -> None:
        """Offer what there is now; what was chosen stays so."""
        chosen = self.value()
        blocked = self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.clear()
        self._offer(FOLDER, FOLDER)
        self._offer(FILE, FILE)
        self._offer_recent(self._recent())
        self.insertSeparator(self.count())
        for name in CATALOGUE:
            self._offer(name, name, _shape(name), ENTRIES[name].title)
        self.set_value(chosen)
        self.blockSignals(blocked)

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        """Look again at what was looked at before, then open the list."""
        self.refill()
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the list before a key moves in it: on the way, each option would be chosen, dialogs and all."""
        if event.key() in _MOVES or (event.text().isprintable() and event.text().strip()):
            self.showPopup()
            self.view().keyboardSearch(event.text().strip())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the panel scroll, for the same reason."""
        event.ignore()

    def _offer_recent(self, recent: list[RecentData]) -> None:
        if not recent:
            return
        self.insertSeparator(self.count())
        for data in recent:
            self._offer(data, data.title, str(data.place) if data.is_there else f"not there: {data.place}")
            if not data.is_there:
                self.set_option_enabled(data, enabled=False, reason=f"{data.place} is not there any more.")
        if not all(data.is_there for data in recent):
            self._offer(FORGET, FORGET)

    def _offer(self, value: object, words: str, below: str = "", title: str = "") -> None:
        self.addItem(words, value)
        place = self.count() - 1
        self.setItemData(place, title or words, TITLE)
        self.setItemData(place, below, BELOW)
        if below:
            self.setItemData(place, f"{title or words}, {below}", Qt.ItemDataRole.AccessibleTextRole)


class _TwoLines(QStyledItemDelegate):
    """Draws an option and, below it, small and muted, what tells it from others."""

    def sizeHint(self, _: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the height of one line or two; a separator keeps its own."""
        if _is_separator(index):
            return QSize(0, 9)
        return QSize(0, HIGH if index.data(BELOW) else LOW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground, then both lines."""
        rect: QRect = option.rect
        if _is_separator(index):
            painter.fillRect(rect.left(), rect.center().y(), rect.width(), 1, theme.colour("border"))
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        possible = bool(option.state & QStyle.StateFlag.State_Enabled)
        below = index.data(BELOW)
        room = rect.adjusted(SIDE, 4 if below else 0, -SIDE, -4 if below else 0)
        across = Qt.AlignmentFlag.AlignTop if below else Qt.AlignmentFlag.AlignVCenter
        _line(painter, room, str(index.data(TITLE)), "text" if possible else "disabled", 13, across)
        if below:
            ink = "muted" if possible else "disabled"
            _line(painter, room, str(below), ink, 11, Qt.AlignmentFlag.AlignBottom)


def _shape(name: str) -> str:
    """Return a name of the catalogue with how many images it has and what they are like."""
    entry = ENTRIES[name]
    size = f"of {entry.side}×{entry.side}" if entry.side else "of all sizes"
    return f"{name}, {sum(entry.images.values()):,} {size}, {'grey' if entry.channels == 1 else 'colour'}"


def _is_separator(index: Index) -> bool:
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")


def _line(painter: QPainter, room: QRect, text: str, ink: str, size: float, across: Qt.AlignmentFlag) -> None:
    font = theme.font(size)
    painter.setFont(font)
    painter.setPen(theme.colour(ink))
    words = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, int(across | Qt.AlignmentFlag.AlignLeft), words)
