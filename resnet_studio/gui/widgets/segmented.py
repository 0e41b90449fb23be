"""One of two to five choices, all of them in sight: step, epoch, time."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget


class Segmented(QFrame):
    """A row of joined buttons of which one is chosen; Tab reaches each, the arrow keys go from one to the next."""

    chosen = Signal(str)
    """The key of the segment that the user chose."""

    def __init__(
        self, options: Sequence[tuple[str, str]], *, name: str, label: str, parent: QWidget | None = None
    ) -> None:
        """Make a row.

        Args:
            options: keys and the words for them; the first one is chosen.
            name: objectName; that of a segment is `name.key`.
            label: accessible name of the whole.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setProperty("look", "segmented")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        # no QButtonGroup: it would take the segments that are not chosen out of the Tab chain
        self._segments = {key: _Segment(words, self) for key, words in options}
        for place, (key, segment) in enumerate(self._segments.items()):
            ends = {0: "first", len(options) - 1: "last"}
            segment.setProperty("segment", "only" if len(options) == 1 else ends.get(place, "middle"))
            segment.setObjectName(f"{name}.{key}")
            segment.setAccessibleName(f"{label}: {segment.text()}")
            segment.clicked.connect(self._clicked)
            row.addWidget(segment)
        self._key = ""
        self.set_key(options[0][0])

    def key(self) -> str:
        """The key of the chosen segment."""
        return self._key

    def set_key(self, key: str) -> None:
        """Choose a segment without a signal.

        Raises:
            KeyError: there is no such segment.
        """
        chosen = self._segments[key]
        self._key = key
        for segment in self._segments.values():
            segment.setChecked(segment is chosen)

    def set_words(self, key: str, words: str) -> None:
        """Change what stands on a segment, such as its number of images."""
        self._segments[key].setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the segment left or right of the chosen one."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        keys = list(self._segments)
        if step is None:
            super().keyPressEvent(event)
            return
        key = keys[max(0, min(len(keys) - 1, keys.index(self._key) + step))]
        self._segments[key].setFocus(Qt.FocusReason.OtherFocusReason)
        if key != self._key:
            self.set_key(key)
            self.chosen.emit(key)

    @Slot()
    def _clicked(self) -> None:
        key = next(key for key, segment in self._segments.items() if segment is self.sender())
        changed = key != self._key
        self.set_key(key)  # a click on the chosen one must not take the choice away
        if changed:
            self.chosen.emit(key)


class _Segment(QPushButton):
    """One choice; arrow keys are the row's."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the arrow keys to the row."""
        event.ignore() if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} else super().keyPressEvent(event)
