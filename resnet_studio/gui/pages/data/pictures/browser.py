"""The images of a set to look through: what to look at above, the grid, what is known of one of them beside it."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui.pages.data.pictures.detail_line import DetailLine
from resnet_studio.gui.pages.data.pictures.gallery import Gallery, Picture, nothing_found
from resnet_studio.gui.pages.data.pictures.image_grid import ImageGrid
from resnet_studio.gui.pages.data.pictures.image_pane import ImagePane
from resnet_studio.gui.pages.data.pictures.trained import Trained
from resnet_studio.gui.pages.data.pictures.view_bar import ViewBar
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.empty_state import EmptyState

_ZOOM = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
_STEP = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Browser(QWidget):
    """The bars and the grid, or what stands in their place while there are no images; at the right the page's column.

    The image that was clicked stands in the place of that column until it is closed.

    Attributes:
        bar: what to look at; `bar.show_only` shows some files alone.
    """

    def __init__(self, session: Session, aside: QWidget, waiting: QWidget, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            session: whose images are drawn as its experiment trains them.
            aside: the column at the right while no image is open, of a fixed width.
            waiting: what stands in the place of the images while there are none.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._images: ImageSet | None = None
        self._trained = Trained(session, self)
        self.bar, self._grid, self._detail = ViewBar(), ImageGrid(), DetailLine()
        self._pane = ImagePane(session, self._trained)
        self._nothing = EmptyState("", "Show all images", self.bar.show_all, name="view.nothing")
        self._waiting, self._grid_area = waiting, QWidget()
        self._found = _stack(self._grid, self._nothing)
        self._stack = _stack(waiting, self._grid_area)
        self._column = _stack(aside, self._pane)
        self._column.setFixedWidth(aside.minimumWidth())
        # what is not in sight must not widen what is
        self._stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self._connect()
        self.bar.hide()

    def show_images(self, images: ImageSet) -> None:
        """Show images."""
        if images is not self._images:
            self._images = images
            self.bar.show_images(images)
            self._look()
        self.bar.show()
        self._column.show()
        self._stack.setCurrentWidget(self._grid_area)

    def show_waiting(self, *, column: bool) -> None:
        """Show what stands in the place of the images; `column`: whether the page's has something to say meanwhile."""
        self.bar.hide()
        self._close()
        self._column.setVisible(column)
        self._stack.setCurrentWidget(self._waiting)

    def zoom(self, steps: int) -> None:
        """Show the images larger by so many steps, smaller where it is negative; 0: in the usual size."""
        self._grid.zoom(steps)

    @property
    def is_open(self) -> bool:
        """Whether one image is shown beside the grid."""
        return self._column.currentWidget() is self._pane

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the grid from the shortcuts of the window: there they are for the diagram."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and _zoom_of(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom, go from image to image, close the image or the search."""
        steps, key = _zoom_of(event), Qt.Key(event.key())
        if steps is not None:
            self._grid.zoom(steps)
        elif key in _STEP and self.is_open and not event.modifiers():
            self._grid.step(_STEP[key])
        elif key == Qt.Key.Key_Escape and self.bar.search.hasFocus():
            self.bar.end_search()
        elif key == Qt.Key.Key_Escape and self.is_open:
            self._close()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        left = QVBoxLayout(self._grid_area)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._found, 1)
        left.addWidget(self._detail)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self._column)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(middle, 1)

    def _connect(self) -> None:
        self.bar.view_changed.connect(self._look)
        self.bar.size_changed.connect(self._grid.show_size)
        self.bar.epoch_changed.connect(self._show_epoch)
        self.bar.left.connect(self._to_grid)
        self._grid.pointed.connect(self._point)
        self._grid.seen.connect(self._see)
        self._grid.opened.connect(self._open)
        self._grid.sized.connect(self.bar.show_size)
        self._pane.closed.connect(self._close)
        self._pane.stepped.connect(self._grid.step)
        self._trained.came.connect(self._grid.viewport().update)
        self._trained.dropped.connect(self._draw_anew)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.bar.start_search)

    def _current(self) -> Picture | None:
        gallery, row = self._grid.gallery, self._grid.currentIndex().row()
        return gallery[row] if gallery is not None and 0 <= row < len(gallery) else None

    @Slot()
    def _look(self) -> None:
        if self._images is None:
            return
        view = self.bar.view()
        gallery = Gallery(self._images, view)
        self._grid.show_gallery(gallery)
        self._nothing.set_sentence(nothing_found(view, self._images))
        self._found.setCurrentWidget(self._grid if len(gallery) else self._nothing)
        if not len(gallery):
            self._close()
            self._point()

    @Slot()
    def _point(self) -> None:
        picture = self._current()
        self._detail.show_picture(picture, self.bar.epoch())
        if self.is_open and picture is not None and self._images is not None:
            self._pane.show_picture(self._images, picture)

    @Slot()
    def _see(self) -> None:
        gallery = self._grid.gallery
        self._detail.show_sight(self._grid.in_sight(), len(gallery) if gallery is not None else 0)
        self._ask()

    def _ask(self) -> None:
        """Want drawn what is in sight, then what is next to it."""
        gallery, epoch = self._grid.gallery, self.bar.epoch()
        if gallery is None or epoch is None:
            self._trained.ask("grid", [])
        else:
            places = (gallery.place(row) for row in self._grid.around())
            self._trained.ask("grid", [self._trained.place(*place, epoch) for place in places])

    @Slot()
    def _show_epoch(self) -> None:
        epoch = self.bar.epoch()
        self._grid.show_epoch(self._trained, epoch)
        self._detail.show_picture(self._current(), epoch)
        self._ask()

    @Slot()
    def _draw_anew(self) -> None:
        self._grid.draw_anew()
        self._ask()

    @Slot()
    def _open(self) -> None:
        self._column.setCurrentWidget(self._pane)
        self._point()

    @Slot()
    def _close(self) -> None:
        if self.is_open:
            self._column.setCurrentIndex(0)
            self._pane.forget()
            self._to_grid()

    @Slot()
    def _to_grid(self) -> None:
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)


def _stack(*parts: QWidget) -> QStackedWidget:
    """Return widgets of which one is in sight, the first one now."""
    made = QStackedWidget()
    for part in parts:
        made.addWidget(part)
    return made


def _zoom_of(event: QKeyEvent) -> int | None:
    """Return how many steps larger a key wants the images, None where it wants something else."""
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return _ZOOM.get(Qt.Key(event.key())) if control else None
