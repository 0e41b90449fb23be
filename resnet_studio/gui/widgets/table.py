"""The look and the habits of every table: rows of 24 px, selection by rows, Tab leaves it, copy gives TSV."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.widgets.cell import ASK_ROLE, Cell
from resnet_studio.gui.widgets.column_fit import ColumnFit
from resnet_studio.gui.widgets.head import Head
from resnet_studio.gui.widgets.share_bar import ShareBar
from resnet_studio.gui.widgets.table_text import TableText, table_text

ROW_HEIGHT, HEADER_HEIGHT = 24, 26


class Table(QTableView):
    """A table view whose columns are as wide as their texts and share what room is left."""

    asked = Signal(QModelIndex)
    """A double click or Enter on a cell that can be asked about: its model has ASK_ROLE there."""

    def __init__(
        self, model: QAbstractItemModel | None = None, *, name: str, label: str, parent: QWidget | None = None
    ) -> None:
        """Make a table.

        Args:
            model: gives alignment, colours and tooltips of cells and heads.
            name: objectName.
            label: accessible name.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setItemDelegate(Cell(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        head = Head(self)
        self.setHorizontalHeader(head)
        head.setFixedHeight(HEADER_HEIGHT)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setMinimumSectionSize(24)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.doubleClicked.connect(self.ask)
        self._by_keyboard = False
        self._columns = ColumnFit(self)
        if model is not None:
            self.setModel(model)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        """Show another model and fit the columns to it."""
        if self.model() is not None:
            self.model().disconnect(self)
        super().setModel(model)
        self._columns.forget()
        if model is not None:
            model.dataChanged.connect(self._changed)
            model.modelReset.connect(self._changed)
            model.rowsInserted.connect(self._changed)
            model.columnsInserted.connect(self._changed)
            self._changed()

    def set_shares(self, column: int, colour: str) -> None:
        """Draw a column's shares (the model's SHARE_ROLE) as bars in the colour of a token."""
        self.setItemDelegateForColumn(column, ShareBar(colour, self))
        self._columns.forget()
        self._changed()

    def set_weights(self, weights: dict[int, float], *, shrinking: bool = False) -> None:
        """Say which columns take what room is left, and in which proportion; all of them equally at first.

        Args:
            weights: of the columns that do.
            shrinking: they give up room too where there is too little, and their texts end in … then.
        """
        self._columns.set_weights(weights, shrinking=shrinking)
        self._changed()

    @Slot()
    def fit(self) -> None:
        """Widen the columns to their texts, never narrow them while the same model is shown, and share the rest."""
        self._columns.measure()

    @Slot()
    def _changed(self) -> None:
        """Fit a table that is seen; one that is not is fitted when it is shown: measuring texts is felt."""
        if self.isVisible():
            self.fit()

    def let_sort(self) -> None:
        """Let a click on a head sort: upwards, downwards, and in the order of the data, which it begins with."""
        head = self.horizontalHeader()
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        head.sortIndicatorChanged.connect(self.fit)

    def show_columns(self, shown: Collection[int], where_room: Sequence[int] = ()) -> None:
        """Show these columns, each as wide as it needs, and of `where_room` as many as there is room for."""
        self._columns.show(shown, where_room)
        self._changed()

    def picked_rows(self) -> list[int]:
        """Return the selected rows from top to bottom."""
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    def text(self, *, picked: bool) -> TableText:
        """Return the columns that are shown, of the selected rows or of all."""
        model, head = self.model(), self.horizontalHeader()
        order = (head.logicalIndex(place) for place in range(model.columnCount()))
        columns = [column for column in order if not self.isColumnHidden(column)]
        return table_text(model, self.picked_rows() if picked else range(model.rowCount()), columns)

    def copy(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text with the heads above; all rows if none is."""
        if self.model() is not None:
            QGuiApplication.clipboard().setText(self.text(picked=bool(self.picked_rows())).written("tsv"))

    @Slot(QModelIndex)
    def ask(self, index: QModelIndex) -> None:
        """Ask about a cell, if there is an answer."""
        if index.data(ASK_ROLE):
            self.asked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy on Ctrl+C, ask about the current cell on Enter; leave the rest to Qt."""
        self._by_keyboard = True
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.ask(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the ring of the keyboard away."""
        self._by_keyboard = False
        super().mousePressEvent(event)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the keyboard is; without a current row, the first one becomes it."""
        reasons = Qt.FocusReason
        self._by_keyboard = event.reason() in {
            reasons.TabFocusReason,
            reasons.BacktabFocusReason,
            reasons.ShortcutFocusReason,
        }
        super().focusInEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the new room."""
        super().resizeEvent(event)
        self._columns.share()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Fit to what changed while it was hidden."""
        super().showEvent(event)
        self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the cells and, for the keyboard, an edge around the current row, or around all where there is none."""
        super().paintEvent(event)
        if self.hasFocus() and self._by_keyboard:
            row, port = self.visualRect(self.currentIndex()), self.viewport().rect()
            ring = QRect(QPoint(0, row.top()), QSize(port.width(), row.height())) if row.isValid() else port
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(ring.adjusted(1, 1, -1, -1))
