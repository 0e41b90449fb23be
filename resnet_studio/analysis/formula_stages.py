"""Why a stage, or the whole network, has its numbers: sums over layers and distinct blocks."""

from collections.abc import Iterable
from typing import Literal

from resnet_studio.analysis.blocks import Block
from resnet_studio.analysis.formula_layers import COUNT_SOURCE, KEPT_SOURCE, layer_steps
from resnet_studio.analysis.formula_place import find
from resnet_studio.analysis.formula_shapes import (
    SIDE_RULE,
    SIDE_SOURCE,
    VIEW_SOURCE,
    beyond,
    outcome,
    side_lines,
    side_terms,
)
from resnet_studio.analysis.formula_words import WORDS, Quantity, Steps, Terms, count, dims, factors, total
from resnet_studio.analysis.layers import Layer, View, elements
from resnet_studio.analysis.network import Analysis, Stage
from resnet_studio.spec.network import NetworkSpec

Summed = Literal["params", "mult_adds", "activations"]

_SOURCES: dict[Summed, str] = {
    "params": "definition: the parts' parameters added up",
    "mult_adds": COUNT_SOURCE,
    "activations": KEPT_SOURCE,
}
_SHOWN = 4
"""Groups of blocks that are shown one by one; a concatenating stage has one for each block."""


def stage_steps(analysis: Analysis, stage: Stage, quantity: Quantity) -> Steps:
    """Return the formula behind one cell of the stage table."""
    if quantity == "output_shape":
        return _shape(analysis.spec, stage)
    if quantity == "receptive_field":
        return _view(analysis.spec, stage)
    lone = len(stage.groups) == 1 and stage.groups[0].count == 1
    if stage.own_layers or lone:
        rows = stage.own_layers or tuple(stage.groups[0].layers(0))
        return _sum_of_layers(analysis, rows, quantity)
    return _sum_of_blocks(stage, quantity)


def total_steps(analysis: Analysis, quantity: Summed) -> Steps:
    """Return the sum over the stages that are known."""
    parts = [(stage_name(stage), getattr(stage, quantity)) for stage in analysis.stages]
    spec = analysis.spec
    wanted = bool(spec.stem) + len(spec.block_sizes) + (spec.num_classes is not None)
    lines = [f"{name}: {count(value)}" for name, value in parts]
    if len(parts) < wanted:
        lines.insert(0, "Only what stands ahead of the fault is counted.")
    lines.append(total(value for _, value in parts) if parts else f"{WORDS[quantity]} = 0")
    terms = (("parts", count(len(parts))),)
    return Steps("Σ over stem, stages and head", terms, tuple(lines), _SOURCES[quantity])


def stage_name(stage: Stage) -> str:
    """Return `stage 3`, `stem` or `head`."""
    return stage.name if stage.number is None else f"stage {stage.number}"


def _sum_of_layers(analysis: Analysis, rows: Iterable[Layer], quantity: Summed) -> Steps:
    parts = [(row, getattr(row, quantity)) for row in rows if getattr(row, quantity)]
    lines = [f"{row.path}: {layer_steps(analysis.spec, find(analysis, row), quantity).lines[-1]}" for row, _ in parts]
    if len(parts) > 1:
        lines.append(total(value for _, value in parts))
    terms = (("layers that count", count(len(parts))),)
    return Steps("Σ over layers", terms, tuple(lines), _SOURCES[quantity])


def _sum_of_blocks(stage: Stage, quantity: Summed) -> Steps:
    """Return the sum over distinct blocks, the middle of very many taken together."""
    groups = stage.groups
    shown = groups if len(groups) <= _SHOWN else groups[: _SHOWN - 1]
    parts, lines = [], []
    for group in shown:
        each = getattr(group, quantity)
        parts.append(group.count * each)
        worked = f"{count(group.count)} × {count(each)} = {count(parts[-1])}"
        lines.append(f"{_blocks(group.first, group.count)}: {count(each) if group.count == 1 else worked}")
    left = stage.blocks - sum(group.count for group in shown)
    if left:
        # each block of a concatenating stage is wider than the one before: a row for each would be no explanation
        parts.append(getattr(stage, quantity) - sum(parts))
        lines.append(f"{_blocks(stage.blocks - left, left)}, each wider than the one before: {count(parts[-1])}")
    if len(parts) > 1:
        lines.append(total(parts))
    terms: Terms = (("blocks", count(stage.blocks)), *_block_terms(stage))
    return Steps("Σ over blocks; equal ones are counted once and multiplied", terms, tuple(lines), _SOURCES[quantity])


def _blocks(first: int, blocks: int) -> str:
    """Return `block 1`, `blocks 2 and 3` or `blocks 2 to 6`."""
    if blocks == 1:
        return f"block {count(first + 1)}"
    return f"blocks {count(first + 1)} {'and' if blocks == 2 else 'to'} {count(first + blocks)}"


def _block_terms(stage: Stage) -> Terms:
    """Return what makes the distinct blocks differ."""
    words = {"zero_pad": "zero padding", "none": "no shortcut", "identity": "identity", "projection": "projection"}
    return tuple(
        (_blocks(group.first, group.count), f"{dims(group.block.input.shape)}, {words[group.block.shortcut]}")
        for group in stage.groups[: _SHOWN - 1]
    )


