"""The row of a table that the session points at."""

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker
from PySide6.QtWidgets import QAbstractItemView

from resnet_studio.gui.widgets.table import Table


def choose(table: Table, row: int | None) -> None:
    """Choose a row without telling it as the user's choice; where it is current, what is picked around it stays."""
    selection, flags = table.selectionModel(), QItemSelectionModel.SelectionFlag
    if row is not None and table.currentIndex().row() == row:
        return
    with QSignalBlocker(selection):
        if row is None:
            selection.clear()
        else:
            selection.setCurrentIndex(table.model().index(row, 0), flags.ClearAndSelect | flags.Rows)
            bring_into_sight(table)
    table.viewport().update()


def bring_into_sight(table: Table) -> None:
    """Scroll to the current row; one that was out of sight comes to the top, with what follows it."""
    cell = table.visualRect(table.currentIndex())
    if not table.viewport().rect().contains(cell.center()) or cell.top() < 0:
        table.scrollTo(table.currentIndex(), QAbstractItemView.ScrollHint.PositionAtTop)
