"""Where the boxes, arcs and labels of a network stand, in pixels at zoom 1: arithmetic on an analysis, no items.

A network is a row of columns (input, stem, stages, head) on one centre line. A column is as wide as its boxes or its
label, whichever is wider, so labels never meet. Where the row is short of room it first closes its gaps, then folds
the middle blocks of long stages, then omits the shapes of labels and at last the numbers of blocks.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log2
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from resnet_studio.analysis.blocks import ShortcutKind, main_channels
from resnet_studio.analysis.layers import Layer, Shape
from resnet_studio.analysis.network import Analysis, BlockGroup, Stage
from resnet_studio.gui import numbers

MOST_BLOCKS = 24
"""Blocks of a stage that are drawn one by one; the middle ones of longer stages fold to one box."""
UNFOLD = 400
"""Blocks that one click on a folded box brings out."""

State = Literal["known", "faulty", "unknown"]
Measure = Callable[[str, int], float]
"""Width in pixels of a label: its words, and its line (0 the name, 1 the shape)."""

MARGIN = 16
_GAP_LEAST, _GAP_MOST, _GAP_RIBBON, _GAP_LAYERS = 8.0, 40.0, 16.0, 22.0
_FEWEST_BLOCKS, _FOLDED_LEAST = 3, 4
_TOP, _LABELS, _FRAME_FOOT, _FOOT = 6.0, 36.0, 9.0, 8.0
_ARC_RISE = 13.0
_OUTFLOW = 20.0
_AIR_MOST, _STRETCH_MOST = 36.0, 1.5
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
    room = width - 2 * MARGIN - (_OUTFLOW if analysis.spec.num_classes is None else 0)
    fit = _fitted(analysis, room, measure, unfolded, focus)
    widths = [part.width(fit.gap, measure, shapes=fit.shapes) for part in fit.parts]
    needed = (
        sum(widths) + _between(fit.gap) * (len(widths) - 1) + (_OUTFLOW if analysis.spec.num_classes is None else 0)
    )
    total = max(width, needed + 2 * MARGIN)
    rows = _rows(fit.parts, height)
    columns, boxes, skips = [], [], []
    x = (total - needed) / 2
    for part, wide in zip(fit.parts, widths, strict=True):
        columns.append(_column(part, QRectF(x, rows.top, wide, rows.frame_end - rows.top), measure))
        # the input stands at the left of its label, so that the row begins with a box
        left = x if part.stage is None else x + (wide - part.content(fit.gap)) / 2
        for box, skip in _place_boxes(part, left, fit.gap, rows):
            boxes.append(box)
            skips += [skip] if skip else []
        x += wide + _between(fit.gap)
    cut, end = _ends(boxes, skips)
    panel = QRectF(MARGIN, rows.panel, (width if unfolded else total) - 2 * MARGIN, rows.panel_height)
    start = boxes[0].rect.right()
    return Layout(tuple(columns), tuple(boxes), tuple(skips), rows.centre, start, cut, end, panel, total, rows.height)


def visible(blocks: int, slots: int, focus: int | None) -> list[tuple[int, int]]:
    """Return what stands for the blocks of a stage: (number of the first, how many), more than one folded.

    The first and the last blocks are seen, and the one in focus with its neighbours, in at most `slots` boxes.
    """
    if blocks <= slots:
        return [(number, 1) for number in range(blocks)]
    head, tail = slots // 2, (slots - 1) // 2
    if focus is None or focus < head or focus >= blocks - tail:
        return [
            *((n, 1) for n in range(head)),
            (head, blocks - head - tail),
            *((blocks - n, 1) for n in range(tail, 0, -1)),
        ]
    beside = 1 if slots >= 7 else 0
    # the first block is unlike the others and always seen
    rest = max(1, slots - 2 - (2 * beside + 1))
    head, tail = rest - rest // 2, rest // 2
    first, last = max(head, focus - beside), min(blocks - tail - 1, focus + beside)
    runs = [(head, first - head), (last + 1, blocks - tail - last - 1)]
    return [
        *((n, 1) for n in range(head)),
        *(run for run in runs[:1] if run[1]),
        *((n, 1) for n in range(first, last + 1)),
        *(run for run in runs[1:] if run[1]),
        *((blocks - n, 1) for n in range(tail, 0, -1)),
    ]


def box_height(side: float) -> float:
    """Return the height of a box for a feature map of that resolution."""
    return max(8.0, 20 * log2(side) - 28)


def box_width(channels: int) -> float:
    """Return the width of a box for so many channels."""
    return max(4.0, 4 * log2(channels) - 16)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A box before it has a place."""

    width: float
    height: float
    block: int | None = None
    count: int = 1
    state: State = "known"
    solid: bool = True
    skip: ShortcutKind = "none"

    def gap(self, gap: float) -> float:
        """Return the gap behind this box: ribbons need more than lines, layers have no arcs to leave room for."""
        if self.block is None:
            return min(gap, _GAP_LAYERS)
        return max(gap, _GAP_RIBBON) if self.skip == "projection" else gap


