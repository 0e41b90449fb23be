"""The images of a set to look through: what to look at above, the grid, what is known of one of them below."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui.pages.data.detail_line import DetailLine
from resnet_studio.gui.pages.data.gallery import Gallery
from resnet_studio.gui.pages.data.image_grid import ImageGrid
from resnet_studio.gui.pages.data.view_bar import ViewBar


class Browser(QWidget):
    """The bars and the grid, what stands in their place while there are no images, and at the right the page's column.

    Attributes:
        bar: what to look at; `bar.show_only` shows some files alone.
    """

    def __init__(self, aside: QWidget, waiting: QWidget, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            aside: the column at the right, always in sight.
            waiting: what stands in the place of the images while there are none.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._images: ImageSet | None = None
        self.bar, self._grid, self._detail = ViewBar(), ImageGrid(), DetailLine()
        self._grid_area, self._waiting, self._stack = QWidget(), waiting, QStackedWidget()
        left = QVBoxLayout(self._grid_area)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._grid, 1)
        left.addWidget(self._detail)
        for part in (waiting, self._grid_area):
            self._stack.addWidget(part)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stack, 1)
        middle.addWidget(aside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(middle, 1)
        self.bar.hide()
        self.bar.view_changed.connect(self._look)
        self.bar.size_changed.connect(self._grid.show_size)
        self._grid.pointed.connect(self._show_detail)
        self._grid.seen.connect(self._show_sight)

    def show_images(self, images: ImageSet) -> None:
        """Show images."""
        if images is not self._images:
            self._images = images
            self.bar.show_images(images)
            self._look()
        self.bar.show()
        self._stack.setCurrentWidget(self._grid_area)

    def show_waiting(self) -> None:
        """Show what stands in the place of the images."""
        self.bar.hide()
        self._stack.setCurrentWidget(self._waiting)

    @Slot()
    def _look(self) -> None:
        if self._images is not None:
            self._grid.show_gallery(Gallery(self._images, self.bar.view()))

    @Slot()
    def _show_detail(self) -> None:
        gallery, row = self._grid.gallery, self._grid.currentIndex().row()
        self._detail.show_picture(gallery[row] if gallery is not None and row >= 0 else None)

    @Slot()
    def _show_sight(self) -> None:
        gallery = self._grid.gallery
        self._detail.show_sight(self._grid.in_sight(), len(gallery) if gallery is not None else 0)
