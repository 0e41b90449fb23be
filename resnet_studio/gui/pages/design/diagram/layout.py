"""Where the boxes, arcs and labels of a network stand, in pixels at zoom 1: arithmetic on an analysis, no items.

A network is a row of columns (input, stem, stages, head) on one centre line. A column is as wide as its boxes or its
label, whichever is wider, so labels never meet. Where the row is short of room it first closes its gaps, then folds
the middle blocks of long stages, then omits the shapes of labels and at last the numbers of blocks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF

from resnet_studio.analysis.blocks import ShortcutKind
from resnet_studio.analysis.network import Analysis
from resnet_studio.gui.pages.design.diagram.parts import MOST_BLOCKS, Measure, Part, State, columns

MARGIN = 16
_GAP_LEAST, _GAP_MOST = 8.0, 40.0
_FEWEST_BLOCKS = 3
_TOP, _LABELS, _FRAME_FOOT, _FOOT = 6.0, 36.0, 9.0, 8.0
_ARC_RISE = 13.0
_OUTFLOW = 20.0
_AIR_MOST = 36.0
_STRETCH_FROM, _STRETCH_MOST = 430.0, 1.5
_WEDGE_LEAST, _WEDGE_MOST = 16.0, 64.0
_PANEL_LEAST, _PANEL_MOST = 154.0, 190.0


@dataclass(frozen=True, slots=True)
class Box:
    """One box on the centre line: a block, `count` folded ones from `block` on, or a layer of stem or head."""

    rect: QRectF
    area: QRectF
    stage: int | None
    block: int | None
    count: int
    state: State
    solid: bool


@dataclass(frozen=True, slots=True)
class Skip:
    """One arc over a block (over all folded ones) from where the path forks to where the two paths meet."""

    start: float
    end: float
    rise: float
    kind: ShortcutKind
    state: State
    stage: int
    block: int


@dataclass(frozen=True, slots=True)
class Column:
    """Input (`stage` None), stem, a stage or head: the part of the row it owns, and its two lines of text."""

    rect: QRectF
    stage: int | None
    name: str
    shape: str
    state: State


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole row and the room below it.

    Attributes:
        centre: height of the centre line.
        start: where the centre line begins.
        cut: from where on nothing is known; the end of the line where all is known.
        end: where the centre line ends.
        panel: the room for the inside of what is selected; no wider than the view where stages are unfolded.
    """

    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    skips: tuple[Skip, ...]
    centre: float
    start: float
    cut: float
    end: float
    panel: QRectF
    width: float
    height: float

    def box_of(self, stage: int, block: int | None) -> Box | None:
        """Return the box of a block, or the first one of stem or head."""
        return next((box for box in self.boxes if box.stage == stage and box.block == block), None)

    def column_of(self, stage: int | None) -> Column | None:
        """Return the column of a stage."""
        return next((column for column in self.columns if column.stage == stage), None)

    def box_at(self, point: QPointF) -> Box | None:
        """Return the box to which a point belongs: the box with its arc, and half of the gaps beside it."""
        return next((box for box in self.boxes if box.area.contains(point)), None)

    def column_at(self, point: QPointF) -> Column | None:
        """Return the column to which a point belongs."""
        return next((column for column in self.columns if column.rect.contains(point)), None)


