"""One image, large, with what is known of it and what training makes of it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStyle, QVBoxLayout, QWidget

from resnet_studio.data.images import ImageSet
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.data.overview.fold import Snug
from resnet_studio.gui.pages.data.pictures.gallery import Picture
from resnet_studio.gui.pages.data.pictures.image_facts import ImageFacts
from resnet_studio.gui.pages.data.pictures.trained import TRAIN, Trained
from resnet_studio.gui.pages.data.pictures.version_tiles import COUNT, VersionTiles
from resnet_studio.gui.pages.data.pictures.zoom_view import ZoomView
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.button import Button, ToolButton
from resnet_studio.gui.widgets.label import ElidedLabel, Label
from resnet_studio.gui.widgets.tool_row import ToolRow

LEAST = 80
"""Pixels that the versions keep at least in a low window."""
AS_EVALUATED = "Only training images are augmented: evaluation sees this image as it is."
NO_AUGMENTATION = "No augmentation is on: training sees this image as it is, in every epoch."


class ImagePane(QFrame):
    """Follows the current image of the grid while it is open; a chosen version is shown large."""

    closed = Signal()
    """The user has seen enough."""
    stepped = Signal(int)
    """The user wants the image so many places further."""

    def __init__(self, session: Session, trained: Trained, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.image")
        self.setAccessibleName("one image")
        self.setProperty("ground", "base")
        self.setProperty("edge", "left")
        self._trained = trained
        self._images: ImageSet | None = None
        self._picture: Picture | None = None
        self._head = ToolRow(" ", name="view.image.head")
        back, on = (
            ToolButton("chevron-left", "The image before (←)", name="view.image.back"),
            ToolButton("chevron-right", "The next image (→)", name="view.image.next"),
        )
        close = ToolButton("close", "Close (Esc)", name="view.image.close")
        self._head.add_right(back, on, close)
        self._zoom, self._facts = ZoomView(), ImageFacts(session)
        self._what, self._scale = ElidedLabel(ink="muted", size="note"), Label(ink="muted", size="note")
        caption = ToolRow(height=24, edge="")
        caption.setProperty("ground", "base")
        caption.add(self._what)
        caption.add_right(self._scale)
        self._drawn = ToolRow("As trained", " ", name="view.image.trained", edge="bottom")
        self._drawn.setProperty("edge", "top")
        self._reset = ToolButton("reset", "Back to the epochs from 0 on", name="view.image.reset")
        self._shuffle = Button("Shuffle", name="view.image.shuffle", icon="shuffle", compact=True,
                               tip="Draw anew: show the next epochs")  # fmt: skip
        self._drawn.add_right(self._reset, self._shuffle)
        self._tiles, self._sentence = VersionTiles(trained), Label(ink="muted", size="small", name="view.image.note")
        self._sentence.setWordWrap(True)
        self._sentence.setContentsMargins(12, 8, 12, 12)
        self._scroll = scroll = Snug(self._tiles, name="view.image.scroll", least=LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._head, self._zoom, caption, self._facts, self._drawn, scroll, self._sentence):
            column.addWidget(part)
        back.clicked.connect(lambda: self.stepped.emit(-1))
        on.clicked.connect(lambda: self.stepped.emit(1))
        close.clicked.connect(self.closed)
        self._zoom.zoomed.connect(self._tell_scale)
        self._shuffle.clicked.connect(lambda: self._show_epochs(self._tiles.first + COUNT))
        self._reset.clicked.connect(lambda: self._show_epochs(0))
        self._tiles.chosen.connect(self._show_large)
        trained.came.connect(self._show_large)
        trained.dropped.connect(self._draw_anew)

    def show_picture(self, images: ImageSet, picture: Picture) -> None:
        """Show an image of a set; its versions are those of the same epochs as before."""
        self._images, self._picture = images, picture
        self._head.set_title(picture.label)
        self._facts.show_picture(images, picture)
        self._show_epochs(self._tiles.first)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the width with versions, beside the room of a scroll bar."""
        super().resizeEvent(event)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self._scroll.verticalScrollBar())
        self._tiles.show_room(self.contentsRect().width() - bar)
        self._scroll.updateGeometry()

    def forget(self) -> None:
        """Show nothing and want nothing drawn."""
        self._picture = None
        self._trained.ask("pane", [])

    def _show_epochs(self, first: int) -> None:
        picture = self._picture
        if picture is None:
            return
        drawn = picture.split == TRAIN and self._trained.is_random
        for part in (self._scroll, self._shuffle, self._reset):
            part.setVisible(drawn)
        self._sentence.setVisible(not drawn)
        self._sentence.setText(AS_EVALUATED if picture.split != TRAIN else NO_AUGMENTATION)
        epochs = f"epochs {numbers.count(first)} to {numbers.count(first + COUNT - 1)}"
        self._drawn.set_title("As trained" if picture.split == TRAIN else "As evaluated", epochs if drawn else "")
        self._reset.setEnabled(first > 0)
        self._tiles.show_versions(picture, first)
        self._scroll.updateGeometry()
        count = COUNT if drawn else 1
        wanted = [self._trained.place(picture.split, picture.number, first + step) for step in range(count)]
        self._trained.ask("pane", wanted)
        self._show_large()

    @Slot()
    def _draw_anew(self) -> None:
        """Want the versions again, now that training draws otherwise."""
        self._show_epochs(self._tiles.first)

    @Slot()
    def _show_large(self) -> None:
        """Show the chosen version, or the image as it is stored."""
        picture, epoch = self._picture, self._tiles.epoch
        if picture is None:
            return
        pixels, words = picture.pixels, "as stored"
        if epoch is not None:
            drawn = self._trained.get(self._trained.place(picture.split, picture.number, epoch))
            if drawn is not None:
                pixels, words = drawn, f"as trained in epoch {numbers.count(epoch)}"
        elif picture.split != TRAIN:
            seen = self._trained.get(self._trained.place(picture.split, picture.number, 0))
            if seen is not None and seen.shape != pixels.shape:
                pixels, words = seen, "as evaluated"
        high, wide, _ = pixels.shape
        self._what.setText(f"{words}, {wide}×{high} px")
        self._zoom.show_pixels(pixels, name=f"{picture.label}, {words}")

    @Slot()
    def _tell_scale(self) -> None:
        self._scale.setText(f"{100 * self._zoom.scale:,.0f} %")
