"""The whole network: stages of equal blocks counted once, totals, and the fault where a design breaks.

All blocks of a stage but the first have the same shapes, so a stage costs two block computations whatever its
number of blocks: ResNet-1202 is as quick as ResNet-18. (Concatenating blocks widen what follows: each has its own.)
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from resnet_studio.analysis.advice import advice
from resnet_studio.analysis.blocks import Block, BlockPlan, PathsDisagree, block, inner_width
from resnet_studio.analysis.findings import Finding, absurd_size, paths_disagree
from resnet_studio.analysis.layers import (
    Layer,
    NoRoom,
    Shape,
    Signal,
    View,
    activation,
    conv,
    elements,
    linear,
    norm,
    pool,
)
from resnet_studio.spec.network import NetworkSpec


@dataclass(frozen=True)
class BlockGroup:
    """Consecutive blocks of a stage with equal rows: numbers `first` to `first + count - 1`, from 0."""

    stage: int
    first: int
    count: int
    block: Block
    view_step: int

    def layers(self, number: int) -> Iterator[Layer]:
        """Yield the rows of one block of the group, by its number in the stage, with full paths."""
        prefix, wider = f"layer{self.stage}.{number}.", (number - self.first) * self.view_step
        for row in self.block.layers:
            view = None if row.receptive_field is None else row.receptive_field + wider
            yield replace(row, path=prefix + row.path, receptive_field=view)

    @cached_property
    def params(self) -> int:
        """Parameters of one block."""
        return sum(row.params for row in self.block.layers)

    @cached_property
    def mult_adds(self) -> int:
        """Multiply-adds of one block for one image."""
        return sum(row.mult_adds for row in self.block.layers)

    @cached_property
    def extra_mult_adds(self) -> int:
        """What torchinfo adds to the multiply-adds of one block."""
        return sum(row.extra_mult_adds for row in self.block.layers)

    @cached_property
    def activations(self) -> int:
        """Elements that one block keeps for the backward pass of one image."""
        return sum(row.activations for row in self.block.layers)


@dataclass(frozen=True)
class Stage:
    """Stem, stage1..stageN or head: rows outside of blocks, and groups of equal blocks."""

    name: str
    input_shape: Shape
    output_shape: Shape
    receptive_field: int | None
    own_layers: tuple[Layer, ...] = ()
    groups: tuple[BlockGroup, ...] = ()

    @property
    def number(self) -> int | None:
        """Number of the stage from 1; none for stem and head."""
        return int(self.name.removeprefix("stage")) if self.name.startswith("stage") else None

    @cached_property
    def blocks(self) -> int:
        """Number of blocks."""
        return sum(group.count for group in self.groups)

    @cached_property
    def params(self) -> int:
        """Parameters."""
        return self._total("params")

    @cached_property
    def mult_adds(self) -> int:
        """Multiply-adds for one image, as the literature counts them."""
        return self._total("mult_adds")

    @cached_property
    def extra_mult_adds(self) -> int:
        """What torchinfo adds to the multiply-adds."""
        return self._total("extra_mult_adds")

    @cached_property
    def activations(self) -> int:
        """Elements kept for the backward pass of one image."""
        return self._total("activations")

    def layers(self) -> Iterator[Layer]:
        """Yield all rows in the order in which the data flows."""
        yield from self.own_layers
        for group in self.groups:
            for number in range(group.first, group.first + group.count):
                yield from group.layers(number)

    def group_of(self, number: int) -> BlockGroup:
        """Return the group that holds a block, by its number in the stage from 0."""
        return next(group for group in self.groups if number < group.first + group.count)

    def _total(self, what: str) -> int:
        total: int = sum(getattr(row, what) for row in self.own_layers)
        total += sum(group.count * getattr(group, what) for group in self.groups)
        return total


@dataclass(frozen=True)
class Fault:
    """Where a design breaks; `stage` and `block` count from 1, 0 is the stem, `stage` None the head or the whole."""

    stage: int | None
    block: int | None
    message: str
    layers: tuple[Layer, ...] = ()
    input_shape: Shape | None = None
    main_shape: Shape | None = None
    shortcut_shape: Shape | None = None


@dataclass(frozen=True)
class Analysis:
    """What a design costs: the stages up to its fault, or all of them."""

    spec: NetworkSpec
    stages: tuple[Stage, ...]
    fault: Fault | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the design from being built."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @cached_property
    def params(self) -> int:
        """Parameters of the stages that are known."""
        return sum(stage.params for stage in self.stages)

    @cached_property
    def mult_adds(self) -> int:
        """Multiply-adds of the stages that are known, for one image."""
        return sum(stage.mult_adds for stage in self.stages)

    @cached_property
    def extra_mult_adds(self) -> int:
        """What torchinfo adds to the multiply-adds."""
        return sum(stage.extra_mult_adds for stage in self.stages)

    @cached_property
    def activations(self) -> int:
        """Elements kept for the backward pass of one image."""
        return sum(stage.activations for stage in self.stages)

    def layers(self) -> Iterator[Layer]:
        """Yield the rows of all known layers in the order in which the data flows, those of a faulty block too."""
        for stage in self.stages:
            yield from stage.layers()
        if self.fault:
            yield from self.fault.layers

    @property
    def depth(self) -> int:
        """Convolutions and dense layers on the main path: the number in a ResNet's name (He et al. 2015)."""
        stem = 1 if self.spec.stem else 0
        each = 3 if self.spec.block_type == "bottleneck" else 2
        return stem + each * sum(self.spec.block_sizes) + (0 if self.spec.num_classes is None else 1)


