"""How the inside of a block is drawn: one line of boxes, the shortcut above it, shapes under brackets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.block_detail import Detail, Part, Remark
from resnet_studio.gui.pages.design.diagram_items import Face, Ink, Sketch
from resnet_studio.gui.pages.design.diagram_words import shortcut

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

_TITLE, _NOTE, _WORDS, _FIGURES = Face(11, 600), Face(11, 400, "muted"), Face(11), Face(10.5)
_SHAPE, _FAULT, _FAULT_SHAPE = Face(10.5, 400, "muted"), Face(11, 400, "error"), Face(11, 600, "error")

_SIDES, _NODE_RADIUS, _BEND = 14.0, 9.0, 16.0
_FORK = 22.0
_GAP_LEAST, _GAP_MOST = 8, 24


@dataclass(frozen=True, slots=True)
class Spot:
    """A box of the inside that can be pointed at."""

    rect: QRectF
    part: Part


@dataclass(frozen=True, slots=True)
class _Style:
    """How much room the parts take: from roomy to the least that can be read."""

    pad: float
    figures: bool = True
    ends: bool = True

    def width(self, part: Part) -> float:
        figures = _FIGURES.width(part.figures) if self.shows_figures(part) else 0
        return round(max(_WORDS.width(part.words), figures, 18) + 2 * self.pad)

    def shows_figures(self, part: Part) -> bool:
        """Whether the second line is shown; where it ends the words of a layer without parameters, always."""
        return bool(part.figures) and (self.figures or not part.figures[0].isdigit() or part.kind == "pool")


_STYLES = (_Style(10), _Style(6), _Style(5, figures=False), _Style(4, figures=False, ends=False))


def draw_remark(sketch: Sketch, remark: Remark, panel: QRectF) -> None:
    """Write a sentence in the middle of the room where the inside would be."""
    sketch.text(remark.words, _FAULT if remark.faulty else _NOTE, panel.center().x(), panel.center().y())


def least_width(detail: Detail) -> float:
    """Return how wide a panel must be for all of an inside."""
    return _Drawing(Sketch(), detail, QRectF()).least_width()


def draw_detail(sketch: Sketch, detail: Detail, panel: QRectF) -> list[Spot]:
    """Draw the inside into its panel and return the boxes that can be pointed at."""
    sketch.box(_FAULTY_PANEL if detail.faulty else _PANEL, _sharp(panel), 4)
    sketch.text(detail.title, _TITLE, panel.left() + 12, panel.top() + 14, 0)
    sketch.text(detail.note, _FAULT if detail.faulty else _NOTE, panel.right() - 12, panel.top() + 14, 1)
    return _Drawing(sketch, detail, panel).draw()


def _sharp(rect: QRectF) -> QRectF:
    """Return a rectangle whose edges lie on pixel centres."""
    return QRectF(round(rect.x()) + 0.5, round(rect.y()) + 0.5, round(rect.width()) - 1, round(rect.height()) - 1)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Where the parts of the line stand: left and right end of each, of fork and meeting."""

    main: tuple[Spot, ...]
    after: tuple[Spot, ...]
    fork: float
    meet: float
    end: float


