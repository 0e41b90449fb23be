"""The look and the habits of every table: rows of 24 px, selection by rows, Tab leaves it, copy gives TSV."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
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
from resnet_studio.gui.widgets.cell import SIDE, Cell
from resnet_studio.gui.widgets.share_bar import BAR_WIDTH, GAP, ShareBar

ROW_HEIGHT, HEADER_HEIGHT = 24, 26

MARK = 22
"""Pixels of a check box or an icon in a cell, with the gap behind it."""

SAMPLED_ROWS = 40
"""Rows whose texts are measured for the widths of the columns; more would be felt on thousands of layers."""


class Table(QTableView):
    """A table view whose columns are as wide as their texts and share what room is left."""

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
        head = self.horizontalHeader()
        head.setFixedHeight(HEADER_HEIGHT)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setMinimumSectionSize(24)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.sectionResized.connect(self._resized_by_user)
        self._natural: list[int] = []
        self._weights: dict[int, float] = {}
        self._fitting, self._by_user, self._by_keyboard = False, False, False
        if model is not None:
            self.setModel(model)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        """Show another model and fit the columns to it."""
        if self.model() is not None:
            self.model().disconnect(self)
        super().setModel(model)
        self._natural, self._by_user = [], False
        if model is not None:
            model.dataChanged.connect(self._changed)
            model.modelReset.connect(self._changed)
            model.rowsInserted.connect(self._changed)
            model.columnsInserted.connect(self._changed)
            self.fit()

    def set_shares(self, column: int, colour: str) -> None:
        """Draw a column's shares (the model's SHARE_ROLE) as bars in the colour of a token."""
        self.setItemDelegateForColumn(column, ShareBar(colour, self))
        self._natural = []
        self.fit()

    def set_weights(self, weights: dict[int, float]) -> None:
        """Say which columns take what room is left, and in which proportion; all of them equally at first."""
        self._weights = weights
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Widen the columns to their texts, never narrow them while the same model is shown, and share the rest."""
        model = self.model()
        if model is None or self._by_user:
            return
        columns = self._columns(model)
        if len(self._natural) != model.columnCount():
            self._natural = [0] * model.columnCount()
        for column in columns:
            self._natural[column] = max(self._natural[column], self._needed(column))
        self._share()

    @Slot()
    def _changed(self) -> None:
        """Fit a table that is seen; one that is not is fitted when it is shown: measuring texts is felt."""
        if self.isVisible():
            self.fit()

    def _columns(self, model: QAbstractItemModel) -> list[int]:
        return [column for column in range(model.columnCount()) if not self.isColumnHidden(column)]

    def _share(self) -> None:
        """Give the columns what they need, and what room is left."""
        model = self.model()
        if model is None or self._by_user or len(self._natural) != model.columnCount():
            return
        columns = self._columns(model)
        spare = max(0, self.viewport().width() - sum(self._natural[column] for column in columns))
        weights = {column: self._weights.get(column, 0.0 if self._weights else 1.0) for column in columns}
        total = sum(weights.values()) or 1.0
        self._fitting, given, passed = True, 0, 0.0
        for column in columns:
            passed += weights[column]
            extra = round(spare * passed / total) - given  # whole pixels that add up
            given += extra
            self.setColumnWidth(column, self._natural[column] + extra)
        self._fitting = False

    def copy(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text with the heads above; all rows if none is."""
        model, picked = self.model(), self.selectionModel()
        if model is None or picked is None:
            return
        across, show = Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole
        head = self.horizontalHeader()
        order = (head.logicalIndex(place) for place in range(model.columnCount()))
        columns = [column for column in order if not self.isColumnHidden(column)]
        rows = sorted({index.row() for index in picked.selectedIndexes()}) or range(model.rowCount())
        lines = [[model.headerData(column, across, show) for column in columns]]
        lines += [[model.index(row, column).data(show) for column in columns] for row in rows]
        text = "\n".join("\t".join("" if cell is None else str(cell) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy on Ctrl+C; leave the rest to Qt."""
        self._by_keyboard = True
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
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
        self._share()

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

    def _needed(self, column: int) -> int:
        """Return the pixels that the head and the first rows of a column need."""
        model = self.model()
        head_metrics, metrics = QFontMetrics(theme.font(12, 500)), QFontMetrics(theme.font(weight=600))
        head = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        wide = head_metrics.horizontalAdvance(head) + 2
        bar = BAR_WIDTH + GAP if isinstance(self.itemDelegateForColumn(column), ShareBar) else 0
        for row in range(min(model.rowCount(), SAMPLED_ROWS)):
            if self.columnSpan(row, column) == 1:
                index = model.index(row, column)
                text = str(index.data() or "")
                beside = (bar if text else 0) + self._mark_width(index)
                wide = max(wide, metrics.horizontalAdvance(text) + 2 + beside)
        return wide + 2 * SIDE

    def _mark_width(self, index: QModelIndex) -> int:
        """Return the pixels that a check box and an icon before the text of a cell take."""
        marks = (Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.DecorationRole)
        return sum(MARK for mark in marks if index.data(mark) is not None)

    @Slot(int, int, int)
    def _resized_by_user(self) -> None:
        if not self._fitting:
            self._by_user = True
