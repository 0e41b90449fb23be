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


def row_of(analysis: Analysis, path: str) -> Layer:
    return next(row for row in analysis.layers() if row.path == path)


def layer(name: str, path: str, quantity: Quantity, **changes: Any) -> Explanation:
    analysis = analyse(NetworkSpec.model_validate(preset(name).model_dump() | changes))
    return explain_layer(analysis, row_of(analysis, path), quantity)


def stage(name: str, place: int, quantity: Quantity, **changes: Any) -> Explanation:
    analysis = analyse(NetworkSpec.model_validate(preset(name).model_dump() | changes))
    return explain_stage(analysis, analysis.stages[place], quantity)


def test_a_convolution_of_resnet50() -> None:
    said = layer("resnet50", "layer3.0.conv2", "params")
    assert said.title == "Parameters of layer3.0.conv2"
    assert said.rule == "C_out × C_in × k²"
    assert said.terms == (("C_out, output channels", "256"), ("C_in, input channels", "256"), ("k, kernel size", "3"))
    assert said.lines == ("width of the 3×3: ⌊256 × 64 / 64⌋ × 1 = 256", "256 × 256 × 3² = 589,824")
    assert "torchvision" in said.source


def test_the_view_of_a_repeated_block_is_its_own() -> None:
    assert layer("resnet50", "layer3.0.conv2", "receptive_field").lines == ("r_out = 91 + (3 − 1) × 8 = 107",)
    # 107 behind the first block, and 32 more for each of the three that follow it
    said = layer("resnet50", "layer3.4.conv2", "receptive_field")
    assert said.lines[-1] == "r_out = 203 + (3 − 1) × 16 = 235"


def test_groups_divide_the_input_channels() -> None:
    said = layer("resnext50_32x4d", "layer2.0.conv2", "params")
    assert said.rule == "C_out × (C_in / g) × k²"
    assert said.lines == ("width of the 3×3: ⌊128 × 4 / 64⌋ × 32 = 256", "256 × (256 / 32) × 3² = 18,432")
    assert "Xie et al. 2017" in said.source


def test_a_bias_is_a_parameter_and_no_multiply_add() -> None:
    assert layer("athena_basic", "conv1", "params").lines == ("64 × 1 × 3² + 64 = 640",)
    assert layer("athena_basic", "conv1", "mult_adds").lines[0] == "The bias is not counted."


@pytest.mark.parametrize(
    ("path", "quantity", "word"),
    [
        ("layer1.0.act1", "activations", "A ReLU works in place: it keeps no output of its own."),
        ("layer1.0.act1", "params", "nothing to learn"),
        ("layer1.0.bn1", "mult_adds", "Norms are not counted"),
        ("layer2.0.downsample", "params", "Zero padding"),
        ("layer2.0.downsample", "activations", "sum"),
        ("flatten", "activations", "Flatten makes no new tensor"),
        ("layer1.0.dropout", "activations", "Dropout"),
        ("layer1.0.drop_path", "mult_adds", "Drop path"),
        ("dropout", "params", "Dropout"),
    ],
)
def test_a_zero_says_why(path: str, quantity: Quantity, word: str) -> None:
    said = layer("cifar_resnet20", path, quantity, dropout=0.1, block_dropout=0.1, drop_path=0.1)
    assert (said.value, said.lines[-1][-3:]) == (0, "= 0")
    assert word in said.rule
    assert said.rule.endswith(".")


@pytest.mark.parametrize(("activation", "kept"), [("relu", 0), ("leaky_relu", 0), ("gelu", 16_384), ("silu", 16_384)])
def test_smooth_activations_are_kept(activation: str, kept: int) -> None:
    assert layer("cifar_resnet20", "layer1.0.act1", "activations", activation=activation).value == kept


@pytest.mark.parametrize(("norm", "source"), [("batch", "Ioffe and Szegedy 2015"), ("group", "Wu and He 2018")])
def test_a_norm_names_its_paper(norm: str, source: str) -> None:
    assert source in layer("cifar_resnet20", "layer1.0.bn1", "params", norm=norm).source
    stem = {"channels": 16, "kernel_size": 3, "stride": 1, "pool": False, "norm": norm}
    assert source in layer("cifar_resnet20", "bn1", "params", stem=stem).source


def test_a_head_sees_all() -> None:
    said = stage("resnet50", -1, "receptive_field")
    assert (said.value, said.lines) == (None, ("All of the 224×224 image.",))
    assert "together" in layer("athena_basic", "flatten", "receptive_field").rule
    assert "global average" in layer("resnet50", "flatten", "receptive_field").rule


def test_a_view_larger_than_the_image_says_so() -> None:
    assert (
        "That is larger than the 224×224 image: part of it is padding." in stage("resnet50", 4, "receptive_field").lines
    )


def test_equal_blocks_widen_the_view_equally() -> None:
    assert stage("resnet18", 1, "receptive_field").lines == (
        "blocks 1 and 2, each: (3 − 1) × 4 + (3 − 1) × 4 = 16",
        "r_out = 11 + 2 × 16 = 43",
    )
    assert stage("resnet50", 1, "receptive_field").lines[-1] == "r_out = 11 + 8 + 2 × 8 = 35"


def test_paths_side_by_side_add_their_channels() -> None:
    assert layer("athena_concat", "layer1.0.act2", "output_shape").lines[0] == "both paths side by side: 64 + 64 = 128"
    said = layer("athena_concat", "layer1.1.conv1", "params", block_sizes=(2,))
    assert said.lines[0] == "C_in from both paths of the block before: 64 + 64 = 128"
    assert "C_out = 64 + 2 × 64 = 192" in stage("athena_concat", 1, "output_shape", block_sizes=(2,)).lines


def test_zero_padding_says_how_many_zeros() -> None:
    said = layer("cifar_resnet20", "layer2.0.downsample", "output_shape")
    assert said.lines == (
        "C_out = 16 + 8 + 8 = 32",
        "H_out = W_out = ⌈32 / 2⌉ = 16",
        "C_out × H_out × W_out = 32×16×16",
    )


def test_a_stage_is_the_sum_of_its_distinct_blocks() -> None:
    said = stage("resnet50", 3, "params")
    assert said.title == "Parameters of stage 3"
    assert said.lines == (
        "block 1: 1,512,448",
        "blocks 2 to 6: 5 × 1,117,184 = 5,585,920",
        "1,512,448 + 5,585,920 = 7,098,368",
    )


def test_a_thousand_different_blocks_are_still_a_few_lines() -> None:
    said = stage("athena_concat", 1, "params", block_sizes=(1000,), channels=(4,))
    check(said, said.value)
    assert len(said.lines) == 5
    assert said.lines[3].startswith("blocks 4 to 1,000, each wider than the one before: ")


def test_a_total_is_the_sum_of_its_stages() -> None:
    said = explain_total(analyse(preset("resnet18")), "params")
    assert said.title == "Parameters of resnet18"
    assert said.lines[-1].endswith(" + 513,000 = 11,689,512")


def test_the_total_of_a_broken_design_says_what_is_left_out() -> None:
    analysis = analyse(NetworkSpec(shortcut="identity"))
    said = explain_total(analysis, "params")
    assert said.value == analysis.params
    assert said.lines[0] == "Only what stands ahead of the fault is counted."
    assert said.lines[1:3] == ("stem: 9,536", "stage 1: 147,968")
    nothing = explain_total(analyse(NetworkSpec(groups=32)), "params")
    assert (nothing.value, nothing.lines[-1]) == (0, "parameters = 0")
    assert "fault" not in explain_total(analyse(preset("resnet18")), "params").lines[0]


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
