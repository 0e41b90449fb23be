"""Where a layer stands in the network: what flows into it, and what of the input that sees."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from resnet_studio.analysis.blocks import Block
from resnet_studio.analysis.layers import Layer, View
from resnet_studio.analysis.network import Analysis, BlockGroup, Stage

_IN_A_BLOCK = re.compile(r"layer(\d+)\.(\d+)\.(.+)")


@dataclass(frozen=True)
class Place:
    """A layer in its surroundings.

    Attributes:
        layer: the row, with its full path.
        name: its path within its block, or the full path outside of blocks.
        view: what one position of its input sees of the image.
        stage: number of its stage from 1; None in stem and head.
        block: the block that it is in; None outside of blocks and in the block at which a design breaks.
        before: the block ahead of that one, in its stage or the one before; None where there is none.
    """

    layer: Layer
    name: str
    view: View
    stage: int | None = None
    block: Block | None = None
    before: Block | None = None


def find(analysis: Analysis, layer: Layer) -> Place:
    """Return where a layer stands; only its own block is looked at, whatever the depth.

    Raises:
        ValueError: it is no layer of this design.
    """
    inside = _IN_A_BLOCK.fullmatch(layer.path)
    if inside:
        return _in_a_block(analysis, layer, int(inside[1]), int(inside[2]), inside[3])
    for stage in analysis.stages:
        if any(row.path == layer.path for row in stage.own_layers):
            start = View() if stage.name == "stem" else _view_behind(analysis, len(analysis.spec.block_sizes))
            return Place(layer, layer.path, _walk(stage.own_layers, layer.path, layer, start))
    raise _stranger(analysis, layer)


def _in_a_block(analysis: Analysis, layer: Layer, number: int, block_number: int, name: str) -> Place:
    stage = next((stage for stage in analysis.stages if stage.number == number), None)
    ahead = next((each for each in analysis.stages if each.number == number - 1), None)
    before = ahead.groups[-1].block if ahead else None
    if stage is None:
        # the block at which the design breaks: its rows have their full paths, its stage has no entry
        start = _view_behind(analysis, number - 1)
        rows = analysis.fault.layers if analysis.fault else ()
        if all(row.path != layer.path for row in rows):
            raise _stranger(analysis, layer)
        return Place(layer, name, _walk(rows, layer.path, layer, start), number, None, before)
    if block_number >= stage.blocks:
        raise _stranger(analysis, layer)
    group = group_of(stage, block_number)
    if block_number:
        before = group_of(stage, block_number - 1).block
    entering = group.block.input.view
    start = View(entering.size + (block_number - group.first) * group.view_step, entering.jump)
    if all(row.path != name for row in group.block.layers):
        raise _stranger(analysis, layer)
    return Place(layer, name, _walk(group.block.layers, name, layer, start), number, group.block, before)


def group_of(stage: Stage, number: int) -> BlockGroup:
    """Return the group that holds a block, by halving: a concatenating stage has a group for each block."""
    return stage.groups[bisect_right(stage.groups, number, key=lambda group: group.first) - 1]


def _walk(rows: Iterable[Layer], path: str, layer: Layer, start: View) -> View:
    """Return the view in front of a row, along its own branch only."""
    view = start
    for row in rows:
        if row.path == path:
            break
        if row.branch == layer.branch and row.kernel_size and row.stride:
            view = view.through(row.kernel_size, row.stride)
    return view


def _view_behind(analysis: Analysis, stages: int) -> View:
    """Return the view behind the stem and so many stages."""
    spec, jump = analysis.spec, 1
    if spec.stem:
        jump = spec.stem.stride * (2 if spec.stem.pool else 1)
    for stride in spec.strides[:stages]:
        jump *= stride
    sizes = [stage.receptive_field for stage in analysis.stages if stage.number is None or stage.number <= stages]
    return View(max((size for size in sizes if size), default=1), jump)


def _stranger(analysis: Analysis, layer: Layer) -> ValueError:
    return ValueError(f"{layer.path} is no layer of {analysis.spec.name}")
