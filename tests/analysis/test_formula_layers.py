"""What is said of single layers."""

from typing import Any

import pytest

from resnet_studio.analysis.formula import Explanation, Quantity, explain_layer
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import preset


def layer(name: str, path: str, quantity: Quantity, **changes: Any) -> Explanation:
    analysis = analyse(NetworkSpec.model_validate(preset(name).model_dump() | changes))
    return explain_layer(analysis, next(row for row in analysis.layers() if row.path == path), quantity)


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


def test_zero_padding_says_how_many_zeros() -> None:
    said = layer("cifar_resnet20", "layer2.0.downsample", "output_shape")
    assert said.lines == (
        "C_out = 16 + 8 + 8 = 32",
        "H_out = W_out = ⌈32 / 2⌉ = 16",
        "C_out × H_out × W_out = 32×16×16",
    )


def test_the_features_of_a_head_see_all() -> None:
    assert "together" in layer("athena_basic", "flatten", "receptive_field").rule
    assert "global average" in layer("resnet50", "flatten", "receptive_field").rule


def test_a_shortcut_starts_where_it_starts() -> None:
    said = layer("resnet50", "layer3.0.downsample.0", "receptive_field")
    assert said.lines == (
        "The shortcut starts at the block's input, beside the main path.",
        "r_out = 91 + (1 − 1) × 8 = 91",
    )
    said = layer("preact_resnet164", "layer1.0.downsample.0", "receptive_field")
    assert said.lines[0] == "The shortcut starts at the block's pre-activated input, beside the main path."


def test_paths_side_by_side_add_their_channels() -> None:
    assert layer("athena_concat", "layer1.0.act2", "output_shape").lines[0] == "both paths side by side: 64 + 64 = 128"
    said = layer("athena_concat", "layer1.1.conv1", "params", block_sizes=(2,))
    assert said.lines[0] == "C_in from both paths of the block before: 64 + 64 = 128"