@dataclass(frozen=True, slots=True)
class _Part:
    """A column before it has a place."""

    stage: int | None
    name: str
    short: str
    shape: str
    pieces: tuple[_Piece, ...]
    state: State = "known"

    def content(self, gap: float) -> float:
        """Return the width of the boxes: blocks have half a gap at either side, layers only between them."""
        last = 0.0 if self.pieces[-1].block is not None else self.pieces[-1].gap(gap)
        return sum(piece.width + piece.gap(gap) for piece in self.pieces) - last

    def width(self, gap: float, measure: Measure, *, shapes: int) -> float:
        """Return the width of the column; `shapes` 2 with the whole label, 1 without the shape, 0 the short name."""
        label = measure(self.name if shapes else self.short, 0)
        if shapes == 2:
            label = max(label, measure(self.shape, 1))
        return max(self.content(gap), label)


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

    parts: list[_Part]
    gap: float
    shapes: int


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

    def needed(parts: Sequence[_Part], gap: float, shapes: int) -> float:
        return sum(part.width(gap, measure, shapes=shapes) for part in parts) + _between(gap) * (len(parts) - 1)

    most = longest = min(MOST_BLOCKS, max(analysis.spec.block_sizes))
    fewest = min(longest, _FEWEST_BLOCKS)
    parts, shapes = _parts(analysis, fewest, {}, focus), 2
    while shapes and needed(parts, _GAP_LEAST, shapes) > room:
        shapes -= 1

    def blocks_fit(most: int) -> bool:
        return needed(_parts(analysis, most, {}, focus), _GAP_LEAST, shapes) <= room

    most = max(fewest, _largest(fewest, longest, blocks_fit))
    parts = _parts(analysis, most, {}, focus)
    widest = max(_GAP_MOST, _GAP_MOST * room / 900)
    quarters = _largest(int(4 * _GAP_LEAST), int(4 * widest), lambda gap: needed(parts, gap / 4, shapes) <= room)
    return _Fit(_parts(analysis, most, unfolded, focus) if unfolded else parts, quarters / 4, shapes)


