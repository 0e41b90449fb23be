"""How the row of a network is drawn: boxes, arcs, meeting points and labels of a layout, and what is selected."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from resnet_studio.analysis.blocks import ShortcutKind
from resnet_studio.analysis.network import Analysis
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.diagram.items import Face, Ink, Sketch, sharp
from resnet_studio.gui.pages.design.diagram.layout import Box, Column, Layout, Skip

Mark = Literal["identity", "projection", "zero_pad", "fault", "concat"]
"""What can be drawn over a block, and how paths meet other than in a sum."""

_FRAME, _FAULT_FRAME = Ink(1, "accent", "soft_selection", 1.25), Ink(1, "error", "error_ground", 1.25)
_WEDGE, _FAULT_WEDGE = Ink(2, fill="accent", veil=0.08), Ink(2, fill="error", veil=0.08)
_WEDGE_LINE, _FAULT_WEDGE_LINE = Ink(3, "accent", width=0.75), Ink(3, "error", width=0.75)
_LINE, _UNKNOWN_LINE = Ink(4, "box_edge"), Ink(4, "control", dashes=(3, 3))
_LINE_HEAD = Ink(4, "box_edge", "box_edge", 0.5)
_SOLID, _PLAIN = Ink(6, "box_edge", "box_fill"), Ink(6, "box_edge", "base")
_IN_FRAME, _OPEN = Ink(6, "accent", "selection"), Ink(6, "accent", "accent_fill")
_UNKNOWN, _FAULTY = Ink(6, "control", "base", dashes=(3, 2)), Ink(6, "error", "base", 2.5)
_FOLDED, _FOLDED_IN_FRAME = Ink(6, "control", "base"), Ink(6, "accent", "soft_selection")
_UNKNOWN_ARC, _FAULTY_ARC = Ink(8, "control", dashes=(3, 3)), Ink(9, "error", width=2)
_RIBBON, _STRIPES = Ink(9, "vermillion", "base", 1.25), Ink(10, "vermillion", width=1.25)
_ARCS: dict[ShortcutKind, Ink] = {
    "identity": Ink(8, "blue", width=1.5),
    "projection": _RIBBON,
    "zero_pad": Ink(8, "blue", width=1.5, dashes=(5, 3)),
}
_KINDS: tuple[Mark, ...] = ("identity", "projection", "zero_pad")
_RING = Ink(11, "box_edge", "base")
_CROSSED, _CROSS = Ink(12, "error", "error"), Ink(13, "base", width=1.5)

_NAME, _CHOSEN, _SHAPE = Face(11), Face(11, 600), Face(10.5, 400, "muted")
_COUNT = Face(10.5)


def marks(analysis: Analysis) -> list[Mark]:
    """Return what is drawn over the blocks of a network, in the order of the key."""
    kinds = {group.block.shortcut for stage in analysis.stages for group in stage.groups}
    found: list[Mark] = [mark for mark in _KINDS if mark in kinds]
    if found and analysis.spec.merge == "concat":
        found.append("concat")
    if analysis.fault and analysis.fault.shortcut_shape:
        found.append("fault")
    return found


def draw_mark(sketch: Sketch, mark: Mark, left: float, right: float, y: float) -> None:
    """Draw a sample of a mark for the key."""
    if mark == "concat":
        _draw_meeting(sketch, (left + right) / 2, y, concat=True)
    elif mark == "projection":
        middle = QPainterPath(QPointF(left, y))
        middle.lineTo(right, y)
        sketch.ribbon(_RIBBON, _STRIPES, middle)
    else:
        sketch.line(_FAULTY_ARC if mark == "fault" else _ARCS[mark], (left, y), (right, y))


def draw_network(sketch: Sketch, layout: Layout, chosen: tuple[int | None, int | None], *, concat: bool) -> None:
    """Draw the row.

    Args:
        sketch: what is drawn into.
        layout: where everything stands.
        chosen: stage and block that are selected.
        concat: whether paths meet side by side, not in a sum.
    """
    stage, block = chosen
    column = None if stage is None else layout.column_of(stage)
    if column:
        faulty = column.state == "faulty"
        sketch.box(_FAULT_FRAME if faulty else _FRAME, sharp(column.rect.adjusted(-5, 0, 5, 0)), 4)
    _draw_line(sketch, layout)
    for box in layout.boxes:
        _draw_box(sketch, box, framed=box.stage == stage and stage is not None, opened=_opened(box, stage, block))
    for skip in layout.skips:
        _draw_skip(sketch, skip, layout.centre + 0.5, concat=concat)
    for each in layout.columns:
        _draw_label(sketch, each, chosen=each is column)


def draw_wedge(sketch: Sketch, opened: QRectF, panel: QRectF, *, faulty: bool) -> None:
    """Draw the two lines from what is opened down to the panel that shows its inside."""
    top, left, right = opened.bottom() + 3, panel.left() + 1, panel.right() - 1
    corners = ((opened.left(), top), (left, panel.top() + 1), (right, panel.top() + 1), (opened.right(), top))
    sketch.line(_FAULT_WEDGE if faulty else _WEDGE, *corners, closed=True)
    line = _FAULT_WEDGE_LINE if faulty else _WEDGE_LINE
    sketch.line(line, *corners[:2])
    sketch.line(line, *corners[2:])


def outline(box: Box) -> QPainterPath:
    """Return what is drawn around a box under the pointer."""
    path = QPainterPath()
    path.addRoundedRect(box.rect.adjusted(-2, -2, 2, 2), 3, 3)
    return path


def _opened(box: Box, stage: int | None, block: int | None) -> bool:
    return box.stage == stage and box.block is not None and box.block == block and box.count == 1


def _draw_line(sketch: Sketch, layout: Layout) -> None:
    y = layout.centre + 0.5
    sketch.line(_LINE, (layout.start, y), (layout.cut, y))
    if layout.cut < layout.end:
        sketch.line(_UNKNOWN_LINE, (layout.cut, y), (layout.end, y))
    elif layout.boxes[-1].block is not None:  # features without a head flow on
        sketch.arrow(_LINE_HEAD, layout.end, y)


def _draw_box(sketch: Sketch, box: Box, *, framed: bool, opened: bool) -> None:
    if box.state != "known":
        ink = _FAULTY if box.state == "faulty" else _UNKNOWN
    elif opened:
        ink = _OPEN
    elif box.count > 1:
        ink = _FOLDED_IN_FRAME if framed else _FOLDED
    elif framed:
        ink = _IN_FRAME
    else:
        ink = _SOLID if box.solid else _PLAIN
    sketch.box(ink, box.rect)
    if box.count > 1:
        rect = box.rect
        for x in (rect.left() + 3, rect.right() - 3):
            sketch.line(ink, (x, rect.top()), (x, rect.bottom()))
        sketch.text(f"× {numbers.count(box.count)}", _COUNT, rect.center().x(), rect.center().y())


def _draw_skip(sketch: Sketch, skip: Skip, y: float, *, concat: bool) -> None:
    """Draw an arc and the point where the paths meet."""
    place = (skip.start, skip.end, y, skip.rise)
    if skip.state == "unknown":
        sketch.arc(_UNKNOWN_ARC, *place)
        return
    if skip.state == "faulty":
        sketch.arc(_FAULTY_ARC, *place)
        sketch.ring(_CROSSED, skip.end, y, 4.5)
        sketch.cross(_CROSS, skip.end, y, 2)
        return
    if skip.kind == "projection":
        sketch.ribbon_arc(_RIBBON, _STRIPES, *place)
    else:
        sketch.arc(_ARCS[skip.kind], *place)
    _draw_meeting(sketch, skip.end, y, concat=concat)


def _draw_meeting(sketch: Sketch, x: float, y: float, *, concat: bool) -> None:
    """Draw where two paths meet: a ring for a sum, two bars side by side for a concatenation."""
    if concat:
        sketch.box(_RING, QRectF(x - 3, y - 3.5, 3, 7), 0)
        sketch.box(_RING, QRectF(x, y - 3.5, 3, 7), 0)
    else:
        sketch.ring(_RING, x, y, 2.5)


def _draw_label(sketch: Sketch, column: Column, *, chosen: bool) -> None:
    """Write name and shape above a column; the input's begin where its box does."""
    align = 0.0 if column.stage is None else 0.5
    x = column.rect.left() + align * column.rect.width()
    sketch.text(column.name, _CHOSEN if chosen else _NAME, x, column.rect.top() + 13, align)
    if column.shape:
        sketch.text(column.shape, _SHAPE, x, column.rect.top() + 27, align)


def label_width(words: str, line: int) -> float:
    """Return the width of a label's words, chosen or not; line 0 is the name, 1 the shape."""
    return max(_NAME.width(words), _CHOSEN.width(words)) if line == 0 else _SHAPE.width(words)
