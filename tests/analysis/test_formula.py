"""Every number is explained by arithmetic that gives that number: what is printed is worked out again."""

import math
import re
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.analysis.formula import Explanation, Quantity, explain_layer, explain_stage, explain_total
from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis, Stage, analyse
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
SUMMED = ("params", "mult_adds", "activations")
SHAPE = re.compile(r"\d+(×\d+)+")
NAME = re.compile(r"[A-Za-z_]+( = [A-Za-z_]+)?|C_out × H_out × W_out|multiply-adds")
SIGNS = {"×": "*", "−": "-", "²": "**2", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", ",": ""}

Values = dict[str, Any]


def evaluate(text: str, values: Values | None = None) -> Fraction:
    """Work out a written expression exactly."""
    for sign, code in SIGNS.items():
        text = text.replace(sign, code)
    text = re.sub(r"(?<=\d)(?=[a-z]\b)", "*", text)
    text = re.sub(r"\b\d+\b", r"Fraction(\g<0>)", text)
    assert re.fullmatch(r"[\w\s()+*/-]+", text), text
    names = {"Fraction": Fraction, "floor": math.floor, "ceil": math.ceil, **(values or {})}
    return Fraction(eval(text, {"__builtins__": {}}, names))  # noqa: S307 - of the program's own text


def worked_out(line: str) -> Fraction | tuple[int, ...]:
    """Return what a line comes to, all of whose sides have to come to the same."""
    line = re.sub(r"^[^=]+: ", "", line)
    sides = line.split(" = ")
    while NAME.fullmatch(sides[0]):
        sides = sides[1:]
    if SHAPE.fullmatch(sides[-1]):
        assert len(sides) == 1, line
        return tuple(map(int, sides[0].split("×")))
    results = [evaluate(side) for side in sides]
    assert len(set(results)) == 1, line
    return results[-1]


def remark(line: str) -> bool:
    return line.endswith(".")


def check(said: Explanation, value: int | tuple[int, ...] | None) -> None:
    """Compare an explanation with the number in the cell."""
    assert said.value == value
    assert said.title[0].isupper()
    assert said.rule
    assert said.source
    results = [worked_out(line) for line in said.lines if not remark(line)]
    if value is None:
        assert results == []
        return
    assert not remark(said.lines[-1])
    expected = value[0] if isinstance(value, tuple) and len(value) == 1 else value
    assert results[-1] == expected, said
    if isinstance(value, tuple) and len(value) == 3:
        sides = [line for line in said.lines if "H_out = " in line or "W_out = " in line][:-1]
        check_sides(sides, value)


def check_sides(lines: list[str], shape: tuple[int, ...]) -> None:
    """Compare the height and width that were worked out last with a shape."""
    for name, side in (("H_out", shape[1]), ("W_out", shape[2])):
        about = [line for line in lines if f"{name} = " in line]
        assert not about or worked_out(about[-1]) == side


def check_rule(said: Explanation) -> None:
    """Put the terms into the rule of a layer: it has to give the number in the cell."""
    values: Values = {}
    for letters, written in said.terms:
        shape = tuple(map(int, written.replace(",", "").split("×")))
        names = re.split(r" and | × ", letters.partition(",")[0])
        values |= dict(zip(names, shape * len(names) if len(shape) == 1 else shape, strict=False))
    if " " not in said.rule.strip() or said.rule.endswith(".") or ":" in said.rule or "likewise" in said.rule:
        return
    side = said.rule.split(" = ")[-1]
    assert evaluate(side, values) == said.value or isinstance(said.value, tuple), said


def explain_all(analysis: Analysis) -> None:
    for quantity in QUANTITIES:
        for row in analysis.layers():
            said = explain_layer(analysis, row, quantity)
            check(said, getattr(row, quantity))
            check_rule(said)
        for stage in analysis.stages:
            check(explain_stage(analysis, stage, quantity), getattr(stage, quantity))
    for quantity in SUMMED:
        check(explain_total(analysis, quantity), getattr(analysis, quantity))


@settings(max_examples=200)
@given(...)
def test_what_is_printed_comes_to_the_number_in_the_cell(network: NetworkSpec) -> None:
    explain_all(analyse(network))
