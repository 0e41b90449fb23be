"""The versions of one image side by side: what training draws for it in some epochs."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.gui import numbers, theme
from resnet_studio.gui.pages.data.pictures.gallery import Picture
from resnet_studio.gui.pages.data.pictures.image_cell import FADED
from resnet_studio.gui.pages.data.pictures.thumbnails import Thumbnails
from resnet_studio.gui.pages.data.pictures.tiling import is_tiny
from resnet_studio.gui.pages.data.pictures.trained import Trained

COUNT, COLUMNS = 12, 4
_GAP, _SIDE, _TOP, _WORDS = 6, 12, 8, 16


class VersionTiles(QWidget):
    """Twelve tiles; a click or the arrow keys choose one, the same again lets go of it."""

    chosen = Signal()
    """Another version is chosen, or none: see `epoch`."""

    def __init__(self, trained: Trained, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("view.versions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._trained, self._thumbnails = trained, Thumbnails()
        self._picture: Picture | None = None
        self._first, self._chosen, self._room = 0, -1, 300
        trained.came.connect(self.update)
        trained.dropped.connect(self.forget)

    @property
    def first(self) -> int:
        """The epoch of the first tile."""
        return self._first

    @property
    def epoch(self) -> int | None:
        """The epoch of the chosen version."""
        return self._first + self._chosen if self._chosen >= 0 else None

    def show_versions(self, picture: Picture, first: int) -> None:
        """Show an image in the epochs from `first` on; none is chosen, unless it was shown in the same ones before."""
        before = self._picture
        same = before is not None and (picture.split, picture.number) == (before.split, before.number)
        if not same:
            self._thumbnails.clear()
        if not same or first != self._first:
            self._chosen = -1
        self._picture, self._first = picture, first
        self._tell()
        self._fit()

    def show_room(self, width: int) -> None:
        """Fill so many pixels across, whatever the widget's own width: a scroll bar that comes must change nothing."""
        self._room = width
        self._fit()

    def forget(self) -> None:
        """Drop what was drawn: training would draw otherwise now."""
        self._thumbnails.clear()
        self.update()

    def choose(self, tile: int) -> None:
        """Choose a tile, or none with -1."""
        if tile != self._chosen:
            self._chosen = tile
            self._tell()
            self.update()
            self.chosen.emit()

    def tile_rect(self, tile: int) -> QRect:
        """Return where a version is painted."""
        size = self._tile()
        line, column = divmod(tile, COLUMNS)
        pitch = (self._room - 2 * _SIDE + _GAP) / COLUMNS
        left, top = round(_SIDE + column * pitch), _TOP + line * (size.height() + _WORDS)
        return QRect(left, top, size.width(), size.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the version under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            point = event.position().toPoint()
            under = next((tile for tile in range(COUNT) if self.tile_rect(tile).contains(point)), -1)
            self.choose(-1 if under == self._chosen else under)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from version to version."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        wanted = self._chosen + step if self._chosen >= 0 else 0
        if 0 <= wanted < COUNT:
            self.choose(wanted)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that the arrow keys are for the versions."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the versions that are there; the image as it is stored, faded, in the place of the others."""
        picture = self._picture
        if picture is None:
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        font, bold = theme.font(11), theme.font(11, 500)
        for tile in range(COUNT):
            rect, chosen = self.tile_rect(tile), tile == self._chosen
            place = self._trained.place(picture.split, picture.number, self._first + tile)
            shown = self._thumbnails.get(place, self._trained.get(place), rect.size(), ratio)
            painter.setOpacity(FADED if shown is None else 1.0)
            shown = shown or self._thumbnails.get("stored", picture.pixels, rect.size(), ratio)
            assert shown is not None  # noqa: S101 - there are pixels
            painter.drawPixmap(rect.topLeft(), shown)
            painter.setOpacity(1.0)
            if chosen:
                painter.setPen(QPen(theme.colour("accent"), 2))
                painter.drawRect(rect.adjusted(-1, -1, 1, 1))
            painter.setFont(bold if chosen else font)
            painter.setPen(theme.colour("text" if chosen else "muted"))
            words = QRect(rect.left(), rect.bottom() + 1, rect.width(), _WORDS)
            text = f"epoch {numbers.count(self._first + tile)}"
            text = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideLeft, rect.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _fit(self) -> None:
        rows = -(-COUNT // COLUMNS)
        self.setFixedHeight(_TOP + rows * (self._tile().height() + _WORDS) + _GAP)
        self.update()

    def _tile(self) -> QSize:
        side = (self._room - 2 * _SIDE + _GAP) // COLUMNS - _GAP
        if self._picture is None:
            return QSize(side, side)
        high, wide, _ = self._picture.pixels.shape
        scale = side / max(high, wide)
        if is_tiny((high, wide)):
            scale = max(1.0, float(int(scale)))
        return QSize(max(1, round(wide * scale)), max(1, round(high * scale)))

    def _tell(self) -> None:
        chosen = "none chosen" if self.epoch is None else f"epoch {self.epoch} chosen"
        last = self._first + COUNT - 1
        self.setAccessibleName(f"the image as training draws it in epochs {self._first} to {last}, {chosen}")
