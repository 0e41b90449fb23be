"""What the diagram says in words: names of places, and the numbers of its tooltips."""

from resnet_studio.analysis.blocks import ShortcutKind
from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis, BlockGroup, Stage
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.diagram.parts import group_of


def place(analysis: Analysis, stage: int | None, block: int | None) -> str:
    """Return the name of a place: `stage 3, block 1`, `stem`, `head`; the selection counts blocks from 0."""
    if stage is None:
        return "input"
    if stage == 0:
        return "stem"
    if stage > len(analysis.spec.block_sizes):
        return "head"
    return f"stage {stage}" if block is None else f"stage {stage}, block {numbers.count(block + 1)}"


def shortcut(kind: ShortcutKind) -> str:
    """Return the name of a skip connection."""
    return {"zero_pad": "zero padding", "none": "no shortcut"}.get(kind, kind)


def mult_adds(value: int) -> str:
    """Return multiply-adds in millions, small ones in full."""
    return f"{numbers.mega(value)} M mult-adds" if value >= 100_000 else f"{numbers.count(value)} mult-adds"


def tip(analysis: Analysis, stage: int | None, block: int | None = None, count: int = 1) -> str:
    """Return the tooltip of a place: what it is, its shapes and what it costs.

    Args:
        analysis: of the network.
        stage: 0 the stem, then the stages, then the head; none the input.
        block: number of the block from 0; none for all of the stage.
        count: more than one for blocks that are folded, from `block` on.
    """
    if stage is None:
        return f"input\n{numbers.shape(analysis.spec.input_shape)}"
    name = place(analysis, stage, None if count > 1 else block)
    known = next((each for each in analysis.stages if each.name == name.split(",")[0].replace(" ", "")), None)
    if known is None:
        fault = analysis.fault
        here = fault is not None and fault.stage == stage and (block is None or fault.block == block + 1)
        return f"{name}\n{numbers.prose(fault.message)}" if fault and here else f"{name}\nunknown"
    if block is None:
        return _stage_tip(name, known)
    group = group_of(known, block)
    return _folded_tip(name, group, block, count) if count > 1 else _block_tip(name, analysis, group, block)


def layer_tip(row: Layer) -> str:
    """Return the tooltip of one layer inside a block."""
    lines = [row.path, f"{numbers.shape(row.input_shape)} → {numbers.shape(row.output_shape)}"]
    lines += [f"{row.groups} groups"] if row.groups and row.groups > 1 else []
    lines += [f"{numbers.count(row.params)} parameters"] if row.params else []
    lines += [mult_adds(row.mult_adds)] if row.mult_adds else []
    lines += [_field(row.receptive_field)] if row.receptive_field else []
    return "\n".join(lines)


def _stage_tip(name: str, stage: Stage) -> str:
    lines = [f"{name}: {numbers.count(stage.blocks)} {_blocks(stage.blocks)}" if stage.blocks else name]
    lines.append(f"{numbers.shape(stage.input_shape)} → {numbers.shape(stage.output_shape)}")
    lines += [f"{numbers.count(stage.params)} parameters", mult_adds(stage.mult_adds)]
    lines += [_field(stage.receptive_field)] if stage.receptive_field else []
    return "\n".join(lines)


def _block_tip(name: str, analysis: Analysis, group: BlockGroup, number: int) -> str:
    block = group.block
    kind = f"{analysis.spec.block_type}, {shortcut(block.shortcut)}"
    view = block.output.view.size + (number - group.first) * group.view_step
    shapes = f"{numbers.shape(block.input.shape)} → {numbers.shape(block.output.shape)}"
    costs = [f"{numbers.count(group.params)} parameters", mult_adds(group.mult_adds)]
    return "\n".join([name, kind, shapes, *costs, _field(view)])


def _folded_tip(name: str, group: BlockGroup, first: int, count: int) -> str:
    lines = [f"{name}, blocks {numbers.count(first + 1)} to {numbers.count(first + count)}"]
    if group.count >= count:
        lines += [f"{numbers.count(group.params)} parameters each", f"{mult_adds(group.mult_adds)} each"]
    return "\n".join([*lines, "Click to unfold."])


def _blocks(count: int) -> str:
    return "block" if count == 1 else "blocks"


def _field(size: int) -> str:
    return f"receptive field {numbers.count(size)} px"
