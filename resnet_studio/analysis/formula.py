"""Why this number? The formula behind each cell of the tables, with the design's own values in it.

Every explanation is computed when it is asked for, from the one block or stage that it is about: pure arithmetic,
well under a millisecond for any depth.
"""

from dataclasses import dataclass
from typing import Literal

from resnet_studio.analysis.formula_layers import layer_steps
from resnet_studio.analysis.formula_place import find
from resnet_studio.analysis.formula_stages import stage_name, stage_steps, total_steps
from resnet_studio.analysis.formula_words import WORDS, Quantity, Steps, memory
from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis, Stage

__all__ = ["Explanation", "Quantity", "explain_layer", "explain_stage", "explain_total"]


@dataclass(frozen=True)
class Explanation:
    """One number explained.

    Attributes:
        title: what is explained: "Parameters of layer3.0.conv2".
        rule: the general formula in the field's letters; for a number that is zero, the sentence that says why.
        terms: what each letter of the rule is, and its value here.
        lines: the rule with this design's values, step by step; the last ends with the value. A line that ends with
            a full stop is a remark.
        value: exactly the number in the cell, per image; None where the cell says "all".
        source: the paper or the definition that the rule comes from.
    """

    title: str
    rule: str
    terms: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    value: int | tuple[int, ...] | None
    source: str


def explain_layer(
    analysis: Analysis, layer: Layer, quantity: Quantity, *, batch_size: int | None = None, precision: str = "fp32"
) -> Explanation:
    """Explain a number of one layer, as yielded by `analysis.layers()`, those of a faulty block included.

    Args:
        analysis: the design.
        layer: the row, with its full path.
        quantity: which of its numbers.
        batch_size: images; with it the lines of activations go on to the bytes of a batch.
        precision: of the activations, `fp32`, `bf16` or `fp16`.

    Raises:
        ValueError: the layer is not one of the design's.
    """
    steps = layer_steps(analysis.spec, find(analysis, layer), quantity)
    return _explanation(layer.path, quantity, steps, getattr(layer, quantity), batch_size, precision)


def explain_stage(
    analysis: Analysis, stage: Stage, quantity: Quantity, *, batch_size: int | None = None, precision: str = "fp32"
) -> Explanation:
    """Explain a number of stem, stage or head: a sum over its layers, or over its distinct blocks.

    Args: as of `explain_layer`.
    """
    name = f"the {stage.name}" if stage.number is None else stage_name(stage)
    steps = stage_steps(analysis, stage, quantity)
    return _explanation(name, quantity, steps, getattr(stage, quantity), batch_size, precision)


def explain_total(
    analysis: Analysis,
    quantity: Literal["params", "mult_adds", "activations"],
    *,
    batch_size: int | None = None,
    precision: str = "fp32",
) -> Explanation:
    """Explain a total of the network: the sum over its stages, of a broken design over those ahead of the fault."""
    steps = total_steps(analysis, quantity)
    return _explanation(analysis.spec.name, quantity, steps, getattr(analysis, quantity), batch_size, precision)


def _explanation(
    name: str,
    quantity: Quantity,
    steps: Steps,
    value: int | tuple[int, ...] | None,
    batch_size: int | None,
    precision: str,
) -> Explanation:
    lines = steps.lines
    if quantity == "activations" and batch_size is not None and isinstance(value, int) and value:
        lines = (*lines, memory(value, batch_size, precision))
    title = f"{WORDS[quantity].capitalize()} of {name}"
    return Explanation(title, steps.rule, steps.terms, lines, value, steps.source)
