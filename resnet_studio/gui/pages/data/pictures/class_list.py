"""The list of classes where chips have no room: hundreds of names, found by typing a part of one."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from resnet_studio.gui.widgets.choice import Choice

TYPING_SECONDS = 1.0
"""How long a letter may come after the one before it to belong to the same name."""
WIDTH = 240


class ClassList(Choice):
    """All classes and each of them; a letter typed opens the list and looks for a name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__([(None, "all classes")], name="view.classes.list", label="class", compact=True, parent=parent)
        self.setView(_Names())
        self.setFixedWidth(WIDTH)
        self.setToolTip("Type a part of a name to find a class")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the list for a letter, and look for it there: nothing is chosen before Enter."""
        if event.text().isalnum() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.showPopup()
            self.view().keyboardSearch(event.text())
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a width that no name has a say in: there may be thousands."""
        return QSize(WIDTH, self.sizeHint().height())


def matching(typed: str, names: Sequence[str]) -> int | None:
    """Return the place of the first name that begins with what was typed, else of the first that has it anywhere."""
    wanted, small = typed.casefold(), [name.casefold() for name in names]
    begin = (place for place, name in enumerate(small) if name.startswith(wanted))
    within = (place for place, name in enumerate(small) if wanted in name)
    return next(begin, next(within, None))


class _Names(QListView):
    """The list of the popup, in which what is typed is looked for anywhere in a name."""

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self._typed, self._last = "", 0.0

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Go to the class that was typed."""
        now = time.monotonic()
        self._typed = search if now - self._last > TYPING_SECONDS else self._typed + search
        self._last = now
        model = self.model()
        found = matching(self._typed, [str(model.index(row, 0).data()) for row in range(model.rowCount())])
        if found is not None:
            self.setCurrentIndex(model.index(found, 0))
            self.scrollTo(self.currentIndex())
