"""The studio's own icons, in the colours of the theme at the moment they are painted, sharp at any pixel ratio.

The drawings are `assets/icons/*.svg`: a 16 px grid, lines of 1.5 px with round ends, no fill, `currentColor`.
"""

from functools import cache, lru_cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from resnet_studio.gui import theme
from resnet_studio.spec.assets import asset


def icon(name: str, colour: str = "text", *, on: str | None = None) -> QIcon:
    """Return an icon that follows the theme by itself.

    Args:
        name: of a drawing in `assets/icons`, without its ending.
        colour: name of a token, that of the text beside it; a disabled icon is drawn in `disabled`.
        on: name of the token while the button or action is checked; the same colour where none is given.

    Raises:
        StudioError: there is no such drawing.
    """
    _drawing(name)
    return QIcon(_Engine(name, colour, on or colour))


@cache
def app_icon() -> QIcon:
    """The icon of the window and the task bar: a residual block, its skip connection in orange."""
    return QIcon(asset("icons/app.svg").as_posix())


def paint(painter: QPainter, name: str, colour: str, rect: QRectF, *, turned: float = 0.0) -> None:
    """Draw an icon into a rectangle.

    Args:
        painter: where to.
        name: of a drawing in `assets/icons`, without its ending.
        colour: name of a token.
        rect: in the painter's coordinates; the icon is as large as it.
        turned: degrees clockwise about the middle, for what is busy.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if turned:
        painter.translate(rect.center())
        painter.rotate(turned)
        painter.translate(-rect.center())
    _renderer(name, theme.colour(colour).name()).render(painter, rect)
    painter.restore()


class _Engine(QIconEngine):
    """Paints one drawing in the colours that the theme has at that moment."""

    def __init__(self, name: str, colour: str, on: str) -> None:
        super().__init__()
        self._name = name
        self._colours = {QIcon.State.Off: colour, QIcon.State.On: on}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        paint(painter, self._name, self._token(mode, state), square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: N802
        colour = theme.colour(self._token(mode, state)).name()
        return _pixmap(self._name, colour, round(size.width() * scale), round(size.height() * scale), scale)

    def isNull(self) -> bool:  # noqa: N802 (Qt's name)
        return False

    def clone(self) -> QIconEngine:
        # Qt takes the copy over without telling Python, which must not collect it
        copy = _Engine(self._name, self._colours[QIcon.State.Off], self._colours[QIcon.State.On])
        _CLONES.append(copy)
        return copy

    def _token(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        return "disabled" if mode == QIcon.Mode.Disabled else self._colours[state]


_CLONES: list[_Engine] = []


def _pixmap(name: str, colour: str, width: int, height: int, scale: float) -> QPixmap:
    """Draw an icon of that many physical pixels, `scale` of them for one of the window's."""
    key, made = f"studio {name} {colour} {width} {height} {scale}", QPixmap()
    if QPixmapCache.find(key, made):
        return made
    made = QPixmap(width, height)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(width, height)
    square = QRectF(0, 0, side, side)
    square.moveCenter(QRectF(QRect(QPoint(), made.size())).center())
    _renderer(name, colour).render(painter, square)
    painter.end()
    made.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, made)
    return made


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(_drawing(name).replace(b"currentColor", colour.encode()))


@cache
def _drawing(name: str) -> bytes:
    return asset(f"icons/{name}.svg").read_bytes()
