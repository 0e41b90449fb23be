"""What a diagram is drawn with: shapes gathered by their ink, ribbons, text; in the end one item for each ink.

So a network of two hundred blocks is a few dozen items, made in a millisecond or two.
"""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from resnet_studio.gui import theme

RIBBON = 7.0
"""Width of the ribbon that is a projection."""
_STRIPES = 4.5
_ROUND = 2.0
_TEXT_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Ink:
    """How a path is drawn: tokens of the theme for edge and fill, none for nothing.

    Attributes:
        depth: inks of greater depth are drawn later.
        veil: opacity of the fill.
    """

    depth: int
    edge: str | None = None
    fill: str | None = None
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    veil: float = 1.0


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set: pixel size, weight, token of the theme for its colour."""

    size: float = 11
    weight: int = 400
    ink: str = "text"

    @property
    def font(self) -> QFont:
        """The font of it."""
        return _font(self.size, self.weight)

    def width(self, words: str) -> float:
        """Return the width of one line of words in pixels."""
        return _width(words, self.size, self.weight)


@cache
def _font(size: float, weight: int) -> QFont:
    return theme.font(size, weight)


@lru_cache(4096)
def _width(words: str, size: float, weight: int) -> float:
    return QFontMetricsF(_font(size, weight)).horizontalAdvance(words)


@dataclass
class Sketch:
    """Gathers shapes and texts before they become items."""

    shapes: dict[Ink, list[QPainterPath]] = field(default_factory=dict)
    texts: list[tuple[str, Face, QRectF]] = field(default_factory=list)

    def add(self, ink: Ink, shape: QPainterPath) -> None:
        """Add a shape of any form."""
        self.shapes.setdefault(ink, []).append(shape)

    def box(self, ink: Ink, rect: QRectF, radius: float = _ROUND) -> None:
        """Add a box with round corners."""
        shape = QPainterPath()
        shape.addRoundedRect(rect, radius, radius)
        self.add(ink, shape)

    def line(self, ink: Ink, *points: tuple[float, float], closed: bool = False) -> None:
        """Add a line through some points, or the area within."""
        shape = QPainterPath(QPointF(*points[0]))
        for point in points[1:]:
            shape.lineTo(*point)
        if closed:
            shape.closeSubpath()
        self.add(ink, shape)

    def arrow(self, ink: Ink, x: float, y: float, *, down: bool = False, size: float = 1.0) -> None:
        """Add an arrow head whose tip is at (x, y); it looks to the right, or down."""
        back, side = 6 * size, 3.5 * size
        corners = ((x - side, y - back), (x + side, y - back)) if down else ((x - back, y - side), (x - back, y + side))
        self.line(ink, (x, y), *corners, closed=True)

    def ring(self, ink: Ink, x: float, y: float, radius: float) -> None:
        """Add a circle."""
        shape = QPainterPath()
        shape.addEllipse(QPointF(x, y), radius, radius)
        self.add(ink, shape)

    def cross(self, ink: Ink, x: float, y: float, reach: float) -> None:
        """Add two diagonal lines that cross at (x, y)."""
        self.line(ink, (x - reach, y - reach), (x + reach, y + reach))
        self.line(ink, (x - reach, y + reach), (x + reach, y - reach))

    def arc(self, ink: Ink, start: float, end: float, base: float, rise: float) -> None:
        """Add an arc over a block that leaves and meets the line at right angles, `rise` above it at its top."""
        self.add(ink, _arc(end - start, rise).translated(start, base))

    def ribbon(self, edge: Ink, stripes: Ink, middle: QPainterPath) -> None:
        """Add a hatched ribbon along a path."""
        self.add(edge, _ribbon_edge(middle))
        self.add(stripes, _ribbon_stripes(middle))

    def ribbon_arc(self, edge: Ink, stripes: Ink, start: float, end: float, base: float, rise: float) -> None:
        """Add a ribbon over a block; ribbons of one size are computed once."""
        outline, lines = _ribbon_arc(round(2 * (end - start)), round(2 * rise))
        self.add(edge, outline.translated(start, base))
        self.add(stripes, lines.translated(start, base))

    def text(self, words: str, face: Face, x: float, y: float, align: float = 0.5) -> QRectF:
        """Add one line of words and return its room.

        Args:
            words: what is written.
            face: how.
            x: where its left end (`align` 0), its middle (0.5) or its right end (1) stands.
            y: where its middle stands.
            align: see `x`.
        """
        width, height = face.width(words), face.size + 3
        room = QRectF(x - align * width, y - height / 2, width, height)
        self.texts.append((words, face, room))
        return room

    def place(self, scene: QGraphicsScene) -> None:
        """Turn everything into items of a scene."""
        for ink, shapes in self.shapes.items():
            scene.addItem(Shapes(ink, shapes))
        for words, face, room in self.texts:
            scene.addItem(_text_item(words, face, room))

    def paint(self, painter: QPainter) -> None:
        """Draw everything at once, in a widget that needs no items."""
        for ink in sorted(self.shapes, key=lambda ink: ink.depth):
            _draw(painter, ink, self.shapes[ink])
        for words, face, room in self.texts:
            painter.setPen(theme.colour(face.ink))
            painter.setFont(face.font)
            painter.drawText(room.adjusted(0, -2, 2, 2), Qt.AlignmentFlag.AlignVCenter, words)


def sharp(rect: QRectF) -> QRectF:
    """Return a rectangle whose edges of one pixel lie on pixels."""
    return QRectF(round(rect.x()) + 0.5, round(rect.y()) + 0.5, round(rect.width()) - 1, round(rect.height()) - 1)


class Shapes(QGraphicsItem):
    """All shapes in one ink.

    They are drawn one by one: a path of many arcs takes Qt eight times as long to stroke as the arcs by themselves.
    """

    def __init__(self, ink: Ink, shapes: list[QPainterPath]) -> None:
        super().__init__()
        self.ink, self.shapes = ink, shapes
        self.setZValue(ink.depth)
        room = QRectF()
        for shape in shapes:
            room = room.united(shape.controlPointRect())
        self._room = room.adjusted(-ink.width, -ink.width, ink.width, ink.width)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Return the room of all shapes."""
        return self._room

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002 - Qt's arguments
        """Draw them."""
        _draw(painter, self.ink, self.shapes)


