"""The menu in which the columns of a table are chosen, as they stay from one start to the next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from resnet_studio.gui.pages.design.tables.columns import Column
from resnet_studio.gui.settings import Settings
from resnet_studio.gui.widgets.table import Table

NO_BASELINE = "Pin a design under “differences to” first"

FIRST = 2
"""Rank up to which a difference counts as chosen by who chooses columns before there is a baseline."""


class ColumnsMenu(QMenu):
    """A check box for each column of a table; it stays open while they are checked."""

    def __init__(
        self, table: Table, columns: Sequence[Column], settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{table.objectName()}.columns")
        self.setToolTipsVisible(True)
        self._table, self._columns, self._settings = table, columns, settings
        self._compared = False
        self._actions = [self._action(column) for column in columns]
        self.addSeparator()
        self.addAction("Reset").triggered.connect(self._reset)
        head = table.horizontalHeader()
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda place: self.popup(head.mapToGlobal(place)))
        self.aboutToShow.connect(self._mark_shown)
        self._mark_shown()
        self._show_chosen()

    def set_compared(self, *, compared: bool) -> None:
        """Show the differences only beside a baseline."""
        if compared != self._compared:
            self._compared = compared
            self._show_chosen()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Check a column without closing the menu."""
        if not self._toggle(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Check a column with the space bar, likewise."""
        if event.key() != Qt.Key.Key_Space or not self._toggle(self.activeAction()):
            super().keyPressEvent(event)

    def _action(self, column: Column) -> QAction:
        action = self.addAction(column.label)
        action.setObjectName(f"{self.objectName()}.{column.key}")
        action.setCheckable(True)
        action.triggered.connect(self._chosen)
        return action

    def _toggle(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable():
            return False
        action.trigger()
        return True

    @Slot()
    def _chosen(self) -> None:
        keys = [column.key for column, action in zip(self._columns, self._actions, strict=True) if action.isChecked()]
        self._settings.set_columns(self._table.objectName(), keys)
        self._show_chosen()

    @Slot()
    def _reset(self) -> None:
        self._settings.set_columns(self._table.objectName(), None)
        self._show_chosen()
        self._mark_shown()

    def _show_chosen(self) -> None:
        kept = self._settings.columns(self._table.objectName())
        possible = {n: column for n, column in enumerate(self._columns) if self._compared or not column.difference}
        if kept is None:
            ranked = {n: column.rank for n, column in possible.items() if column.rank}
            always = [n for n, column in possible.items() if column.rank == 0]
            self._table.show_columns(always, sorted(ranked, key=ranked.__getitem__))
        else:
            self._table.show_columns([n for n, column in possible.items() if column.fixed or column.key in kept])

    @Slot()
    def _mark_shown(self) -> None:
        """Check what is shown; before anyone has chosen, that depends on the room there is."""
        kept = self._settings.columns(self._table.objectName())
        for number, (column, action) in enumerate(zip(self._columns, self._actions, strict=True)):
            possible = self._compared or not column.difference
            shown = not self._table.isColumnHidden(number)
            # a difference that was chosen comes back with the next baseline
            wanted = column.rank is not None and column.rank <= FIRST if kept is None else column.key in kept
            action.setChecked(shown if possible else wanted)
            action.setEnabled(possible and not column.fixed)
            action.setToolTip(f"{column.tip[:1].upper()}{column.tip[1:]}" if possible else NO_BASELINE)