def _largest(low: int, high: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number from low to high that fits, by bisection; low where none does."""
    if fits(high):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _parts(
    analysis: Analysis, most: int, unfolded: Mapping[int, int], focus: tuple[int | None, int | None]
) -> list[_Part]:
    """Return the columns of a network, known ones and those behind its fault."""
    spec, fault = analysis.spec, analysis.fault
    parts = [_Part(None, "input", "in", numbers.shape(spec.input_shape), (_piece(spec.input_shape, solid=False),))]
    known = {stage.name: stage for stage in analysis.stages}
    shape: Shape = spec.input_shape
    if spec.stem:
        stem = known.get("stem")
        parts.append(_stem(analysis, stem))
        shape = stem.output_shape if stem else _after_stem(analysis)
    for number, blocks in enumerate(spec.block_sizes, 1):
        # folding only a few would save no room worth the loss
        slots = blocks if blocks <= min(most + _FOLDED_LEAST - 2, MOST_BLOCKS) else most
        slots = max(slots, unfolded.get(number, 0))
        shown = visible(blocks, slots, focus[1] if focus[0] == number else None)
        stage = known.get(f"stage{number}")
        parts.append(_known_stage(stage, number, shown) if stage else _unknown_stage(analysis, number, shown, shape))
        shape = stage.output_shape if stage else _after_stage(analysis, number, shape)
    if spec.num_classes is not None:
        head = known.get("head")
        faulty = fault is not None and fault.stage is None and len(known) == len(parts) - 1
        parts.append(_head(analysis, head, shape, "known" if head else "faulty" if faulty else "unknown"))
    return parts


def _piece(shape: Shape, *, solid: bool, state: State = "known") -> _Piece:
    """Return the box of one layer; a vector is a map of one pixel."""
    return _Piece(box_width(shape[0]), box_height(_side(shape)), state=state, solid=solid)


def _side(shape: Shape) -> float:
    """Return the side of a square with as many pixels as a map of (C, H, W); 1 for a vector."""
    return (shape[1] * shape[2]) ** 0.5 if len(shape) == 3 else 1.0


def _stem(analysis: Analysis, stage: Stage | None) -> _Part:
    if stage:
        pieces = [_piece(row.output_shape, solid=row.kind == "conv") for row in _drawn(stage.own_layers)]
        return _Part(0, "stem", "stem", numbers.shape(stage.output_shape), tuple(pieces))
    faulty = analysis.fault is not None and analysis.fault.stage == 0
    state: State = "faulty" if faulty else "unknown"
    return _Part(0, "stem", "stem", "unknown", (_piece(_after_stem(analysis), solid=True, state=state),), state)


def _head(analysis: Analysis, stage: Stage | None, before: Shape, state: State) -> _Part:
    if stage:
        pieces = [_piece(row.output_shape, solid=row.kind == "linear") for row in _drawn(stage.own_layers)]
        shape = numbers.shape(stage.output_shape)
    else:
        classes = analysis.spec.num_classes or 1
        pieces = [
            _piece((before[0], 1, 1), solid=False, state=state),
            _piece((classes,), solid=True, state="unknown"),
        ]
        shape = "unknown"
    return _Part(len(analysis.spec.block_sizes) + 1, "head", "head", shape, tuple(pieces), state)


def _drawn(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers of stem and head that get a box: those that change shapes or hold the weights."""
    return [row for row in layers if row.kind in {"conv", "pool", "linear"}]


def _known_stage(stage: Stage, number: int, shown: Sequence[tuple[int, int]]) -> _Part:
    pieces = []
    for first, count in shown:
        here = group_of(stage, first).block
        width = box_width(here.output.shape[0])
        height = box_height(_side(here.output.shape))
        pieces.append(_block_piece(width, height, first, count, here.shortcut, "known"))
    return _Part(number, *_stage_names(number, stage.blocks), numbers.shape(stage.output_shape), tuple(pieces))


def _unknown_stage(analysis: Analysis, number: int, shown: Sequence[tuple[int, int]], before: Shape) -> _Part:
    """Return a stage that was not computed, with boxes of the sizes it would have."""
    spec, fault = analysis.spec, analysis.fault
    shape = _after_stage(analysis, number, before)
    skip: ShortcutKind = "none" if spec.shortcut == "none" else "identity"
    here = fault is not None and fault.stage == number
    pieces = []
    for first, count in shown:
        broken = here and fault is not None and fault.block is not None and first <= fault.block - 1 < first + count
        state: State = "faulty" if broken else "unknown"
        pieces.append(_block_piece(box_width(shape[0]), box_height(_side(shape)), first, count, skip, state))
    label = _contradiction(analysis) if here else "unknown"
    names = _stage_names(number, spec.block_sizes[number - 1])
    return _Part(number, *names, label, tuple(pieces), "faulty" if here else "unknown")


def _block_piece(width: float, height: float, first: int, count: int, skip: ShortcutKind, state: State) -> _Piece:
    if count > 1:  # a folded box has room for its words
        width, height = max(width, 22.0 + 7 * len(numbers.count(count))), max(height, 20.0)
    return _Piece(width, height, first, count, state, solid=True, skip=skip)


def _stage_names(number: int, blocks: int) -> tuple[str, str]:
    return f"stage {number} ×{numbers.count(blocks)}", str(number)


def _contradiction(analysis: Analysis) -> str:
    """Return what the output of a faulty stage may be: the two shapes that meet, as far as they differ."""
    fault = analysis.fault
    if fault is None or fault.main_shape is None or fault.shortcut_shape is None:
        return "unknown"
    main, shortcut = fault.main_shape, fault.shortcut_shape
    if main[1:] != shortcut[1:]:
        return f"{numbers.shape(main[1:])} or {numbers.shape(shortcut[1:])}?"
    return f"{main[0]} or {shortcut[0]} channels?"


def _after_stem(analysis: Analysis) -> Shape:
    """Return about what a stem would give, where it can't be computed."""
    spec, stem = analysis.spec, analysis.spec.stem
    if stem is None:
        return spec.input_shape
    stride = stem.stride * (2 if stem.pool else 1)
    high, wide = (max(1, ceil(side / stride)) for side in spec.input_shape[1:])
    return (stem.channels or spec.stage_channels[0], high, wide)


def _after_stage(analysis: Analysis, number: int, before: Shape) -> Shape:
    """Return about what a stage would give, where it can't be computed."""
    spec = analysis.spec
    stride = spec.strides[number - 1]
    high, wide = (max(1, ceil(side / stride)) for side in before[1:])
    return (main_channels(spec, spec.stage_channels[number - 1]), high, wide)


def group_of(stage: Stage, number: int) -> BlockGroup:
    """Return the group that holds a block, quickly where each of thousands is a group of its own."""
    return stage.groups[bisect_right(stage.groups, number, key=lambda group: group.first) - 1]


def _rows(parts: Sequence[_Part], height: float) -> _Rows:
    """Share the height of the view: the labels and the arcs, the boxes, the wedge, the panel; tall views stretch."""
    half = max(piece.height for part in parts for piece in part.pieces) / 2
    arcs = [piece.height / 2 for part in parts for piece in part.pieces if piece.skip != "none"]

    def above(stretch: float) -> float:
        return max(stretch * half + 4, stretch * max(arcs) + _ARC_RISE + 4 if arcs else 0)

    fixed = _TOP + _LABELS + _FRAME_FOOT + _WEDGE_LEAST + _PANEL_LEAST + _FOOT
    stretch = min(max((height - fixed - _AIR_MOST) / (above(1) + half), 1.0), _STRETCH_MOST)
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


def _column(part: _Part, rect: QRectF, measure: Measure) -> Column:
    """Return a column with as much of its label as it has room for."""
    name = part.name if measure(part.name, 0) <= rect.width() + 0.5 else part.short
    shape = part.shape if measure(part.shape, 1) <= rect.width() + 0.5 else ""
    return Column(rect, part.stage, name, shape, part.state)


def _place_boxes(part: _Part, x: float, gap: float, rows: _Rows) -> Iterator[tuple[Box, Skip | None]]:
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
            skip = Skip(x, end, rise, piece.skip, piece.state, part.stage, piece.block)
        yield box, skip
        x = end if piece.block is not None else end + piece.gap(gap)
