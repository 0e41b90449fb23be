"""`summary`: what a network costs, row by row, and whether torchinfo agrees."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resnet_studio.analysis.cost import backward_flops, forward_flops
from resnet_studio.analysis.departures import departures, depth_in_words, remarks
from resnet_studio.analysis.layers import Layer, text
from resnet_studio.analysis.ledger import LedgerRow, ledger
from resnet_studio.analysis.network import Analysis, Stage, analyse
from resnet_studio.cli.options import Json, Network
from resnet_studio.cli.outcome import DONE, FAILED, WrongUsageError, say
from resnet_studio.cli.output import emit, show_table
from resnet_studio.cli.wanted import network as network_named
from resnet_studio.spec.presets import Preset, presets

if TYPE_CHECKING:
    from resnet_studio.model.torchinfo_view import Opinion

LEVELS = ("stage", "block", "layer")
_COLUMNS = [
    ("", False),
    ("kind", False),
    ("output", False),
    ("kernel", False),
    ("parameters", True),
    ("mult-adds", True),
    ("share", True),
    ("sees", True),
    ("activations", True),
]

Depth = Annotated[
    str, typer.Option("--depth", metavar="stage,block,layer", help="Which rows the table has, one or several of these.")
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Let torchinfo go through the whole network, not one of each equal blocks.")
]


def summary(network: Network, as_json: Json = False, depth: Depth = "stage", verify: Verify = False) -> int:
    """Show shapes, parameters, multiply-adds, receptive field and activations of a network."""
    levels = depth.split(",")
    if not set(levels) <= set(LEVELS):
        raise WrongUsageError(f"--depth: {depth!r} is none of {', '.join(LEVELS)}, nor several of them with commas.")
    analysis = analyse(network_named(network))
    if not as_json:
        _show(analysis, levels)
    opinion = _opinion(analysis, whole=verify)
    if as_json:
        emit(_as_json(analysis, opinion))
    return _conclusion(analysis, opinion, quiet=as_json)


def _opinion(analysis: Analysis, *, whole: bool) -> "Opinion | None":
    if analysis.errors:
        return None
    from resnet_studio.model.torchinfo_view import confirm

    return confirm(analysis, whole=whole)


def _conclusion(analysis: Analysis, opinion: "Opinion | None", *, quiet: bool) -> int:
    """Say what torchinfo says, or why there is no such network; return the exit code."""
    if opinion is None:
        say(f"{analysis.spec.name} can't be built: {analysis.errors[0].message}.")
        return FAILED
    if not opinion.agrees:
        say(f"torchinfo disagrees with the table: {opinion.differences[0]}.")
        return FAILED
    if not quiet:
        how = "the whole network" if opinion.whole else "one of each equal blocks; --verify looks at all"
        print(f"torchinfo agrees ({how})")
    return DONE


# ---- the table


def _show(analysis: Analysis, levels: list[str]) -> None:
    spec = analysis.spec
    classes = "no head" if spec.num_classes is None else f"{spec.num_classes:,} classes"
    print(f"{spec.name}: input {text(spec.input_shape)}, {classes}, {analysis.depth} layers deep")
    print(f"depth {depth_in_words(spec)}")
    show_table(_COLUMNS, list(_rows(analysis, levels)))
    if not analysis.errors:
        forward, backward = (f"{flops / 1e9:,.3f}" for flops in (forward_flops(analysis), backward_flops(analysis)))
        print(f"{analysis.params:,} parameters, {analysis.mult_adds:,} multiply-adds an image")
        print(f"{forward} GFLOPs forward and {backward} backward an image")
    _show_literature(analysis)
    for finding in analysis.findings:
        detail = f" ({finding.detail.rstrip('.')})" if finding.detail else ""
        print(f"{finding.severity}: {finding.field}: {finding.message}{detail}")


def _show_literature(analysis: Analysis) -> None:
    """Print how the design departs from its preset and the papers, and what was published of it."""
    preset = _preset(analysis)
    for phrase in departures(analysis.spec, preset) if preset else ():
        print(f"departs: {phrase}")
    for remark in remarks(analysis.spec, preset):
        print(f"remark: {remark}")
    for row in ledger(analysis, preset) if preset else ():
        print(_ledger_line(row))
    if preset and preset.unpublished:
        print(f"published: nothing, {preset.unpublished}")


def _preset(analysis: Analysis) -> Preset | None:
    """Return the preset after which the design is named."""
    return presets().get(analysis.spec.name)


def _ledger_line(row: LedgerRow) -> str:
    here = {True: " (agrees)", False: f" (here {row.here_text})", None: ""}[row.agrees]
    note = f": {row.note}" if row.note else ""
    return f"published: {row.quantity} {row.published_text}{here}, {row.source}{note}"


def _rows(analysis: Analysis, levels: list[str]) -> Iterator[list[str]]:
    for stage in analysis.stages:
        if "stage" in levels:
            kind = f"{stage.blocks:,} blocks" if stage.blocks > 1 else "1 block" if stage.blocks else ""
            view = stage.receptive_field
            yield _row(analysis, stage.name, kind, text(stage.output_shape), "", stage, view)
        if "layer" in levels:
            yield from (_layer_row(analysis, layer) for layer in stage.own_layers)
        yield from _block_rows(analysis, stage, levels)
    if analysis.fault and "layer" in levels:
        yield from (_layer_row(analysis, layer) for layer in analysis.fault.layers)


def _block_rows(analysis: Analysis, stage: Stage, levels: list[str]) -> Iterator[list[str]]:
    for number in range(stage.blocks):
        group = stage.group_of(number)
        if "block" in levels:
            name, view = f"layer{stage.number}.{number}", group.block.output.view.size
            view += (number - group.first) * group.view_step
            yield _row(analysis, name, group.block.shortcut, text(group.block.output.shape), "", group, view)
        if "layer" in levels:
            yield from (_layer_row(analysis, layer) for layer in group.layers(number))


def _layer_row(analysis: Analysis, layer: Layer) -> list[str]:
    kernel = "" if layer.kernel_size is None else f"{layer.kernel_size}x{layer.kernel_size}"
    kernel += f" /{layer.stride}" if (layer.stride or 1) > 1 else ""
    kernel += f" in {layer.groups} groups" if (layer.groups or 1) > 1 else ""
    return _row(analysis, layer.path, layer.kind, text(layer.output_shape), kernel, layer, layer.receptive_field)


def _row(analysis: Analysis, name: str, kind: str, output: str, kernel: str, cost: Any, view: int | None) -> list[str]:
    share = f"{100 * cost.params / analysis.params:.1f} %" if analysis.params else ""
    counts = [f"{cost.params:,}", f"{cost.mult_adds:,}", share, "" if view is None else f"{view:,}"]
    return [name, kind, output, kernel, *counts, f"{cost.activations:,}"]


# ---- the JSON


def _as_json(analysis: Analysis, opinion: "Opinion | None") -> dict[str, Any]:
    whole, preset = not analysis.errors, _preset(analysis)
    return {
        "name": analysis.spec.name,
        "input_shape": analysis.spec.input_shape,
        "total_params": analysis.params if whole else None,
        "trainable_params": analysis.params if whole else None,
        "mult_adds": analysis.mult_adds if whole else None,
        "activations": analysis.activations if whole else None,
        "flops": {"forward": forward_flops(analysis), "backward": backward_flops(analysis)} if whole else None,
        "depth": analysis.depth,
        "depth_in_words": depth_in_words(analysis.spec),
        "remarks": remarks(analysis.spec, preset),
        "departures": departures(analysis.spec, preset) if preset else (),
        "ledger": [asdict(row) | {"agrees": row.agrees} for row in ledger(analysis, preset)] if preset else [],
        "stages": [_stage_as_json(stage) for stage in analysis.stages],
        "layers": [asdict(layer) for layer in analysis.layers()],
        "findings": [asdict(finding) for finding in analysis.findings],
        "torchinfo": None
        if opinion is None
        else {
            "total_params": opinion.total_params,
            "mult_adds": opinion.mult_adds,
            "agrees": opinion.agrees,
            "differences": opinion.differences,
            "whole": opinion.whole,
        },
    }


def _stage_as_json(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "input_shape": stage.input_shape,
        "output_shape": stage.output_shape,
        "blocks": stage.blocks,
        "params": stage.params,
        "mult_adds": stage.mult_adds,
        "activations": stage.activations,
        "receptive_field": stage.receptive_field,
    }
