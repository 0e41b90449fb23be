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
    Slot,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QWidget

from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.pictures.gallery import Gallery, same_pictures
from resnet_studio.gui.pages.data.pictures.image_cell import ImageCell
from resnet_studio.gui.pages.data.pictures.image_model import ImageModel
from resnet_studio.gui.pages.data.pictures.tiling import MARGIN, USUAL, Tiling, tiling, zoomed
from resnet_studio.gui.pages.data.pictures.trained import Trained

NOTCH = 120
"""Eighths of a degree that a wheel turns from one notch to the next."""

Index = QModelIndex | QPersistentModelIndex
Move = QAbstractItemView.CursorAction


class ImageGrid(QAbstractItemView):
    """Shows a gallery; arrows, page keys, Home and End move the selection, Ctrl and the wheel make images larger."""

    pointed = Signal()
    """Another image is the current one."""
    opened = Signal()
    """The user wants to see more of the current image."""
    sized = Signal(int)
    """The user wants the images in another size: the longer side in pixels."""
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
        self._hovered, self._turned = -1, 0
        self.setModel(self._images)
        self.setItemDelegate(self._cell)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setMouseTracking(True)
        # it is filled in `paintEvent`, and so Qt moves what is there where it is scrolled
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.clicked.connect(self._open)

    @property
    def gallery(self) -> Gallery | None:
        """The images that are shown."""
        return self._images.gallery

    def show_gallery(self, gallery: Gallery | None) -> None:
        """Show other images; the current one stays where it is shown again, unless it is but the first of all."""
        before, row = self.gallery, self.currentIndex().row()
        old = before[row] if before is not None and 0 <= row < len(before) else None
        same = before is not None and gallery is not None and same_pictures(before.images, gallery.images)
        if not same:
            self._cell.forget()
        self._images.show(gallery)
        self._lay_out()
        chosen = old if same and row > 0 else None
        kept = gallery.row_of(chosen.split, chosen.number) if gallery is not None and chosen is not None else None
        self.setCurrentIndex(self._images.index(kept or 0))
        self.seen.emit()

    def show_size(self, side: int) -> None:
        """Show the images with another longer side, in pixels; the first one in sight stays in sight."""
        first = self.in_sight().start
        self._wanted = side
        self._lay_out()
        self.verticalScrollBar().setValue(first // self.tiling.columns * self.tiling.cell[1])
        self.seen.emit()

    def show_epoch(self, trained: Trained | None, epoch: int | None) -> None:
        """Show the images as training draws them in an epoch; None: as they are stored."""
        self._cell.trained, self._cell.epoch = trained, epoch
        self.viewport().update()

    def draw_anew(self) -> None:
        """Show what training draws from now on: it would draw otherwise than before."""
        self._cell.forget_drawn()
        self.viewport().update()

    def zoom(self, steps: int) -> None:
        """Want images larger by so many steps that can be seen, smaller where it is negative; 0: the usual size."""
        if self.gallery is not None:
            self.sized.emit(zoomed(self._sides(), self._wanted, self._room(), steps))

    def step(self, steps: int) -> None:
        """Make the image so many places further the current one."""
        row = self.currentIndex().row() + steps
        if 0 <= row < self._images.rowCount():
            self.setCurrentIndex(self._images.index(row))

    def in_sight(self) -> range:
        """Return the rows of the model that are in sight by more than a half."""
        return self._rows(0, self.viewport().height(), by_half=True)

    def around(self) -> list[int]:
        """Return the rows of which anything is in sight, then those of one screen below and one above."""
        high = self.viewport().height()
        here = self._rows(0, high)
        return [*here, *self._rows(high, 2 * high)[: len(here)], *reversed(self._rows(-high, 0))]

    # ---- where the images are

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Return the cell of an image in the viewport."""
        return self._rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """Return the image at a point of the viewport."""
        row = self.tiling.row_at(point.x(), point.y() + self.verticalOffset(), self._images.rowCount())
        return self._images.index(row) if row >= 0 else QModelIndex()

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
        x, y = self.tiling.corner(row)
        return QRect(x, y - self.verticalOffset(), *self.tiling.cell)

    def _rows(self, top: int, bottom: int, *, by_half: bool = False) -> range:
        """Return the rows between two heights of the viewport."""
        scrolled = self.verticalOffset()
        return self.tiling.rows(scrolled + top, scrolled + bottom, self._images.rowCount(), by_half=by_half)

    def _sides(self) -> tuple[int, int]:
        """Height and width of the images."""
        _, high, wide = self.gallery.images.shape if self.gallery is not None else (1, 1, 1)
        return high, wide

    def _room(self) -> int:
        """The width for images; room for the scroll bar is always kept, so that its coming moves nothing."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self.verticalScrollBar())
        return self.width() - MARGIN - bar

    def _lay_out(self) -> None:
        """Set the size of the cells and how far there is to scroll."""
        total, bar = self._images.rowCount(), self.verticalScrollBar()
        self.tiling = self._cell.tiling = tiling(self._sides(), self._wanted, self._room())
        high = self.tiling.cell[1]
        bar.setRange(0, max(0, self.tiling.height(total) - self.viewport().height()))
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

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the current image with Space or Enter."""
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Make images larger or smaller with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._turned += event.angleDelta().y()
            steps, self._turned = int(self._turned / NOTCH), self._turned - int(self._turned / NOTCH) * NOTCH
            if steps:
                self.zoom(steps)
            event.accept()
        else:
            super().wheelEvent(event)

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
        painter, gallery, current = QPainter(self.viewport()), self.gallery, self.currentIndex().row()
        painter.fillRect(event.rect(), theme.colour("base"))
        if gallery is not None:
            self._cell.begin(painter)
            for row in self._rows(event.rect().top(), event.rect().bottom() + 1):
                corner, hovered = self._rect(row).topLeft(), row == self._hovered
                self._cell.paint_row(painter, corner, gallery, row, chosen=row == current, hovered=hovered)
        painter.end()

    @Slot()
    def _open(self) -> None:
        if self.currentIndex().isValid():
            self.opened.emit()

    def _hover(self, row: int) -> None:
        for changed in {row, self._hovered} - {-1} if row != self._hovered else ():
            self.viewport().update(self._rect(changed))
        self._hovered = row