class _Drawing:
    """One inside being drawn: the measures that all its steps share."""

    def __init__(self, sketch: Sketch, detail: Detail, panel: QRectF) -> None:
        self.sketch, self.detail, self.panel = sketch, detail, panel
        self.style = _STYLES[-1]
        spare = panel.height() - 154
        self.side = round(panel.top() + 50 + 0.3 * spare) + 0.5
        self.line = round(panel.top() + (100 if detail.meeting else 84) + 0.6 * spare) + 0.5

    def draw(self) -> list[Spot]:
        """Draw line, boxes, brackets and shortcut."""
        chain = self._chain()
        for spot in (*chain.main, *chain.after):
            self._part(spot)
        for group in _groups(chain.main):
            self._bracket(group)
        self._line(chain)
        sides: list[Spot] = []
        if self.detail.meeting:
            sides = self._side_parts(chain)
            self._side_path(chain)
            self._side_label(chain, sides)
            self._node(chain)
        return [*chain.main, *chain.after, *sides]

    # ---- places

    def least_width(self) -> float:
        """Return the width of a panel that has room for the whole line at its tightest."""
        return self._linked(0, _GAP_LEAST).end + sum(self._ends()) + 2 * _SIDES

    def _chain(self) -> _Chain:
        """Return the roomiest line that fits, in the middle of the panel."""
        left, right = self.panel.left() + _SIDES, self.panel.right() - _SIDES
        widest = _GAP_MOST + max(0, round(self.panel.width() - 880) // 30)
        for self.style in _STYLES:
            before, behind = self._ends()
            begin, room = left + before, right - left - before - behind
            for gap in range(widest, _GAP_LEAST - 1, -1):
                chain = self._linked(begin, gap)
                if chain.end - begin <= room:
                    return self._linked(begin + round((room - (chain.end - begin)) / 2), gap)
        return self._linked(left, _GAP_LEAST)

    def _ends(self) -> tuple[float, float]:
        """Return the room of the words at both ends of the line; that all is unknown behind a fault is always said."""
        before, behind = (_SHAPE.width(words) + 14 for words in (self.detail.before, self.detail.behind))
        return before if self.style.ends else 0.0, behind if self.style.ends or self.detail.faulty else 0.0

    def _linked(self, x: float, gap: float) -> _Chain:
        """Return the line that begins at `x` with so much between its parts."""
        detail, fork = self.detail, x
        spots: list[Spot] = []
        for group in _split(detail.main):
            taken = sum(self.style.width(part) for part in group) + gap * (len(group) - 1)
            slack = max(0.0, _SHAPE.width(_under(group)) + 14 - gap - taken) / 2
            x += slack
            for part in group:
                if len(spots) == detail.fork and detail.meeting:
                    fork, x = x + 6, x + _FORK
                spots.append(self._spot(part, x))
                x += self.style.width(part) + gap
            x += slack
        meet = x
        if detail.meeting:
            words = {"fault": detail.contradiction[0], "concat": "concat", "add": ""}
            meet += max(0.0, _FAULT_SHAPE.width(words["fault"]) + 20 - gap) if detail.meeting == "fault" else 0
            meet += _NODE_RADIUS
            x = meet + _NODE_RADIUS + max(gap, _SHAPE.width("concat") + 12 if detail.meeting == "concat" else 0)
        after = []
        for part in detail.after:
            after.append(self._spot(part, x))
            x += self.style.width(part) + gap
        return _Chain(tuple(spots), tuple(after), fork, meet, x)

    def _spot(self, part: Part, x: float) -> Spot:
        return Spot(QRectF(round(x) + 0.5, self.line - 17, self.style.width(part), 34), part)

    # ---- boxes

    def _part(self, spot: Spot) -> None:
        """Draw a box with its one or two lines."""
        part, rect = spot.part, spot.rect
        self._box(part, rect)
        x, y = rect.center().x(), rect.center().y()
        if self.style.shows_figures(part):
            self.sketch.text(part.words, _WORDS, x, y - 6.5)
            self.sketch.text(part.figures, _FIGURES if part.figures[0].isdigit() else _WORDS, x, y + 6.5)
        else:
            self.sketch.text(part.words, _WORDS, x, y)

    def _box(self, part: Part, rect: QRectF) -> None:
        ink = _DROPS if part.kind in {"dropout", "drop_path"} else _BOXES.get(part.kind, _BOXES["other"])
        self.sketch.box(ink, rect, 3)

    def _bracket(self, group: Sequence[Spot]) -> None:
        left, right = group[0].rect.left(), group[-1].rect.right()
        y = self.line + 24
        self.sketch.line(_BRACKET, (left, y), (left, y + 5), (right, y + 5), (right, y))
        self.sketch.text(_under([spot.part for spot in group]), _SHAPE, (left + right) / 2, y + 13)

    # ---- the line

    def _line(self, chain: _Chain) -> None:
        """Draw the arrows along the line, and what comes in and goes out."""
        detail, y, end = self.detail, self.line, self.panel.right() - _SIDES
        x = self.panel.left() + _SIDES
        for spot in chain.main:
            self._arrow(x, spot.rect.left())
            x = spot.rect.right()
        if self.style.ends:
            self.sketch.text(detail.before, Face(10.5), self.panel.left() + _SIDES, y - 11, 0)
        if detail.meeting == "fault":
            self._broken_end(chain, x)
            return
        if detail.meeting:
            self._arrow(x, chain.meet - _NODE_RADIUS)
            x = chain.meet + _NODE_RADIUS
        for spot in chain.after:
            self._arrow(x, spot.rect.left())
            x = spot.rect.right()
        self._arrow(x, end)
        if self.style.ends:
            self.sketch.text(detail.behind, Face(10.5), end, y - 11, 1)

    def _broken_end(self, chain: _Chain, x: float) -> None:
        """Draw the main path in error into the meeting, and what can't be known behind it."""
        left = chain.meet - _NODE_RADIUS
        self.sketch.line(_FAULT_LINE, (x, self.line), (left, self.line))
        self.sketch.arrow(_FAULT_HEAD, left, self.line)
        self.sketch.text(self.detail.contradiction[0], _FAULT_SHAPE, left - 10, self.line - 11, 1)
        unknown = self.sketch.text(self.detail.behind, _NOTE, self.panel.right() - _SIDES, self.line, 1)
        self.sketch.line(_DASHED, (chain.meet + _NODE_RADIUS, self.line), (unknown.left() - 12, self.line))

    def _arrow(self, x: float, tip: float) -> None:
        self.sketch.line(_LINE, (x, self.line), (tip - 3, self.line))
        self.sketch.arrow(_HEAD, tip, self.line)

    # ---- the shortcut

    def _side_parts(self, chain: _Chain) -> list[Spot]:
        """Draw the boxes of the shortcut in its middle, each with one line."""
        room = chain.meet - chain.fork - 4 * _BEND
        for figures in (True, False):
            lines = [f"{part.words}   {part.figures}".rstrip() if figures else part.words for part in self.detail.side]
            widths = [round(_WORDS.width(line) + 2 * 9) for line in lines]
            if sum(widths) + 6 * len(widths) <= room:
                break
        taken = sum(widths) + 6 * (len(widths) - 1)
        # in the middle, or as far to the right as leaves room for the name
        middle = (chain.fork + chain.meet - taken) / 2
        beside = chain.fork + _BEND + _WORDS.width(_name(self.detail)) + 14
        x = round(beside if middle < beside <= chain.meet - _BEND - taken else middle) + 0.5
        spots = []
        for part, line, width in zip(self.detail.side, lines, widths, strict=True):
            spots.append(Spot(QRectF(x, self.side - 12, width, 24), part))
            self._box(part, spots[-1].rect)
            self.sketch.text(line, _WORDS, x + width / 2, self.side)
            x += width + 6
        return spots

    def _side_path(self, chain: _Chain) -> None:
        """Draw the shortcut from the fork to the meeting as what it is."""
        end = self.line - _NODE_RADIUS
        path = QPainterPath()
        path.moveTo(chain.fork, self.line)
        path.lineTo(chain.fork, self.side + _BEND)
        path.quadTo(chain.fork, self.side, chain.fork + _BEND, self.side)
        path.lineTo(chain.meet - _BEND, self.side)
        path.quadTo(chain.meet, self.side, chain.meet, self.side + _BEND)
        path.lineTo(chain.meet, end - 5)
        if self.detail.faulty:
            self.sketch.add(_FAULT_LINE, path)
            self.sketch.arrow(_FAULT_HEAD, chain.meet, end, down=True)
        elif self.detail.shortcut == "projection":
            self.sketch.ribbon(_RIBBON, _STRIPES, path)
            self.sketch.arrow(_RIBBON_HEAD, chain.meet, end, down=True, size=1.4)
        else:
            self.sketch.add(_PADDED if self.detail.shortcut == "zero_pad" else _IDENTITY, path)
            self.sketch.arrow(_IDENTITY_HEAD, chain.meet, end, down=True)

    def _side_label(self, chain: _Chain, sides: Sequence[Spot]) -> None:
        """Name the shortcut above its path, or below it where its boxes leave no room."""
        detail = self.detail
        face = _FAULT if detail.faulty else _WORDS
        words = _name(detail)
        left, right = chain.fork + _BEND, chain.meet - _BEND
        if detail.faulty:
            room = self.sketch.text(detail.contradiction[1], _FAULT_SHAPE, right, self.side - 11, 1)
            right = room.left() - 12
        if sides:
            right = sides[0].rect.left() - 6
        fits = face.width(words) <= right - left
        x = (left + right) / 2 if fits else (chain.fork + chain.meet) / 2
        self.sketch.text(words, face, x, self.side - 13 if fits else self.side + 21)

    def _node(self, chain: _Chain) -> None:
        """Draw how the paths meet: a sum, a concatenation, or a fault."""
        x, y, sketch = chain.meet, self.line, self.sketch
        if self.detail.meeting == "fault":
            sketch.ring(_FAULT_NODE, x, y, _NODE_RADIUS)
            sketch.cross(_FAULT_SIGN, x, y, 3.5)
            return
        sketch.ring(_NODE, x, y, _NODE_RADIUS)
        if self.detail.meeting == "concat":
            sketch.line(_SIGN, (x - 2.5, y - 4.5), (x - 2.5, y + 4.5))
            sketch.line(_SIGN, (x + 2.5, y - 4.5), (x + 2.5, y + 4.5))
            sketch.text("concat", _SHAPE, x + _NODE_RADIUS + 4, y - 10, 0)
        else:
            sketch.line(_SIGN, (x - 4.5, y), (x + 4.5, y))
            sketch.line(_SIGN, (x, y - 4.5), (x, y + 4.5))


def _name(detail: Detail) -> str:
    return f"shortcut: {shortcut(detail.shortcut)}"


def _starts_group(part: Part) -> bool:
    """Whether a bracket begins with this part: where shapes may change."""
    return part.kind in {"conv", "pool", "flatten", "linear", "blocks"}


def _split(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the parts in groups that stand under one bracket each."""
    groups: list[list[Part]] = []
    for part in parts:
        if not groups or _starts_group(part):
            groups.append([])
        groups[-1].append(part)
    return groups


def _groups(spots: Sequence[Spot]) -> Iterator[Sequence[Spot]]:
    """Yield the boxes that stand under one bracket each."""
    first = 0
    for group in _split([spot.part for spot in spots]):
        yield spots[first : first + len(group)]
        first += len(group)


def _under(group: Sequence[Part]) -> str:
    """Return the words under a bracket."""
    return ", ".join(words for words in (numbers.shape(group[0].shape), group[0].note) if words)
