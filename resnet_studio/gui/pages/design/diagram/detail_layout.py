"""Where the parts of an inside stand on their line: the roomiest arrangement that fits the panel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.diagram.detail import Detail, Part
from resnet_studio.gui.pages.design.diagram.items import Face

WORDS, FIGURES, SHAPE, FAULT_SHAPE = Face(11), Face(10.5), Face(10.5, 400, "muted"), Face(11, 600, "error")
SIDES, NODE_RADIUS, HALF_HEIGHT = 14.0, 9.0, 17.0
_FORK = 22.0
_GAP_LEAST, _GAP_MOST = 8, 24
_LEAST_PANEL = 880


@dataclass(frozen=True, slots=True)
class Spot:
    """A box of the inside and its place."""

    rect: QRectF
    part: Part


@dataclass(frozen=True, slots=True)
class Style:
    """How much room the parts take.

    Attributes:
        pad: at either side of the words in a box.
        figures: whether parameters are shown.
        ends: whether the shapes that come in and go out are shown.
    """

    pad: float
    figures: bool = True
    ends: bool = True

    def second(self, part: Part) -> str:
        """Return the second line of a box: its parameters, else the rest of its words."""
        return (part.figures if self.figures else "") or part.more

    def width(self, part: Part) -> float:
        """Return the width of a box."""
        return round(max(WORDS.width(part.words), FIGURES.width(self.second(part)), 18) + 2 * self.pad)


_STYLES = (Style(10), Style(6), Style(5, figures=False), Style(4, figures=False, ends=False))
"""From roomy to the least that can be read."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The line: its boxes, where the shortcut leaves it, the middle of the node where the paths meet, its end."""

    style: Style
    main: tuple[Spot, ...]
    after: tuple[Spot, ...]
    fork: float
    meet: float
    end: float


def chain(detail: Detail, panel: QRectF, line: float) -> Chain:
    """Return the roomiest line that fits, in the middle of the panel; the tightest where none does.

    Args:
        detail: what is on it.
        panel: where it has to fit.
        line: its height.
    """
    left, right = panel.left() + SIDES, panel.right() - SIDES
    widest = _GAP_MOST + max(0, round(panel.width() - _LEAST_PANEL) // 30)
    for style in _STYLES:
        before, behind = _ends(detail, style)
        room = right - left - before - behind
        for gap in range(widest, _GAP_LEAST - 1, -1):
            linked = _linked(detail, style, gap, left + before, line)
            spare = room - (linked.end - left - before)
            if spare >= 0:
                return _linked(detail, style, gap, left + before + round(spare / 2), line)
    return _linked(detail, _STYLES[-1], _GAP_LEAST, left, line)


def least_width(detail: Detail) -> float:
    """Return how wide a panel must be for all of an inside."""
    tightest = _STYLES[-1]
    return _linked(detail, tightest, _GAP_LEAST, 0, 0).end + sum(_ends(detail, tightest)) + 2 * SIDES


def groups(spots: Sequence[Spot]) -> Iterator[Sequence[Spot]]:
    """Yield the boxes that stand under one bracket each."""
    first = 0
    for group in _split([spot.part for spot in spots]):
        yield spots[first : first + len(group)]
        first += len(group)


def under(group: Sequence[Part]) -> str:
    """Return the words under a bracket: the shape of what its parts give, and what else is to say."""
    return ", ".join(words for words in (numbers.shape(group[0].shape), group[0].note) if words)


def _ends(detail: Detail, style: Style) -> tuple[float, float]:
    """Return the room of the words at both ends of the line; that all is unknown behind a fault is always said."""
    before, behind = (SHAPE.width(words) + 14 for words in (detail.before, detail.behind))
    return before if style.ends else 0.0, behind if style.ends or detail.faulty else 0.0


def _linked(detail: Detail, style: Style, gap: float, x: float, line: float) -> Chain:
    """Return the line that begins at `x` with so much between its boxes."""

    def spot(part: Part, x: float) -> Spot:
        return Spot(QRectF(round(x) + 0.5, line - HALF_HEIGHT, style.width(part), 2 * HALF_HEIGHT), part)

    fork, main, after = x, list[Spot](), list[Spot]()
    for group in _split(detail.main):
        taken = sum(style.width(part) for part in group) + gap * (len(group) - 1)
        # words under a bracket may be wider than what stands on it
        slack = max(0.0, SHAPE.width(under(group)) + 14 - gap - taken) / 2
        x += slack
        for part in group:
            if len(main) == detail.fork and detail.meeting:
                fork, x = x + 6, x + _FORK
            main.append(spot(part, x))
            x += style.width(part) + gap
        x += slack
    meet = x
    if detail.meeting:
        if detail.meeting == "fault":
            meet += max(0.0, FAULT_SHAPE.width(detail.contradiction[0]) + 20 - gap)
        meet += NODE_RADIUS
        x = meet + NODE_RADIUS + max(gap, SHAPE.width("concat") + 12 if detail.meeting == "concat" else 0)
    for part in detail.after:
        after.append(spot(part, x))
        x += style.width(part) + gap
    return Chain(style, tuple(main), tuple(after), fork, meet, x)


def _split(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the parts in groups that stand under one bracket each, which begin where shapes may change."""
    found: list[list[Part]] = []
    for part in parts:
        if not found or part.kind in {"conv", "pool", "flatten", "linear", "blocks"}:
            found.append([])
        found[-1].append(part)
    return found
