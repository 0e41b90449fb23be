"""The caches of all sources in a sheet: what each is of, what it takes, how it stands, and a way to clear it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from resnet_studio.gui import numbers
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button
from resnet_studio.gui.widgets.label import ElidedLabel, Label
from resnet_studio.gui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from resnet_studio.data.store.caches import Cache

WIDTH, MOST_HEIGHT, ROW = 480, 320, 30


class CachesSheet(Sheet):
    """Follows the store of the session while it is open."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner, name="view.caches")
        self.setAccessibleName("all caches of decoded images")
        self._session = session
        self._scroll = QScrollArea()
        self._scroll.setObjectName("view.caches.scroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFixedWidth(WIDTH)
        self.column.addWidget(self._scroll)
        note = "Cleared images are decoded anew when they are loaded; your own files stay as they are."
        self.column.addWidget(Label(note, ink="muted", size="note"))
        session.store_changed.connect(self._refresh)

    def open(self, beside: QRect) -> None:
        """Show it; the caches are looked for meanwhile. `beside`: what it belongs to, on the screen."""
        self._show(self._session.storing.caches)
        self.show_beside(beside, self._scroll)
        self._session.storing.look_at_all()

    @Slot()
    def _refresh(self) -> None:
        if self.isVisible():
            self._show(self._session.storing.caches)
            self.adjustSize()

    def _show(self, caches: "tuple[Cache, ...] | None") -> None:
        storing = self._session.storing
        found = caches or ()
        total = numbers.memory(sum(cache.nbytes for cache in found))
        self.title.setText("Looking for caches" if caches is None else f"{_caches(len(found))}, {total}")
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for row, cache in enumerate(found):
            name = ElidedLabel(cache.title or cache.folder.name, name=f"view.caches.{row}.title")
            name.setToolTip(cache.source or str(cache.folder))
            made = numbers.ago(cache.made) if cache.made is not None else ""
            state = "" if cache.state == "good" else cache.state
            size = "×".join(map(str, cache.shape[:2])) if cache.shape else ""
            grid.addWidget(name, row, 0)
            grid.addWidget(Label(size, ink="muted", size="small"), row, 1)
            grid.addWidget(Label(state or made, ink="warning" if state else "muted", size="small"), row, 2)
            memory = Label(numbers.memory(cache.nbytes), size="small")
            memory.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(memory, row, 3)
            grid.addWidget(self._clear_button(row, cache), row, 4)
        if storing.error:
            grid.addWidget(Label(storing.error, ink="error", size="small"), len(found), 0, 1, 5)
        grid.setRowStretch(len(found) + 1, 1)
        self._scroll.setWidget(rows)
        self._scroll.setFixedHeight(min(MOST_HEIGHT, max(1, len(found) + bool(storing.error)) * ROW))

    def _clear_button(self, row: int, cache: "Cache") -> Button:
        button = Button("Clear", name=f"view.caches.{row}.clear", compact=True)
        button.setAccessibleName(f"Clear {cache.title or cache.folder.name}")
        button.setEnabled(self._session.storing.state != "clearing")
        button.clicked.connect(lambda _checked=False: self._session.storing.clear([cache]))
        return button


def _caches(count: int) -> str:
    return "1 cache" if count == 1 else f"{numbers.count(count)} caches"