def _draw(painter: QPainter, ink: Ink, shapes: list[QPainterPath]) -> None:
    painter.setPen(_pen(ink))
    painter.setBrush(_brush(ink))
    for shape in shapes:
        painter.drawPath(shape)


def _pen(ink: Ink) -> QPen:
    if ink.edge is None:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(theme.colour(ink.edge), ink.width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if ink.dashes:
        pen.setDashPattern([dash / ink.width for dash in ink.dashes])
    return pen


def _brush(ink: Ink) -> QBrush:
    if ink.fill is None:
        return QBrush(Qt.BrushStyle.NoBrush)
    colour = theme.colour(ink.fill)
    colour.setAlphaF(ink.veil)
    return QBrush(colour)


def _text_item(words: str, face: Face, room: QRectF) -> QGraphicsSimpleTextItem:
    item = QGraphicsSimpleTextItem(words)
    item.setFont(face.font)
    item.setBrush(theme.colour(face.ink))
    item.setZValue(_TEXT_DEPTH)
    item.setPos(round(room.left()), round(room.center().y() - item.boundingRect().height() / 2))
    return item


@lru_cache(256)
def _arc(span: float, rise: float) -> QPainterPath:
    shape = QPainterPath()
    shape.cubicTo(0, -rise / 0.75, span, -rise / 0.75, span, 0)
    return shape


@lru_cache(256)
def _ribbon_arc(double_span: int, double_rise: int) -> tuple[QPainterPath, QPainterPath]:
    middle = _arc(double_span / 2, double_rise / 2)
    return _ribbon_edge(middle), _ribbon_stripes(middle)


def _ribbon_edge(middle: QPainterPath) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(RIBBON)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    return stroker.createStroke(middle).simplified()


def _ribbon_stripes(middle: QPainterPath) -> QPainterPath:
    """Return stripes across a ribbon, each at 45 degrees to it, so that they follow its bends.

    They are lines and no pattern brush: a brush is a bitmap, which blurs in zooming and is lost in SVG.
    """
    points = [(point.x(), point.y()) for polygon in middle.toSubpathPolygons() for point in polygon.toList()]
    stripes, half = QPainterPath(), RIBBON / 2
    rail = _Rail(points)
    at = 0.0
    while at + RIBBON <= rail.length:
        x, y, dx, dy = rail.at(at)
        stripes.moveTo(x - half * dy, y + half * dx)
        x, y, dx, dy = rail.at(at + RIBBON)
        stripes.lineTo(x + half * dy, y - half * dx)
        at += _STRIPES
    return stripes


class _Rail:
    """A polyline on which places are found by their distance from its start."""

    def __init__(self, points: list[tuple[float, float]]) -> None:
        self._legs = []
        start = 0.0
        for (x, y), (next_x, next_y) in pairwise(points):
            length = hypot(next_x - x, next_y - y)
            if length > 0:
                self._legs.append((start, x, y, (next_x - x) / length, (next_y - y) / length))
                start += length
        self.length = start

    def at(self, distance: float) -> tuple[float, float, float, float]:
        """Return place and direction after a distance: x, y, dx, dy."""
        start, x, y, dx, dy = next(leg for leg in reversed(self._legs) if leg[0] <= distance)
        return x + (distance - start) * dx, y + (distance - start) * dy, dx, dy
