"""How the inside of a block is drawn: one line of boxes, the shortcut above it, shapes under brackets."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from resnet_studio.gui.pages.design.diagram.detail import Detail, Part, Remark
from resnet_studio.gui.pages.design.diagram.detail_layout import (
    FAULT_SHAPE,
    FIGURES,
    NODE_RADIUS,
    SHAPE,
    SIDES,
    WORDS,
    Spot,
    chain,
    groups,
    under,
)
from resnet_studio.gui.pages.design.diagram.items import Face, Ink, Sketch, sharp
from resnet_studio.gui.pages.design.diagram.words import shortcut

_PANEL, _FAULTY_PANEL = (Ink(40, edge, "base", 1.25) for edge in ("accent", "error"))
_LINE = Ink(41, "box_edge")
_HEAD = Ink(42, "box_edge", "box_edge", 0.5)
_DASHED = Ink(41, "control", dashes=(3, 2))
_FAULT_LINE = Ink(43, "error", width=1.5)
_FAULT_HEAD = Ink(43, "error", "error", 0.5)
_IDENTITY = Ink(43, "blue", width=1.5)
_IDENTITY_HEAD = Ink(44, "blue", "blue", 0.5)
_PADDED = Ink(43, "blue", width=1.5, dashes=(5, 3))
_RIBBON = Ink(43, "vermillion", "base", 1.25)
_STRIPES = Ink(44, "vermillion", width=1.25)
_RIBBON_HEAD = Ink(44, "vermillion", "vermillion", 0.5)
_BRACKET = Ink(42, "control")
_FILLS = {"conv": "box_fill", "linear": "box_fill", "blocks": "box_fill", "activation": "window"}
_BOXES = {kind: Ink(46, "box_edge", _FILLS.get(kind, "base")) for kind in (*_FILLS, "other")}
_DROPS = Ink(46, "box_edge", "base", dashes=(3, 2))
_NODE = Ink(46, "box_edge", "base", 1.25)
_SIGN = Ink(47, "text", width=1.5)
_FAULT_NODE = Ink(46, "error", "error")
_FAULT_SIGN = Ink(47, "base", width=2)

_TITLE, _NOTE, _FAULT = Face(11, 600), Face(11, 400, "muted"), Face(11, 400, "error")

_HEIGHT, _BEND = 154, 16.0


def draw_remark(sketch: Sketch, remark: Remark, panel: QRectF) -> None:
    """Write a sentence in the middle of the room where the inside would be."""
    sketch.text(remark.words, _FAULT if remark.faulty else _NOTE, panel.center().x(), panel.center().y())


def draw_detail(sketch: Sketch, detail: Detail, panel: QRectF) -> list[Spot]:
    """Draw the inside into its panel and return the boxes that can be pointed at."""
    sketch.box(_FAULTY_PANEL if detail.faulty else _PANEL, sharp(panel), 4)
    sketch.text(detail.title, _TITLE, panel.left() + 12, panel.top() + 14, 0)
    sketch.text(detail.note, _FAULT if detail.faulty else _NOTE, panel.right() - 12, panel.top() + 14, 1)
    return _Drawing(sketch, detail, panel).draw()


class _Drawing:
    """One inside being drawn: the measures that all its steps share."""

    def __init__(self, sketch: Sketch, detail: Detail, panel: QRectF) -> None:
        self.sketch, self.detail, self.panel = sketch, detail, panel
        spare = panel.height() - _HEIGHT
        self.side = round(panel.top() + 50 + 0.3 * spare) + 0.5
        self.line = round(panel.top() + (100 if detail.meeting else 84) + 0.6 * spare) + 0.5
        self.chain = chain(detail, panel, self.line)

    def draw(self) -> list[Spot]:
        """Draw line, boxes, brackets and shortcut."""
        spots = [*self.chain.main, *self.chain.after]
        for spot in spots:
            self._part(spot)
        for group in groups(self.chain.main):
            self._bracket(group)
        self._line()
        if self.detail.meeting:
            sides = self._side_parts()
            self._side_path()
            self._side_label(sides)
            self._node()
            spots += sides
        return spots

    # ---- boxes

    def _part(self, spot: Spot) -> None:
        """Draw a box with its one or two lines."""
        part, rect = spot.part, spot.rect
        self._box(part, rect)
        x, y = rect.center().x(), rect.center().y()
        second = self.chain.style.second(part)
        if second:
            self.sketch.text(part.words, WORDS, x, y - 6.5)
            self.sketch.text(second, FIGURES if second == part.figures else WORDS, x, y + 6.5)
        else:
            self.sketch.text(part.words, WORDS, x, y)

    def _box(self, part: Part, rect: QRectF) -> None:
        ink = _DROPS if part.kind in {"dropout", "drop_path"} else _BOXES.get(part.kind, _BOXES["other"])
        self.sketch.box(ink, rect, 3)

    def _bracket(self, group: Sequence[Spot]) -> None:
        left, right = group[0].rect.left(), group[-1].rect.right()
        y = self.line + 24
        self.sketch.line(_BRACKET, (left, y), (left, y + 5), (right, y + 5), (right, y))
        self.sketch.text(under([spot.part for spot in group]), SHAPE, (left + right) / 2, y + 13)

    # ---- the line

    def _line(self) -> None:
        """Draw the arrows along the line, and what comes in and goes out."""
        detail, y, end = self.detail, self.line, self.panel.right() - SIDES
        x = self.panel.left() + SIDES
        for spot in self.chain.main:
            self._arrow(x, spot.rect.left())
            x = spot.rect.right()
        if self.chain.style.ends:
            self.sketch.text(detail.before, Face(10.5), self.panel.left() + SIDES, y - 11, 0)
        if detail.meeting == "fault":
            self._broken_end(x)
            return
        if detail.meeting:
            self._arrow(x, self.chain.meet - NODE_RADIUS)
            x = self.chain.meet + NODE_RADIUS
        for spot in self.chain.after:
            self._arrow(x, spot.rect.left())
            x = spot.rect.right()
        self._arrow(x, end)
        if self.chain.style.ends:
            self.sketch.text(detail.behind, Face(10.5), end, y - 11, 1)

    def _broken_end(self, x: float) -> None:
        """Draw the main path in error into the meeting, and what can't be known behind it."""
        left = self.chain.meet - NODE_RADIUS
        self.sketch.line(_FAULT_LINE, (x, self.line), (left, self.line))
        self.sketch.arrow(_FAULT_HEAD, left, self.line)
        self.sketch.text(self.detail.contradiction[0], FAULT_SHAPE, left - 10, self.line - 11, 1)
        unknown = self.sketch.text(self.detail.behind, _NOTE, self.panel.right() - SIDES, self.line, 1)
        self.sketch.line(_DASHED, (self.chain.meet + NODE_RADIUS, self.line), (unknown.left() - 12, self.line))

    def _arrow(self, x: float, tip: float) -> None:
        self.sketch.line(_LINE, (x, self.line), (tip - 3, self.line))
        self.sketch.arrow(_HEAD, tip, self.line)

    # ---- the shortcut

    def _side_parts(self) -> list[Spot]:
        """Draw the boxes of the shortcut in its middle, each with one line."""
        room = self.chain.meet - self.chain.fork - 4 * _BEND
        for figures in (True, False):
            lines = [f"{part.words}   {part.figures}".rstrip() if figures else part.words for part in self.detail.side]
            widths = [round(WORDS.width(line) + 2 * 9) for line in lines]
            if sum(widths) + 6 * len(widths) <= room:
                break
        taken = sum(widths) + 6 * (len(widths) - 1)
        # in the middle, or as far to the right as leaves room for the name
        middle = (self.chain.fork + self.chain.meet - taken) / 2
        beside = self.chain.fork + _BEND + WORDS.width(_name(self.detail)) + 14
        x = round(beside if middle < beside <= self.chain.meet - _BEND - taken else middle) + 0.5
        spots = []
        for part, line, width in zip(self.detail.side, lines, widths, strict=True):
            spots.append(Spot(QRectF(x, self.side - 12, width, 24), part))
            self._box(part, spots[-1].rect)
            self.sketch.text(line, WORDS, x + width / 2, self.side)
            x += width + 6
        return spots

    def _side_path(self) -> None:
        """Draw the shortcut from the fork to the meeting as what it is."""
        end = self.line - NODE_RADIUS
        path = QPainterPath()
        path.moveTo(self.chain.fork, self.line)
        path.lineTo(self.chain.fork, self.side + _BEND)
        path.quadTo(self.chain.fork, self.side, self.chain.fork + _BEND, self.side)
        path.lineTo(self.chain.meet - _BEND, self.side)
        path.quadTo(self.chain.meet, self.side, self.chain.meet, self.side + _BEND)
        path.lineTo(self.chain.meet, end - 5)
        if self.detail.faulty:
            self.sketch.add(_FAULT_LINE, path)
            self.sketch.arrow(_FAULT_HEAD, self.chain.meet, end, down=True)
        elif self.detail.shortcut == "projection":
            self.sketch.ribbon(_RIBBON, _STRIPES, path)
            self.sketch.arrow(_RIBBON_HEAD, self.chain.meet, end, down=True, size=1.4)
        else:
            self.sketch.add(_PADDED if self.detail.shortcut == "zero_pad" else _IDENTITY, path)
            self.sketch.arrow(_IDENTITY_HEAD, self.chain.meet, end, down=True)

    def _side_label(self, sides: Sequence[Spot]) -> None:
        """Name the shortcut above its path, or below it where its boxes leave no room."""
        detail = self.detail
        face = _FAULT if detail.faulty else WORDS
        words = _name(detail)
        left, right = self.chain.fork + _BEND, self.chain.meet - _BEND
        if detail.faulty:
            room = self.sketch.text(detail.contradiction[1], FAULT_SHAPE, right, self.side - 11, 1)
            right = room.left() - 12
        if sides:
            right = sides[0].rect.left() - 6
        fits = face.width(words) <= right - left
        x = (left + right) / 2 if fits else (self.chain.fork + self.chain.meet) / 2
        self.sketch.text(words, face, x, self.side - 13 if fits else self.side + 21)

    def _node(self) -> None:
        """Draw how the paths meet: a sum, a concatenation, or a fault."""
        x, y, sketch = self.chain.meet, self.line, self.sketch
        if self.detail.meeting == "fault":
            sketch.ring(_FAULT_NODE, x, y, NODE_RADIUS)
            sketch.cross(_FAULT_SIGN, x, y, 3.5)
            return
        sketch.ring(_NODE, x, y, NODE_RADIUS)
        if self.detail.meeting == "concat":
            sketch.line(_SIGN, (x - 2.5, y - 4.5), (x - 2.5, y + 4.5))
            sketch.line(_SIGN, (x + 2.5, y - 4.5), (x + 2.5, y + 4.5))
            sketch.text("concat", SHAPE, x + NODE_RADIUS + 4, y - 10, 0)
        else:
            sketch.line(_SIGN, (x - 4.5, y), (x + 4.5, y))
            sketch.line(_SIGN, (x, y - 4.5), (x, y + 4.5))


def _name(detail: Detail) -> str:
    return f"shortcut: {shortcut(detail.shortcut)}"
