"""What is inside a block, a stage, the stem or the head: the parts in the order in which the data flows, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from resnet_studio.analysis.blocks import ShortcutKind
from resnet_studio.analysis.layers import Kind, Layer, Shape
from resnet_studio.analysis.network import Analysis, BlockGroup, Fault, Stage
from resnet_studio.gui import numbers
from resnet_studio.gui.pages.design.diagram.parts import group_of
from resnet_studio.gui.pages.design.diagram.words import mult_adds, place, shortcut

PartKind = Kind | Literal["blocks"]
Meeting = Literal["add", "concat", "fault"]

_MOST_GROUPS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One box of the inside.

    Attributes:
        kind: of the layer; `blocks` for whole blocks.
        words: its first line.
        more: the rest of the words, where they take two lines.
        figures: its parameters; empty where it has none.
        shape: what leaves it.
        note: words under its bracket besides the shape.
        layer: its row, for the tooltip.
        block: the number of the block that it opens.
    """

    kind: PartKind
    words: str
    shape: Shape
    more: str = ""
    figures: str = ""
    note: str = ""
    layer: Layer | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said where no inside can be shown."""

    words: str
    faulty: bool = False


_HINT = Remark("Click a block to see its inside.")


@dataclass(frozen=True, slots=True)
class Detail:
    """The inside of what is selected.

    Attributes:
        title: what is opened.
        note: its parameters and multiply-adds, or what is wrong.
        faulty: whether the note is a fault.
        before: the shape that comes in.
        behind: the shape that goes out, or `unknown`.
        main: the parts up to the meeting of the paths.
        after: the parts behind it.
        side: the parts of the shortcut.
        shortcut: what the skip connection is.
        fork: how many parts stand before the place where the shortcut leaves.
        meeting: how the paths meet; none where there is one path only.
        contradiction: the shapes of main path and shortcut that can't meet.
    """

    title: str
    note: str
    before: str
    behind: str
    main: tuple[Part, ...]
    faulty: bool = False
    after: tuple[Part, ...] = ()
    side: tuple[Part, ...] = ()
    shortcut: ShortcutKind = "none"
    fork: int = 0
    meeting: Meeting | None = None
    contradiction: tuple[str, str] = ("", "")


def inside(analysis: Analysis, stage: int | None, block: int | None) -> Detail | Remark:
    """Return the inside of a stage or a block (0 the stem, then the stages, then the head), or why there is none.

    A broken design with nothing selected shows its fault.
    """
    fault = analysis.fault
    if stage is None:
        if fault and fault.layers:
            return _faulty_block(analysis, fault)
        return _complaint(fault) if fault else _HINT
    known = next((each for each in analysis.stages if _number(analysis, each) == stage), None)
    if known is None:
        return _unknown(analysis, stage, block)
    if known.number is None:
        return _layers(analysis, known)
    if block is None:
        return _blocks(known)
    return _block(analysis, group_of(known, block), block)


def _number(analysis: Analysis, stage: Stage) -> int:
    return stage.number or (0 if stage.name == "stem" else len(analysis.spec.block_sizes) + 1)


def _unknown(analysis: Analysis, stage: int, block: int | None) -> Detail | Remark:
    fault = analysis.fault
    if fault is None:
        return _HINT
    if fault.stage == stage and (block is None or block + 1 == fault.block) and fault.layers:
        return _faulty_block(analysis, fault)
    if fault.stage == stage or fault.stage is None:
        return _complaint(fault)
    where = place(analysis, fault.stage, None if fault.block is None else fault.block - 1)
    return Remark(f"Unknown until {where} is mended.")


def _complaint(fault: Fault) -> Remark:
    words = numbers.prose(fault.message)
    return Remark(f"{words[:1].upper()}{words[1:]}.", faulty=True)


def _layers(analysis: Analysis, stage: Stage) -> Detail:
    return Detail(
        stage.name,
        _costs(stage.params, stage.mult_adds),
        numbers.shape(stage.input_shape),
        numbers.shape(stage.output_shape),
        tuple(_part(analysis, row) for row in stage.own_layers),
    )


def _blocks(stage: Stage) -> Detail:
    return Detail(
        f"stage {stage.number}",
        _costs(stage.params, stage.mult_adds),
        numbers.shape(stage.input_shape),
        numbers.shape(stage.output_shape),
        tuple(_group_part(group) for group in _few(stage.groups)),
    )


def _few(groups: Sequence[BlockGroup]) -> Iterator[BlockGroup]:
    """Yield the first and the last groups of a stage that has too many to be shown."""
    yield from groups[: _MOST_GROUPS - 1]
    yield from groups[max(_MOST_GROUPS - 1, len(groups) - 1) :]


def _group_part(group: BlockGroup) -> Part:
    first, last = numbers.count(group.first + 1), numbers.count(group.first + group.count)
    words = f"block {first}" if group.count == 1 else f"blocks {first} to {last}"
    figures = numbers.count(group.params) + ("" if group.count == 1 else " each")
    kind = group.block.shortcut
    note = "" if kind == "none" else shortcut(kind)
    return Part("blocks", words, group.block.output.shape, figures=figures, note=note, block=group.first)


def _block(analysis: Analysis, group: BlockGroup, number: int) -> Detail:
    spec, block = analysis.spec, group.block
    rows = [*group.layers(number)]
    main, side = _paths(analysis, rows)
    after = () if spec.preactivation else main[-1:]
    return Detail(
        place(analysis, group.stage, number),
        _costs(group.params, group.mult_adds),
        numbers.shape(block.input.shape),
        numbers.shape(block.output.shape),
        main[: len(main) - len(after)],
        after=after,
        side=side,
        shortcut=block.shortcut,
        fork=_fork(analysis, block.shortcut, main),
        meeting=None if block.shortcut == "none" else spec.merge,
    )


def _faulty_block(analysis: Analysis, fault: Fault) -> Detail:
    main, side = _paths(analysis, fault.layers)
    kind: ShortcutKind = side[0].kind if side and side[0].kind == "zero_pad" else "projection" if side else "identity"
    number = None if fault.block is None else fault.block - 1
    return Detail(
        place(analysis, fault.stage or 0, number),
        "the two paths meet with different shapes",
        numbers.shape(fault.input_shape or ()),
        "unknown",
        main,
        faulty=True,
        side=side,
        shortcut=kind,
        fork=_fork(analysis, kind, main),
        meeting="fault",
        contradiction=(numbers.shape(fault.main_shape or ()), numbers.shape(fault.shortcut_shape or ())),
    )


def _paths(analysis: Analysis, rows: Sequence[Layer]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the parts of main path and shortcut."""
    main = tuple(_part(analysis, row) for row in rows if row.branch == "main")
    side = tuple(_part(analysis, row) for row in rows if row.branch == "shortcut" or row.kind == "zero_pad")
    return main, side


