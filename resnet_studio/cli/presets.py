"""`presets`: the networks of the literature."""

from dataclasses import asdict
from typing import Any

from resnet_studio.analysis.layers import text
from resnet_studio.analysis.network import analyse
from resnet_studio.cli.options import Json
from resnet_studio.cli.output import emit, show_table
from resnet_studio.spec.presets import Preset
from resnet_studio.spec.presets import presets as all_presets


def presets(as_json: Json = False) -> None:
    """List the networks of the literature that can be named."""
    if as_json:
        emit([_as_json(preset) for preset in all_presets().values()])
        return
    rows = []
    for preset in all_presets().values():
        network, analysis = preset.network, analyse(preset.network)
        classes = "" if network.num_classes is None else f"{network.num_classes:,}"
        rows.append(
            [
                *(preset.name, text(network.input_shape), classes),
                *(f"{analysis.params:,}", f"{analysis.mult_adds:,}", preset.note),
            ]
        )
    show_table(
        [("name", False), ("input", False), ("classes", True), ("parameters", True), ("mult-adds", True), ("", False)],
        rows,
    )


def _as_json(preset: Preset) -> dict[str, Any]:
    analysis = analyse(preset.network)
    row: dict[str, Any] = {
        "name": preset.name,
        "input_shape": preset.network.input_shape,
        "num_classes": preset.network.num_classes,
        "total_params": analysis.params,
        "mult_adds": analysis.mult_adds,
        "published": [asdict(figure) for figure in preset.published],
    }
    return row | {"unpublished": preset.unpublished} if preset.unpublished else row
