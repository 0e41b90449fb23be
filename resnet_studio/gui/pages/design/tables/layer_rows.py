"""The layers of a design by number, each made when it is asked for."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from resnet_studio.analysis.layers import Layer, text
from resnet_studio.analysis.network import Analysis, BlockGroup

KEPT_BLOCKS = 64
"""Blocks whose rows are kept: a table asks column by column for those that it shows and measures."""


@dataclass(frozen=True)
class _Segment:
    """Rows that follow one another: layers outside of blocks, or the equal blocks of a group."""

    stage: int
    layers: tuple[Layer, ...] = ()
    group: BlockGroup | None = None

    def __len__(self) -> int:
        return self.group.count * len(self.group.block.layers) if self.group else len(self.layers)


class LayerRows:
    """All layers in the order in which the data flows, those of a faulty block too."""

    def __init__(self, analysis: Analysis, kind: Callable[[Layer], str]) -> None:
        """Take the layers of a design; `kind` names what a layer does, for finding it."""
        self._kind = kind
        self._segments = _segments(analysis)
        ends = list(accumulate(map(len, self._segments)))
        # a design can break before its first layer: no segment, no start
        self._starts, self._count = [0, *ends][: len(ends)], sum(map(len, self._segments))
        self._blocks: dict[tuple[int, int], list[Layer]] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Layer:
        segment, inside = self._find(number)
        if segment.group is None:
            return segment.layers[inside]
        block, place = divmod(inside, len(segment.group.block.layers))
        key = (segment.stage, segment.group.first + block)
        if key not in self._blocks:
            if len(self._blocks) >= KEPT_BLOCKS:
                self._blocks.clear()
            self._blocks[key] = list(segment.group.layers(key[1]))
        return self._blocks[key][place]

    def words(self, number: int) -> str:
        """Return what a row is found by: path, kind and both shapes."""
        row = self[number]
        return f"{row.path} {self._kind(row)} {text(row.input_shape)} {text(row.output_shape)}".lower()

    def place_of(self, number: int) -> tuple[int, int | None]:
        """Return the number of the stage (0: stem) and of the block in it (from 0; None outside of blocks)."""
        segment, inside = self._find(number)
        if segment.group is None:
            return segment.stage, None
        return segment.stage, segment.group.first + inside // len(segment.group.block.layers)

    def first_row_of(self, stage: int, block: int | None) -> int | None:
        """Return the first row of a stage or block."""
        for segment, start in zip(self._segments, self._starts, strict=True):
            if segment.stage != stage:
                continue
            group = segment.group
            if block is None or group is None:
                return start
            if group.first <= block < group.first + group.count:
                return start + (block - group.first) * len(group.block.layers)
        return None

    def _find(self, number: int) -> tuple[_Segment, int]:
        place = bisect_right(self._starts, number) - 1
        return self._segments[place], number - self._starts[place]


def _segments(analysis: Analysis) -> list[_Segment]:
    stages = len(analysis.spec.block_sizes)
    segments = []
    for stage in analysis.stages:
        number = stage.number if stage.number is not None else 0 if stage.name == "stem" else stages + 1
        if stage.own_layers:
            segments.append(_Segment(number, stage.own_layers))
        segments += [_Segment(number, group=group) for group in stage.groups]
    if analysis.fault and analysis.fault.layers:
        segments.append(_Segment(analysis.fault.stage or 0, analysis.fault.layers))
    return segments