def analyse(spec: NetworkSpec) -> Analysis:
    """Return what the design costs, as far as it is valid. Pure arithmetic, well under a millisecond."""
    stages: list[Stage] = []
    try:
        signal = Signal(spec.input_shape, View())
        _check_groups(spec)
        if spec.stem:
            stages.append(_stem(spec, signal))
            signal = _after(stages[-1], signal)
        for number in range(1, len(spec.block_sizes) + 1):
            stage, signal = _stage(spec, number, signal)
            stages.append(stage)
        if spec.num_classes is not None:
            stages.append(_head(spec, signal))
    except _Broken as broken:
        return Analysis(spec, tuple(stages), broken.fault, (broken.finding,))
    whole = Analysis(spec, tuple(stages), None, ())
    too_large = absurd_size(whole.params, whole.activations)
    if too_large:
        return replace(whole, fault=Fault(None, None, too_large.message), findings=(too_large,))
    return replace(whole, findings=tuple(advice(spec, stages)))


class _Broken(Exception):
    def __init__(self, fault: Fault, finding: Finding) -> None:
        super().__init__(fault.message)
        self.fault, self.finding = fault, finding


def _check_groups(spec: NetworkSpec) -> None:
    """Refuse what no torch module can be: grouped basic blocks, a bottleneck of no width."""
    if spec.block_type == "basic" and (spec.groups != 1 or spec.width_per_group != 64):
        finding = Finding(
            "error",
            "network.groups",
            f"basic blocks have no groups: groups {spec.groups}, width_per_group {spec.width_per_group}",
            "Only a bottleneck's 3x3 convolution is grouped or widened.",
            mend_label="Use bottleneck blocks",
            mend={"network.block_type": "bottleneck"},
        )
        raise _Broken(Fault(None, None, finding.message), finding)
    if spec.block_type == "bottleneck":
        for number, channels in enumerate(spec.stage_channels, 1):
            if inner_width(spec, channels) < 1:
                least = -(-64 // min(spec.stage_channels))
                finding = Finding(
                    "error",
                    "network.width_per_group",
                    f"stage {number}: {channels} channels at width_per_group {spec.width_per_group} leave no channel "
                    "for the 3x3 convolution",
                    "The width of a group is channels x width_per_group / 64.",
                    mend_label=f"Set the width to {least}",
                    mend={"network.width_per_group": least},
                )
                raise _Broken(Fault(number, 1, finding.message), finding)


def _no_room(error: NoRoom, stage: int | None, block_number: int | None, field: str, place: str) -> _Broken:
    message, label, mend = f"{place}: {error}", "", {}
    if field == "network.head":
        label, mend = "Use a global average", {field: "global_avg"}
    finding = Finding("error", field, message, "Give a larger input, or smaller kernels and strides.", label, mend)
    return _Broken(Fault(stage, block_number, message), finding)


def _stem(spec: NetworkSpec, signal: Signal) -> Stage:
    stem = spec.stem
    if stem is None:
        raise ValueError("a network without stem has no stem to compute")
    try:
        channels = stem.channels or spec.stage_channels[0]
        row, after = conv("conv1", signal, channels, stem.kernel_size, stem.stride, bias=spec.conv_bias)
        rows = [row]
        if not spec.preactivation:
            rows += norm("bn1", after, stem.norm or spec.norm)
            rows.append(activation("act1", after, spec.activation))
        if stem.pool:
            row, after = pool("maxpool", after, 3, 2, 1)
            rows.append(row)
    except NoRoom as error:
        raise _no_room(error, 0, None, "network.stem.kernel_size", "stem") from None
    return Stage("stem", signal.shape, after.shape, after.view.size, own_layers=tuple(rows))


def _after(stem: Stage, before: Signal) -> Signal:
    """Return what leaves the stem."""
    view = before.view
    for row in stem.own_layers:
        if row.kernel_size and row.stride:
            view = view.through(row.kernel_size, row.stride)
    return Signal(stem.output_shape, view)


def _stage(spec: NetworkSpec, number: int, signal: Signal) -> tuple[Stage, Signal]:
    """Return a stage and what leaves it: its first block, and the rest that are all alike."""
    before, groups = signal.shape, []
    channels, stride = spec.stage_channels[number - 1], spec.strides[number - 1]
    done, blocks = 0, spec.block_sizes[number - 1]
    while done < blocks:
        here = _block(spec, signal, BlockPlan(channels, stride), number, done)
        alike = here.output.shape == signal.shape and stride == 1
        count = blocks - done if alike else 1
        step = here.output.view.size - signal.view.size
        groups.append(BlockGroup(number, done, count, here, step))
        end = here.output
        signal = Signal(end.shape, View(end.view.size + (count - 1) * step, end.view.jump))
        done, stride = done + count, 1
    return Stage(f"stage{number}", before, signal.shape, signal.view.size, groups=tuple(groups)), signal


def _block(spec: NetworkSpec, signal: Signal, plan: BlockPlan, stage: int, number: int) -> Block:
    try:
        return block(spec, signal, plan)
    except PathsDisagree as error:
        prefix = f"layer{stage}.{number}."
        fault = Fault(
            stage,
            number + 1,
            f"stage {stage}, block {number + 1}: {error}",
            tuple(replace(row, path=prefix + row.path) for row in error.layers),
            signal.shape,
            error.main,
            error.shortcut,
        )
        raise _Broken(fault, paths_disagree(spec, fault.message, signal.shape, plan)) from None
    except NoRoom as error:
        place = f"stage {stage}, block {number + 1}"
        raise _no_room(error, stage, number + 1, f"network.strides.{stage - 1}", place) from None


def _head(spec: NetworkSpec, signal: Signal) -> Stage:
    if spec.num_classes is None:
        raise ValueError("a network without classes has no head to compute")
    before, rows = signal.shape, []
    if spec.preactivation:
        rows += norm("norm_last", signal, spec.norm)
        rows.append(activation("act_last", signal, spec.activation))
    if spec.head == "global_avg":
        shape: Shape = (signal.shape[0], 1, 1)
        rows.append(Layer("avgpool", "pool", signal.shape, shape, activations=elements(shape)))
    else:
        try:
            row, signal = pool("maxpool_last", signal, 2, 2, 0)
        except NoRoom as error:
            raise _no_room(error, None, None, "network.head", "head") from None
        rows.append(row)
        shape = signal.shape
    features = elements(shape)
    rows.append(Layer("flatten", "flatten", shape, (features,)))
    if spec.dropout:
        rows.append(Layer("dropout", "dropout", (features,), (features,)))
    rows.append(linear("fc", features, spec.num_classes))
    return Stage("head", before, (spec.num_classes,), None, own_layers=tuple(rows))