def lay_out(
    analysis: Analysis,
    width: float,
    height: float,
    measure: Measure,
    unfolded: Mapping[int, int],
    focus: tuple[int | None, int | None],
) -> Layout:
    """Lay a network out for a view of so many pixels; the layout is larger where the network needs more.

    Args:
        analysis: what is drawn.
        width: of the view.
        height: of the view.
        measure: the width of a label's words.
        unfolded: blocks that are drawn one by one in the stages that the user has unfolded.
        focus: stage and block that have to be seen even where its neighbours are folded.
    """
    outflow = _OUTFLOW if analysis.spec.num_classes is None else 0.0
    fit = _fitted(analysis, width - 2 * MARGIN - outflow, measure, unfolded, focus)
    needed = fit.width(measure) + outflow
    total = max(width, needed + 2 * MARGIN)
    rows = _rows(fit.parts, height)
    placed, boxes, skips = [], [], []
    x = (total - needed) / 2
    for part in fit.parts:
        wide = part.width(fit.gap, measure, shapes=fit.shapes)
        placed.append(_column(part, QRectF(x, rows.top, wide, rows.frame_end - rows.top), measure))
        # the input stands at the left of its label, so that the row begins with a box
        left = x if part.stage is None else x + (wide - part.content(fit.gap)) / 2
        for box, skip in _place_boxes(part, left, fit.gap, rows):
            boxes.append(box)
            skips += [skip] if skip else []
        x += wide + _between(fit.gap)
    cut, end = _ends(boxes, skips)
    panel = QRectF(MARGIN, rows.panel, (width if unfolded else total) - 2 * MARGIN, rows.panel_height)
    start = boxes[0].rect.right()
    return Layout(tuple(placed), tuple(boxes), tuple(skips), rows.centre, start, cut, end, panel, total, rows.height)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where things stand vertically."""

    top: float
    centre: float
    stretch: float
    frame_end: float
    panel: float
    panel_height: float
    height: float


@dataclass(frozen=True, slots=True)
class _Fit:
    """The columns, the gap between their boxes, and how much of a label they must have room for."""

    parts: list[Part]
    gap: float
    shapes: int

    def width(self, measure: Measure) -> float:
        """Return the width of the row."""
        widths = [part.width(self.gap, measure, shapes=self.shapes) for part in self.parts]
        return sum(widths) + _between(self.gap) * (len(widths) - 1)


def _between(gap: float) -> float:
    """Return the gap between two columns."""
    return 8 + gap / 4


def _fitted(
    analysis: Analysis,
    room: float,
    measure: Measure,
    unfolded: Mapping[int, int],
    focus: tuple[int | None, int | None],
) -> _Fit:
    """Return the columns with the widest gaps that fit; what the user has unfolded then goes beyond the room."""

    def fits(most: int, gap: float, shapes: int) -> bool:
        return _Fit(columns(analysis, most, {}, focus), gap, shapes).width(measure) <= room

    longest = min(MOST_BLOCKS, max(analysis.spec.block_sizes))
    fewest = min(longest, _FEWEST_BLOCKS)
    shapes = next((each for each in (2, 1) if fits(fewest, _GAP_LEAST, each)), 0)
    most = _largest(fewest, longest, lambda blocks: fits(blocks, _GAP_LEAST, shapes))
    parts = columns(analysis, most, {}, focus)
    widest = max(_GAP_MOST, _GAP_MOST * room / 900)
    quarters = _largest(
        int(4 * _GAP_LEAST), int(4 * widest), lambda gap: _Fit(parts, gap / 4, shapes).width(measure) <= room
    )
    return _Fit(columns(analysis, most, unfolded, focus) if unfolded else parts, quarters / 4, shapes)


def _largest(low: int, high: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number from low to high that fits, by bisection; low where none does."""
    if fits(high):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _rows(parts: Sequence[Part], height: float) -> _Rows:
    """Share the height of the view: the labels and the arcs, the boxes, the wedge, the panel; tall views stretch."""
    half = max(piece.height for part in parts for piece in part.pieces) / 2
    arcs = [piece.height / 2 for part in parts for piece in part.pieces if piece.skip != "none"]

    def above(stretch: float) -> float:
        return max(stretch * half + 4, stretch * max(arcs) + _ARC_RISE + 4 if arcs else 0)

    fixed = _TOP + _LABELS + _FRAME_FOOT + _WEDGE_LEAST + _PANEL_LEAST + _FOOT
    # the same for all networks as far as there is room, so that their heights can be compared
    stretch = min(height / _STRETCH_FROM, (height - fixed) / (above(1) + half), _STRETCH_MOST)
    stretch = max(1.0, stretch)
    least = fixed + above(stretch) + stretch * half
    spare = max(0.0, height - least)
    air = min(_AIR_MOST, 0.4 * spare)
    wedge = min(_WEDGE_MOST - _WEDGE_LEAST, 0.4 * spare)
    panel = min(_PANEL_MOST - _PANEL_LEAST, 0.2 * spare)
    top = _TOP + (spare - air - wedge - panel) / 2
    centre = round(top + _LABELS + above(stretch) + air)
    frame_end = round(centre + stretch * half + _FRAME_FOOT)
    panel_top = round(frame_end + _WEDGE_LEAST + wedge)
    return _Rows(round(top), centre, stretch, frame_end, panel_top, round(_PANEL_LEAST + panel), max(height, least))


def _ends(boxes: Sequence[Box], skips: Sequence[Skip]) -> tuple[float, float]:
    """Return from where on the centre line is unknown, and where it ends; features without head flow on a little."""
    last = boxes[-1]
    end = last.rect.right() if last.block is None else (skips[-1].end if skips else last.rect.right()) + _OUTFLOW
    for before, box in pairwise(boxes):
        if box.state != "known":
            return box.rect.right() if box.state == "faulty" else before.rect.right(), end
    return end, end


def _column(part: Part, rect: QRectF, measure: Measure) -> Column:
    """Return a column with as much of its label as it has room for."""
    name = part.name if measure(part.name, 0) <= rect.width() + 0.5 else part.short
    shape = part.shape if measure(part.shape, 1) <= rect.width() + 0.5 else ""
    return Column(rect, part.stage, name, shape, part.state)


def _place_boxes(part: Part, x: float, gap: float, rows: _Rows) -> Iterator[tuple[Box, Skip | None]]:
    """Yield the boxes of one column, which begins at `x`, with their arcs."""
    for piece in part.pieces:
        half = round(rows.stretch * piece.height / 2)
        around = 0.0 if piece.block is None else piece.gap(gap)
        left, end = x + around / 2, x + around + piece.width
        # on pixel centres, so that edges of one pixel are sharp
        rect = QRectF(round(left) + 0.5, rows.centre + 0.5 - half, max(3, round(piece.width) - 1), 2 * half)
        rise = half + (4.0 if piece.skip == "none" else _ARC_RISE)
        sides = 4.0 if piece.block is None else 0.0
        area = QRectF(x - sides, rows.centre - rise, end - x + 2 * sides, rise + half + 4)
        box = Box(rect, area, part.stage, piece.block, piece.count, piece.state, piece.solid)
        skip = None
        if piece.skip != "none" and part.stage is not None and piece.block is not None:
            skip = Skip(x, end, rise, piece.skip, piece.skip_state, part.stage, piece.block)
        yield box, skip
        x = end if piece.block is not None else end + piece.gap(gap)