def _shape(spec: NetworkSpec, stage: Stage) -> Steps:
    if stage.name == "stem":
        lines = [f"{row.path}: {line}" for row in stage.own_layers if row.kernel_size for line in side_lines(row)]
        terms: Terms = (*side_terms(stage.input_shape), ("C_out, filters", count(stage.output_shape[0])))
        return Steps(SIDE_RULE, terms, (*lines, outcome(stage.output_shape)), SIDE_SOURCE)
    if stage.name == "head":
        return _head_shape(stage)
    return _stage_shape(spec, stage)


def _head_shape(stage: Stage) -> Steps:
    pooled = next(row for row in stage.own_layers if row.kind == "flatten").input_shape
    lines = [f"{row.path}: {line}" for row in stage.own_layers if row.kernel_size for line in side_lines(row)]
    lines.append(f"flatten: features = {factors(pooled)} = {count(elements(pooled))}")
    (outputs,) = stage.output_shape
    terms = (("input", dims(stage.input_shape)), ("N, classes", count(outputs)))
    return Steps("N: one output for each class", terms, (*lines, f"N = {outputs}"), "definition of a classifier")


def _stage_shape(spec: NetworkSpec, stage: Stage) -> Steps:
    first = stage.groups[0].block
    strided = [row for row in first.layers if row.branch == "main" and (row.stride or 1) > 1]
    sides = [f"block 1, {row.path}: {line}" for row in strided for line in side_lines(row)]
    if not strided:
        sides = ["Every stride is 1: height and width stay."]
    terms: Terms = (("C_out, output channels", count(stage.output_shape[0])), *side_terms(stage.input_shape))
    if strided:
        kernel = strided[0].kernel_size or 1
        terms += (
            ("k, kernel size", str(kernel)),
            ("s, stride", str(strided[0].stride)),
            ("p, padding", str(kernel // 2)),
        )
    lines = (*sides, *_stage_channels(spec, stage), outcome(stage.output_shape))
    return Steps(SIDE_RULE, terms, lines, SIDE_SOURCE)


def _stage_channels(spec: NetworkSpec, stage: Stage) -> list[str]:
    """Return how the output channels come about."""
    first, number = stage.groups[0].block, stage.number or 1
    base, main, lines = spec.stage_channels[number - 1], first.main_shape[0], []
    if spec.block_type == "bottleneck":
        lines.append(f"main path, channels × expansion: {count(base)} × {spec.expansion} = {count(main)}")
    if first.shortcut_shape and first.output.shape != first.main_shape:
        beside, blocks = first.shortcut_shape[0], stage.blocks
        lines.append("Each block lays its main path beside its shortcut, so that the channels add up.")
        lines.append(f"C_out = {count(beside)} + {count(blocks)} × {count(main)} = {count(beside + blocks * main)}")
    return lines


def _view(spec: NetworkSpec, stage: Stage) -> Steps:
    image = dims(spec.input_shape[1:])
    if stage.name == "head":
        words = "The head joins all positions, so each class sees the whole input."
        return Steps(words, (("H × W, input image", image),), (f"All of the {image} image.",), VIEW_SOURCE)
    lines = _stem_view(stage) if stage.name == "stem" else _blocks_view(stage)
    entering = View() if stage.name == "stem" else stage.groups[0].block.input.view
    terms = (
        ("r_in, receptive field of the input", count(entering.size)),
        ("j, jump: pixels between neighbours, at first", count(entering.jump)),
    )
    rule = "r_out = r_in + Σ (k − 1) × j; 1×1 convolutions and shortcuts add nothing"
    return Steps(rule, terms, (*beyond(spec, stage.receptive_field or 0), *lines), VIEW_SOURCE)


def _stem_view(stage: Stage) -> tuple[str, ...]:
    lines, view = [], View()
    for row in stage.own_layers:
        if row.kernel_size and row.stride:
            behind = view.through(row.kernel_size, row.stride)
            worked = f"{count(view.size)} + ({row.kernel_size} − 1) × {count(view.jump)} = {count(behind.size)}"
            lines.append(f"{row.path}: {worked}")
            view = behind
    return tuple(lines)


def _blocks_view(stage: Stage) -> tuple[str, ...]:
    """Return what the blocks add; 1x1 convolutions and shortcuts see no neighbours and add nothing."""
    first, *rest = stage.groups
    words, step = _growth(first.block)
    start, blocks = first.block.input.view.size, stage.blocks - first.count
    parts = [f"{count(start)}", count(step) if first.count == 1 else f"{count(first.count)} × {count(step)}"]
    lines = [f"{_blocks(0, first.count)}{', each' if first.count > 1 else ''}: {words} = {count(step)}"]
    size = start + first.count * step
    if rest:
        words, step = _growth(rest[0].block)
        lines.append(f"{_blocks(first.count, blocks)}{', each' if blocks > 1 else ''}: {words} = {count(step)}")
        parts.append(f"{count(blocks)} × {count(step)}" if blocks > 1 else count(step))
        size += blocks * step
    return (*lines, f"r_out = {' + '.join(parts)} = {count(size)}")


def _growth(block: Block) -> tuple[str, int]:
    """Return what a block adds to the receptive field, as written and worked out."""
    view, parts = block.input.view, []
    for row in block.layers:
        if row.branch == "main" and row.kernel_size and row.stride:
            if row.kernel_size > 1:
                parts.append(f"({row.kernel_size} − 1) × {count(view.jump)}")
            view = view.through(row.kernel_size, row.stride)
    return " + ".join(parts), view.size - block.input.view.size
