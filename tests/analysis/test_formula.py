"""Every number is explained by arithmetic that gives that number: what is printed is worked out again."""

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal, get_args

import pytest
from hypothesis import assume, given, settings

from resnet_studio.analysis.formula import Explanation, Quantity, explain_layer, explain_stage, explain_total
from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.network import Analysis, BlockGroup, analyse
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset, presets

QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
SUMMED: tuple[Literal["params", "mult_adds", "activations"], ...] = ("params", "mult_adds", "activations")
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
        check_sides([line for line in said.lines if "⌊" in line or "⌈" in line], value)


def check_sides(lines: list[str], shape: tuple[int, ...]) -> None:
    """Compare the height and width that were worked out last with a shape."""
    for name, side in (("H_out", shape[1]), ("W_out", shape[2])):
        about = [line for line in lines if f"{name} = " in line]
        assert not about or worked_out(about[-1]) == side


def letters(said: Explanation) -> Values:
    """Return what each letter of the rule stands for."""
    values: Values = {}
    for words, written in said.terms:
        names = re.split(r" and | × ", words.partition(",")[0])
        numbers = [int(number) for number in written.replace(",", "").split("×")]
        values |= dict(zip(names, numbers * (len(names) // len(numbers)), strict=True))
    return values


def check_rule(said: Explanation, row: Layer, quantity: Quantity) -> None:
    """Put the terms into the rule of a layer: it has to give the number in the cell, too."""
    if said.rule.endswith("."):
        assert said.value in {0, None} or row.input_shape == row.output_shape
        return
    value = said.value
    clauses = dict(re.findall(r"(\w+) = ([^,]+)", said.rule))
    if quantity == "output_shape":
        if row.kernel_size or row.kind == "zero_pad":
            assert any("⌊" in line or "⌈" in line for line in said.lines)
            assert evaluate(clauses["H_out"], letters(said)) == row.output_shape[1]
        return
    assert evaluate(said.rule.rpartition(" = ")[2], letters(said)) == value, said


def check_all(analysis: Analysis) -> None:
    for quantity in QUANTITIES:
        for row in analysis.layers():
            said = explain_layer(analysis, row, quantity)
            check(said, getattr(row, quantity))
            check_rule(said, row, quantity)
        for stage in analysis.stages:
            check(explain_stage(analysis, stage, quantity), getattr(stage, quantity))
    for summed in SUMMED:
        check(explain_total(analysis, summed), getattr(analysis, summed))


@settings(max_examples=100)
@given(...)
def test_what_is_printed_comes_to_the_number_in_the_cell(network: NetworkSpec) -> None:
    check_all(analyse(network))


@given(...)
def test_a_broken_design_is_explained_up_to_its_fault(network: NetworkSpec) -> None:
    analysis = analyse(network.model_copy(update={"shortcut": "identity"}))
    assume(analysis.fault)
    check_all(analysis)


@pytest.mark.parametrize("name", ["resnet50", "resnext50_32x4d", "cifar_resnet20", "preact_resnet110", "athena_concat"])
def test_presets(name: str) -> None:
    check_all(analyse(preset(name)))


@pytest.mark.parametrize("name", presets())
def test_the_stages_and_totals_of_every_preset(name: str) -> None:
    analysis = analyse(preset(name))
    for quantity in QUANTITIES:
        for stage in analysis.stages:
            check(explain_stage(analysis, stage, quantity), getattr(stage, quantity))
    for summed in SUMMED:
        check(explain_total(analysis, summed), getattr(analysis, summed))


def test_a_thousand_different_blocks_are_still_a_few_lines() -> None:
    wide = {"merge": "concat", "block_sizes": (1000,), "channels": (4,), "input_shape": (3, 32, 32)}
    analysis = analyse(NetworkSpec.model_validate(wide))
    said = explain_stage(analysis, analysis.stages[1], "params")
    check(said, analysis.stages[1].params)
    assert len(said.lines) == 5
    assert said.lines[3].startswith("blocks 4 to 1,000, each wider than the one before: ")


def row_of(analysis: Analysis, path: str) -> Layer:
    return next(row for row in analysis.layers() if row.path == path)


@pytest.mark.parametrize("path", ["conv9", "layer9.0.conv1", "layer1.7.conv1", "layer1.0.conv9"])
def test_a_layer_of_another_design_is_refused(path: str) -> None:
    stranger = Layer(path, "conv", (3, 8, 8), (4, 8, 8))
    with pytest.raises(ValueError, match=f"{path} is no layer of resnet18"):
        explain_layer(analyse(preset("resnet18")), stranger, "params")


def test_one_cell_of_a_deep_network_computes_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analyse(preset("cifar_resnet1202"))
    last = analysis.stages[3]
    row = next(last.groups[-1].layers(199))

    def no_rows(*_: object) -> Iterator[Layer]:
        raise AssertionError("rows of the whole network were made")

    monkeypatch.setattr(Analysis, "layers", no_rows)
    monkeypatch.setattr(BlockGroup, "layers", no_rows)
    for quantity in QUANTITIES:
        assert explain_layer(analysis, row, quantity).value == getattr(row, quantity)
        assert explain_stage(analysis, last, quantity).value == getattr(last, quantity)


def test_a_batch_goes_on_to_bytes() -> None:
    analysis = analyse(preset("resnet50"))
    row, whole = row_of(analysis, "conv1"), analysis.stages[3]
    said = explain_layer(analysis, row, "activations", batch_size=128)
    assert said.value == 802_816
    assert said.lines[-1] == "802,816 × 128 images × 4 bytes = 411,041,792 bytes = 392.0 MiB"
    half = explain_layer(analysis, row, "activations", batch_size=1, precision="bf16")
    assert half.lines[-1] == "802,816 × 1 image × 2 bytes = 1,605,632 bytes = 1.5 MiB"
    stage_line = explain_stage(analysis, whole, "activations", batch_size=128).lines[-1]
    assert stage_line == "4,315,136 × 128 images × 4 bytes = 2,209,349,632 bytes = 2,107.0 MiB = 2.06 GiB"
    assert explain_layer(analysis, row, "params", batch_size=128) == explain_layer(analysis, row, "params")