def _fork(analysis: Analysis, kind: ShortcutKind, main: Sequence[Part]) -> int:
    """Return where the shortcut leaves: a projection of a pre-activated block behind its first activation."""
    if not (analysis.spec.preactivation and kind == "projection"):
        return 0
    return next(number for number, part in enumerate(main) if part.kind == "conv")


def _costs(params: int, operations: int) -> str:
    return f"{numbers.count(params)} parameters     {mult_adds(operations)}"


def _part(analysis: Analysis, row: Layer) -> Part:
    words, more = _words(analysis, row)
    note = f"{row.groups} groups" if row.groups and row.groups > 1 else ""
    figures = numbers.count(row.params) if row.params else ""
    return Part(row.kind, words, row.output_shape, more, figures, note, row)


def _words(analysis: Analysis, row: Layer) -> tuple[str, str]:
    """Return the two lines of a layer; the second is empty where it has room for parameters."""
    window = f"{row.kernel_size}×{row.kernel_size}" if row.kernel_size else ""
    stride = f"/{row.stride}" if row.stride and row.stride > 1 else ""
    if row.kind == "conv":
        return f"conv {window} {stride}".rstrip(), ""
    if row.kind == "pool":
        return ("max-pool", f"{window} {stride}".rstrip()) if window else ("average", "pool")
    if row.kind == "activation":
        first, _, second = analysis.spec.activation.partition("_")
        return first, second
    if row.kind == "zero_pad":
        return f"zero padding {stride}".rstrip(), ""
    names = {"norm": ("norm", ""), "drop_path": ("drop", "path"), "linear": ("dense", "")}
    return names.get(row.kind, (row.kind, ""))
