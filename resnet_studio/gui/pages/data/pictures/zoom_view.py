"""One image as large as there is room for, down to its single pixels."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.data.images import Images
from resnet_studio.gui import theme
from resnet_studio.gui.pages.data.pictures.thumbnails import pixmap

LARGEST = 64.0
"""Pixels of the widget to one of the image at most."""
NOTCH, STEP = 120, 1.25
"""What a notch of the wheel is in Qt, and how much larger it makes the image."""
SQUARES_FROM = 2.0
"""Scale from which on pixels are squares: below, squares of one pixel and of two would stand side by side."""
_SIDE = 8


class ZoomView(QWidget):
    """The wheel and + and - zoom, a drag moves, 0 and a double click fit the image in again."""

    zoomed = Signal()
    """The image has another scale: see `scale`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.zoom")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(112)
        self.setToolTip("The wheel zooms to the single pixels, a drag moves, a double click fits the image in again")
        self._pixmap = QPixmap()
        self._scale: float | None = None  # None: whatever fits
        self._middle = QPointF()
        self._dragged: QPointF | None = None

    @property
    def scale(self) -> float:
        """Pixels of the widget to one of the image."""
        return self._fitting() if self._scale is None else self._scale

    def show_pixels(self, pixels: Images, *, name: str) -> None:
        """Show an image; one of the same size at the same place and scale as that before.

        Args:
            pixels: grey or RGB values, (H, W, C).
            name: of the image, for a screen reader.
        """
        high, wide, _ = pixels.shape
        same = self._pixmap.size() == QSize(wide, high)
        self._pixmap = pixmap(pixels, QSize(wide, high))
        self.setAccessibleName(name)
        if same:
            self.update()
        else:
            self.fit()

    def fit(self) -> None:
        """Show all of the image, as large as it fits."""
        self._scale = None
        self._middle = QPointF(self._pixmap.width() / 2, self._pixmap.height() / 2)
        self._changed()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Make the image larger or smaller.

        Args:
            factor: how much.
            at: the point of the widget that stays where it is; None: its middle.
        """
        if self._pixmap.isNull():
            return
        here = QPointF(self.rect().center()) if at is None else at
        under = self._image_point(here)
        fitting = self._fitting()
        scale = max(min(fitting, 1.0), min(self.scale * factor, max(LARGEST, fitting)))
        self._scale = scale
        self._middle = under - (here - QPointF(self.rect().center())) / scale
        self._changed()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room in which photographs of the usual size stand twice as large as stored."""
        return QSize(200, 200 + 2 * _SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep within the image."""
        super().resizeEvent(event)
        self._changed()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom about the pointer."""
        self.zoom(STEP ** (event.angleDelta().y() / NOTCH), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom; the other keys are those of the images around."""
        if event.key() in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(1 / STEP)
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the image."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the image."""
        if self._dragged is not None:
            self._middle -= (event.position() - self._dragged) / self.scale
            self._dragged = event.position()
            self._changed()

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of the image."""
        self._dragged = None

    def mouseDoubleClickEvent(self, _: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the image in."""
        self.fit()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the part in sight, large pixels as squares."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("base"))
        if not self._pixmap.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < SQUARES_FROM)
            painter.drawPixmap(self._target(), self._pixmap, QRectF(self._pixmap.rect()))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _target(self) -> QRectF:
        """Return where the whole image lies, on whole pixels of the widget."""
        scale, middle = self.scale, QPointF(self.width() / 2, self.height() / 2)
        corner = middle - self._middle * scale
        size = QSize(self._pixmap.width(), self._pixmap.height()) * scale
        return QRectF(round(corner.x()), round(corner.y()), size.width(), size.height())

    def _image_point(self, point: QPointF) -> QPointF:
        return self._middle + (point - QPointF(self.rect().center())) / self.scale

    def _fitting(self) -> float:
        """Return the largest scale at which all is seen, whole where pixels are squares: all of one size."""
        if self._pixmap.isNull():
            return 1.0
        wide, high = self.width() - 2 * _SIDE, self.height() - 2 * _SIDE
        scale = min(wide / self._pixmap.width(), high / self._pixmap.height())
        return float(int(scale)) if scale >= SQUARES_FROM else max(scale, 0.01)

    def _changed(self) -> None:
        """Keep the middle of the widget within what can be moved there."""
        if not self._pixmap.isNull():
            spans = (self._pixmap.width(), self.width()), (self._pixmap.height(), self.height())
            kept = []
            for (image, room), middle in zip(spans, (self._middle.x(), self._middle.y()), strict=True):
                half = room / 2 / self.scale
                kept.append(image / 2 if 2 * half >= image else max(half, min(middle, image - half)))
            self._middle = QPointF(*kept)
        self.update()
        self.zoomed.emit()
