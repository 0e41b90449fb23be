"""The grid of real images with their labels: an item view whose geometry is arithmetic, however many images there are.

QListView lays all its items out at every change of size, which costs a quarter of a second for 70,000 of them.
"""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from resnet_studio.gui.pages.data.gallery import Gallery, same_pictures
from resnet_studio.gui.pages.data.image_cell import ImageCell
from resnet_studio.gui.pages.data.image_model import ImageModel
from resnet_studio.gui.pages.data.tiling import Tiling, tiling

SMALLEST, LARGEST, USUAL = 24, 192, 76
"""Bounds and default of the longer side of an image on the screen, in pixels."""
MARGIN = 10

Index = QModelIndex | QPersistentModelIndex
Move = QAbstractItemView.CursorAction


class ImageGrid(QAbstractItemView):
    """Shows a gallery; arrows, page keys, Home and End move the selection."""

    pointed = Signal()
    """Another image is the current one."""
    seen = Signal()
    """Other images are in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.images")
        self.setAccessibleName("images")
        self.tiling = Tiling((USUAL, USUAL), (USUAL, USUAL), 1)
        self._wanted = USUAL
        self._images = ImageModel()
        self._cell = ImageCell(self)
        self._hovered = -1
        self.setModel(self._images)
        self.setItemDelegate(self._cell)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setMouseTracking(True)

    @property
    def gallery(self) -> Gallery | None:
        """The images that are shown."""
        return self._images.gallery

    def show_gallery(self, gallery: Gallery | None) -> None:
        """Show other images; the current one stays where it is shown again."""
        before, row = self.gallery, self.currentIndex().row()
        old = before[row] if before is not None and 0 <= row < len(before) else None
        same = before is not None and gallery is not None and same_pictures(before.images, gallery.images)
        if not same:
            self._cell.forget()
        self._images.show(gallery)
        self._lay_out()
        kept = gallery.row_of(old.split, old.number) if same and gallery is not None and old is not None else None
        self.setCurrentIndex(self._images.index(kept or 0))
        self.seen.emit()

    def show_size(self, side: int) -> None:
        """Show the images with another longer side, in pixels; the first one in sight stays in sight."""
        first, _ = self.in_sight()
        self._wanted = side
        self._lay_out()
        self.verticalScrollBar().setValue(first // self.tiling.columns * self.tiling.cell[1])
        self.seen.emit()

    def in_sight(self) -> tuple[int, int]:
        """Return the first row of the model and the one after the last that are in sight by more than a half."""
        total, high = self._images.rowCount(), self.tiling.cell[1]
        top = self.verticalOffset() - MARGIN
        first, last = (max(0, edge + high // 2) // high for edge in (top, top + self.viewport().height()))
        return min(first * self.tiling.columns, total), min(last * self.tiling.columns, total)

    # ---- where the images are

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Return the cell of an image in the viewport."""
        return self._rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """Return the image at a point of the viewport."""
        wide, high = self.tiling.cell
        column, line = (point.x() - MARGIN) // wide, (point.y() + self.verticalOffset() - MARGIN) // high
        row = line * self.tiling.columns + column
        inside = 0 <= column < self.tiling.columns and 0 <= row < self._images.rowCount()
        return self._images.index(row) if inside else QModelIndex()

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring the row of an image wholly into sight, with as little movement as that takes."""
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        centred = hint is QAbstractItemView.ScrollHint.PositionAtCenter
        if centred or hint is QAbstractItemView.ScrollHint.PositionAtTop:
            spare = (self.viewport().height() - rect.height()) // 2 if centred else 0
            bar.setValue(bar.value() + rect.top() - spare)
        elif rect.top() < 0:
            bar.setValue(bar.value() + rect.top() - MARGIN)
        elif rect.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + 1)

    def horizontalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return 0: the grid never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return how far the grid is scrolled down."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:  # noqa: ARG002, N802 - Qt's name
        """Return False: what is not to be seen is not in the gallery."""
        return False

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: ARG002, N802 - Qt's name
        """Return the image to which a key leads from the current one."""
        total, columns = self._images.rowCount(), self.tiling.columns
        screen = max(1, self.viewport().height() // self.tiling.cell[1]) * columns
        row = max(0, self.currentIndex().row())
        steps = {
            Move.MoveLeft: -1,
            Move.MovePrevious: -1,
            Move.MoveRight: 1,
            Move.MoveNext: 1,
            Move.MoveUp: -columns,
            Move.MoveDown: columns,
            Move.MovePageUp: -screen,
            Move.MovePageDown: screen,
            Move.MoveHome: -row,
            Move.MoveEnd: total - 1 - row,
        }
        wanted = row + steps[action]
        if action in {Move.MoveUp, Move.MoveDown} and not 0 <= wanted < total:
            wanted = row
        return self._images.index(max(0, min(wanted, total - 1)))

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Do nothing: Qt would look through the names of all the images."""

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802 - Qt's name
        """Select the image in the middle of a rectangle of the viewport."""
        index = self.indexAt(rect.center())
        self.selectionModel().select(QItemSelection(index, index), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 - Qt's name
        """Return what is to be painted anew when a selection changes."""
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def _rect(self, row: int) -> QRect:
        wide, high = self.tiling.cell
        line, column = divmod(row, self.tiling.columns)
        return QRect(MARGIN + column * wide, MARGIN + line * high - self.verticalOffset(), wide, high)

    def _lay_out(self) -> None:
        """Set the size of the cells; room for the scroll bar is always kept, so that its coming moves nothing."""
        gallery, bar = self.gallery, self.verticalScrollBar()
        total = 0
        if gallery is not None:
            _, *sides = gallery.images.shape
            room = self.width() - MARGIN - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, bar)
            self.tiling = self._cell.tiling = tiling((sides[0], sides[1]), self._wanted, room)
            total = len(gallery)
        high = self.tiling.cell[1]
        content = -(-total // self.tiling.columns) * high + 2 * MARGIN
        bar.setRange(0, max(0, content - self.viewport().height()))
        bar.setPageStep(self.viewport().height() // high * high or high)
        bar.setSingleStep(max(1, high // 3))
        self.viewport().update()

    # ---- Qt's events

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Follow the model."""
        super().updateGeometries()
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the new room."""
        super().resizeEvent(event)
        self._lay_out()
        self.seen.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Move what is there already; Qt asks to paint the rest."""
        self.viewport().scroll(dx, dy)
        self.seen.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell which image is the current one."""
        super().currentChanged(current, previous)
        self.pointed.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Take the fonts of another style."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._cell.dress()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Mark the image under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Mark no image any more."""
        super().leaveEvent(event)
        self._hover(-1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the images in a part of the viewport, and no others."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain, current = option.state & ~QStyle.StateFlag.State_MouseOver, self.currentIndex().row()
        high, columns = self.tiling.cell[1], self.tiling.columns
        top = event.rect().top() + self.verticalOffset() - MARGIN
        first, last = max(0, top // high), (top + event.rect().height()) // high
        painter = QPainter(self.viewport())
        for row in range(first * columns, min((last + 1) * columns, self._images.rowCount())):
            option.rect = self._rect(row)
            option.state = plain
            if row == current:
                option.state |= QStyle.StateFlag.State_Selected
            if row == self._hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            self._cell.paint(painter, option, self._images.index(row))
        painter.end()

    def _hover(self, row: int) -> None:
        for changed in {row, self._hovered} - {-1} if row != self._hovered else ():
            self.viewport().update(self._rect(changed))
        self._hovered = row
