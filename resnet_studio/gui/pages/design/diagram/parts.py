"""What the row of a network consists of: columns with their labels and boxes, sizes but no places yet."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, log2
from typing import Literal

from resnet_studio.analysis.blocks import ShortcutKind, main_channels
from resnet_studio.analysis.layers import Layer, Shape
from resnet_studio.analysis.network import Analysis, BlockGroup, Stage
from resnet_studio.gui import numbers

MOST_BLOCKS = 24
"""Blocks of a stage that are drawn one by one; the middle ones of longer stages fold to one box."""
UNFOLD = 400
"""Blocks that one click on a folded box brings out."""

_GAP_RIBBON, _GAP_LAYERS = 16.0, 22.0
_FOLDED_LEAST = 6

State = Literal["known", "faulty", "unknown"]
Measure = Callable[[str, int], float]
"""Width in pixels of a label: its words, and its line (0 the name, 1 the shape)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A box before it has a place."""

    width: float
    height: float
    block: int | None = None
    count: int = 1
    state: State = "known"
    solid: bool = True
    skip: ShortcutKind = "none"
    skip_state: State = "known"

    def gap(self, gap: float) -> float:
        """Return the gap behind this box: ribbons need more than lines, layers have no arcs to leave room for."""
        if self.block is None:
            return min(gap, _GAP_LAYERS)
        return max(gap, _GAP_RIBBON) if self.skip == "projection" else gap


@dataclass(frozen=True, slots=True)
class Part:
    """A column before it has a place."""

    stage: int | None
    name: str
    short: str
    shape: str
    pieces: tuple[Piece, ...]
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


def columns(
    analysis: Analysis, most: int, unfolded: Mapping[int, int], focus: tuple[int | None, int | None]
) -> list[Part]:
    """Return the columns of a network, known ones and those behind its fault."""
    spec, fault = analysis.spec, analysis.fault
    parts = [Part(None, "input", "in", numbers.shape(spec.input_shape), (_piece(spec.input_shape, solid=False),))]
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


def _piece(shape: Shape, *, solid: bool, state: State = "known") -> Piece:
    """Return the box of one layer; a vector is a map of one pixel."""
    return Piece(box_width(shape[0]), box_height(_side(shape)), state=state, solid=solid)


def _side(shape: Shape) -> float:
    """Return the side of a square with as many pixels as a map of (C, H, W); 1 for a vector."""
    return (shape[1] * shape[2]) ** 0.5 if len(shape) == 3 else 1.0


def _stem(analysis: Analysis, stage: Stage | None) -> Part:
    if stage:
        pieces = [_piece(row.output_shape, solid=row.kind == "conv") for row in _drawn(stage.own_layers)]
        return Part(0, "stem", "stem", numbers.shape(stage.output_shape), tuple(pieces))
    faulty = analysis.fault is not None and analysis.fault.stage == 0
    state: State = "faulty" if faulty else "unknown"
    return Part(0, "stem", "stem", "unknown", (_piece(_after_stem(analysis), solid=True, state=state),), state)


def _head(analysis: Analysis, stage: Stage | None, before: Shape, state: State) -> Part:
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
    return Part(len(analysis.spec.block_sizes) + 1, "head", "head", shape, tuple(pieces), state)


def _drawn(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers of stem and head that get a box: those that change shapes or hold the weights."""
    return [row for row in layers if row.kind in {"conv", "pool", "linear"}]


def _known_stage(stage: Stage, number: int, shown: Sequence[tuple[int, int]]) -> Part:
    pieces = []
    for first, count in shown:
        here = group_of(stage, first).block
        width = box_width(here.output.shape[0])
        height = box_height(_side(here.output.shape))
        pieces.append(_block_piece(width, height, first, count, here.shortcut))
    return Part(number, *_stage_names(number, stage.blocks), numbers.shape(stage.output_shape), tuple(pieces))


def _unknown_stage(analysis: Analysis, number: int, shown: Sequence[tuple[int, int]], before: Shape) -> Part:
    """Return a stage that was not computed, with boxes of the sizes it would have."""
    spec, fault = analysis.spec, analysis.fault
    shape = _after_stage(analysis, number, before)
    here = fault if fault and fault.stage == number else None
    broken = here.block - 1 if here and here.block else None
    skip: ShortcutKind = "none" if spec.shortcut == "none" else "identity"
    pieces = []
    for first, count in shown:
        state: State = "faulty" if broken in range(first, first + count) else "unknown"
        size = (box_width(shape[0]), box_height(_side(shape)))
        arc: State = state if here and here.shortcut_shape else "unknown"
        pieces.append(replace(_block_piece(*size, first, count, skip), state=state, skip_state=arc))
    label = _contradiction(analysis) if here else "unknown"
    names = _stage_names(number, spec.block_sizes[number - 1])
    return Part(number, *names, label, tuple(pieces), "faulty" if here else "unknown")


def _block_piece(width: float, height: float, first: int, count: int, skip: ShortcutKind) -> Piece:
    if count > 1:  # a folded box has room for its words
        width, height = max(width, 22.0 + 7 * len(numbers.count(count))), max(height, 20.0)
    return Piece(width, height, first, count, skip=skip)


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


def visible(blocks: int, slots: int, focus: int | None) -> list[tuple[int, int]]:
    """Return what stands for the blocks of a stage: (number of the first, how many), more than one folded.

    The first and the last blocks are seen, and the one in focus, in at most `slots` boxes (but not less than four).
    """
    if blocks <= slots:
        return [(number, 1) for number in range(blocks)]
    head, tail = slots // 2, (slots - 1) // 2
    seen: set[int] = set()
    if focus is not None and head <= focus < blocks - tail:
        beside = 1 if slots >= 7 else 0
        seen.update(range(focus - beside, focus + beside + 1))
        # two boxes are for folded ones; the first block is unlike the others and always seen
        rest = max(1, slots - 2 - len(seen))
        head, tail = rest - rest // 2, rest // 2
    seen.update(range(head), range(blocks - tail, blocks))
    runs, number = [], 0
    for each in [*sorted(seen), blocks]:
        runs += [(number, each - number)] if each > number else []
        runs += [(each, 1)] if each < blocks else []
        number = each + 1
    return runs


def box_height(side: float) -> float:
    """Return the height of a box for a feature map of that resolution."""
    return max(8.0, 20 * log2(side) - 28)


def box_width(channels: int) -> float:
    """Return the width of a box for so many channels."""
    return max(4.0, 4 * log2(channels) - 16)
