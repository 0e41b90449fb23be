"""torchinfo as the second opinion: every row of the table confirmed on the built module.

The module is built on the meta device, so that ResNet-152 allocates nothing. Equal blocks are confirmed once and
composed, which keeps ResNet-1202 quick; `whole=True` runs torchinfo over the entire network instead.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
import torchinfo

from resnet_studio.analysis.layers import Layer, text
from resnet_studio.analysis.network import Analysis
from resnet_studio.model.network import ResNet, build
from resnet_studio.spec.network import NetworkSpec


@dataclass(frozen=True)
class Opinion:
    """What torchinfo counts, and the rows of the table where it differs.

    `mult_adds` is torchinfo's own number, with norm parameters and biases. `whole` is false where one of each equal
    blocks was summarised and the totals were composed.
    """

    total_params: int
    mult_adds: int
    differences: tuple[str, ...]
    whole: bool

    @property
    def agrees(self) -> bool:
        """Whether every row of the table is confirmed."""
        return not self.differences


@dataclass(frozen=True)
class Seen:
    """One leaf module as torchinfo sees it; shapes without the batch."""

    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    params: int
    mult_adds: int


def confirm(analysis: Analysis, *, whole: bool = False, stale: Callable[[], bool] = lambda: False) -> Opinion | None:
    """Compare the table with torchinfo's view of the module built from the same design.

    Args:
        analysis: of a design without errors.
        whole: summarise the entire network instead of one of each equal blocks.
        stale: asked before the network is summarised and before each of its modules; when true, the answer is no
            longer wanted, and whoever waits for this thread's interpreter gets it at once.

    Returns:
        The opinion, or None where it was no longer wanted.
    """
    small = analysis.spec if whole else _shortened(analysis.spec)
    network = build(small, device="meta")
    try:
        seen = _see(network, small, stale)
    except RuntimeError as error:  # torchinfo's word for whatever a module raised
        if isinstance(error.__cause__, _StaleError):
            return None
        raise
    outside = [row for stage in analysis.stages for row in stage.own_layers]
    differences = list(_compare(outside, seen))
    params, mult_adds = _sum(seen[row.path] for row in outside if row.path in seen)
    looked_at = {row.path for row in outside}
    for stage in analysis.stages:
        wanted = analysis.spec.block_sizes[stage.number - 1] if stage.number else 0
        if stage.blocks != wanted:
            differences.append(f"{stage.name}: {stage.blocks:,} blocks in the table, {wanted:,} in the design")
        for group in stage.groups:
            end = group.first + group.count
            # in the short network, the second block stands for all that follow it
            numbers = range(group.first, end if small is analysis.spec else min(end, 2))
            for number in numbers:
                rows = list(group.layers(number))
                differences += _compare(rows, seen)
                looked_at.update(row.path for row in rows)
                some_params, some_mult_adds = _sum(seen[row.path] for row in rows if row.path in seen)
                stands_for = end - number if number == numbers[-1] else 1
                params, mult_adds = params + stands_for * some_params, mult_adds + stands_for * some_mult_adds
    differences += [f"{path}: a module of the network, but no row of the table" for path in seen.keys() - looked_at]
    if not differences and params != analysis.params:
        differences.append(f"total: {analysis.params:,} parameters in the table, {params:,} in torchinfo")
    return Opinion(params, mult_adds, tuple(differences), whole or small is analysis.spec)


def _shortened(spec: NetworkSpec) -> NetworkSpec:
    """Return the design with at most two blocks a stage; concatenating blocks all differ and stay."""
    if spec.merge == "concat" or max(spec.block_sizes) <= 2:
        return spec
    sizes = tuple(min(blocks, 2) for blocks in spec.block_sizes)
    return NetworkSpec.model_validate(spec.model_dump() | {"block_sizes": sizes})


class _StaleError(Exception):
    """The answer is no longer wanted."""


def _see(network: ResNet, spec: NetworkSpec, stale: Callable[[], bool]) -> dict[str, Seen]:
    """Return torchinfo's leaves by module path; identities, which stand where nothing is, left out."""

    def give_up_where_stale(*_: object) -> None:
        if stale():
            raise _StaleError

    for module in network.modules():
        module.register_forward_pre_hook(give_up_where_stale)
    paths = {id(module): path for path, module in network.named_modules()}
    with torch.device("meta"):
        result = torchinfo.summary(network, input_size=(1, *spec.input_shape), device="meta", mode="eval", verbose=0)
    leaves = [info for info in result.summary_list if info.is_leaf_layer and info.class_name != "Identity"]
    return {
        paths[info.layer_id]: Seen(tuple(info.input_size[1:]), tuple(info.output_size[1:]), info.num_params, info.macs)
        for info in leaves
    }


def _compare(rows: Iterable[Layer], seen: dict[str, Seen]) -> Iterator[str]:
    """Yield what differs, row by row; multiply-adds once torchinfo's norm and bias terms are taken off."""
    for row in rows:
        module = seen.get(row.path)
        if module is None:
            yield f"{row.path}: no such module in the network"
        elif module.params != row.params:
            yield f"{row.path}: {row.params:,} parameters in the table, {module.params:,} in torchinfo"
        elif (module.input_shape, module.output_shape) != (row.input_shape, row.output_shape):
            ours, theirs = f"{text(row.input_shape)} to {text(row.output_shape)}", f"{text(module.input_shape)} to "
            yield f"{row.path}: {ours} in the table, {theirs}{text(module.output_shape)} in torchinfo"
        elif module.mult_adds - row.extra_mult_adds != row.mult_adds:
            theirs = f"{module.mult_adds - row.extra_mult_adds:,} in torchinfo"
            yield f"{row.path}: {row.mult_adds:,} multiply-adds in the table, {theirs}"


def _sum(modules: Iterable[Seen]) -> tuple[int, int]:
    modules = list(modules)
    return sum(one.params for one in modules), sum(one.mult_adds for one in modules)
