"""What a design departs in is said in words, field by field, and so is its depth."""

import re
from typing import Any

import pytest
from hypothesis import given

from resnet_studio.analysis.departures import MOST_REMARKS, departures, depth_in_words, remarks
from resnet_studio.analysis.network import analyse
from resnet_studio.spec.network import NetworkSpec
from resnet_studio.spec.presets import Preset, entry, preset, presets

SMALL = {"input_shape": (3, 32, 32), "num_classes": 10}


def changed(name: str, changes: dict[str, Any]) -> NetworkSpec:
    return NetworkSpec.model_validate(preset(name).model_dump() | changes)


@pytest.mark.parametrize(
    ("name", "changes", "phrases"),
    [
        ("resnet50", {"block_sizes": (3, 4, 8, 3)}, ["stage 3 has 8 blocks, ResNet-50 has 6"]),
        ("resnet50", {"block_sizes": (1, 4, 6, 3)}, ["stage 1 has 1 block, ResNet-50 has 3"]),
        ("resnet50", {"block_sizes": (2, 2, 2, 2)}, ["blocks 2-2-2-2, ResNet-50 has 3-4-6-3"]),
        ("resnet18", {"channels": (64, 128, 320, 512)}, ["stage 3 has 320 channels, ResNet-18 has 256"]),
        ("resnet18", {"strides": (1, 2, 1, 1)}, [f"stage {n} has stride 1, ResNet-18 has 2" for n in (3, 4)]),
        ("resnet18", {"strides": (2, 1, 1, 1)}, ["strides 2-1-1-1, ResNet-18 has 1-2-2-2"]),
        (
            "cifar_resnet20",
            {"block_sizes": (3, 3), "strides": (1, 2)},
            ["2 stages of 3-3 blocks; CIFAR ResNet-20 has 3 of 3-3-3"],
        ),
        (
            "cifar_resnet20",
            {"block_sizes": (1,), "strides": (1,)},
            ["1 stage of 1 block; CIFAR ResNet-20 has 3 of 3-3-3"],
        ),
        (
            "resnet18",
            {"shortcut": "identity"},
            ["identity shortcuts; ResNet-18 has projections where shapes change (B)"],
        ),
        ("resnet18", {"shortcut": "none"}, ["no skip connections; ResNet-18 has projections where shapes change (B)"]),
        (
            "plain18",
            {"shortcut": "zero_pad"},
            ["shortcuts padded with zeros (A); Plain-18 has no skip connections"],
        ),
        (
            "resnet18",
            {"stem": {"kernel_size": 3, "stride": 1, "pool": False}},
            ["stem 3×3 / 1 without pool; ResNet-18 has stem 7×7 / 2 with pool"],
        ),
        ("resnet18", {"stem": None}, ["no stem; ResNet-18 has stem 7×7 / 2 with pool"]),
        ("resnext50_32x4d", {"groups": 1}, ["1 group; ResNeXt-50 32×4d has 32 groups"]),
        ("resnet18", SMALL, ["input 3×32×32, ResNet-18 has 3×224×224", "10 classes; ResNet-18 has 1,000 classes"]),
        ("resnet18", {"dropout": 0.2}, ["dropout 20 %; ResNet-18 has no dropout"]),
        ("resnet18", {"name": "mine"}, []),
        # one number that doubles is the same as the four it stands for
        ("resnet18", {"channels": (64, 128, 256, 512)}, []),
    ],
)
def test_a_departure_in_words(name: str, changes: dict[str, Any], phrases: list[str]) -> None:
    assert departures(changed(name, changes), entry(name)) == tuple(phrases)


@given(...)
def test_whatever_differs_is_said(here: NetworkSpec, there: NetworkSpec) -> None:
    phrases = departures(here, Preset(there, "There"))
    alike = {"name", "channels"}
    unlike = [field for field, value in here if field not in alike and value != getattr(there, field)]
    if here.stage_channels != there.stage_channels and len(here.block_sizes) == len(there.block_sizes):
        unlike.append("channels")
    assert len(phrases) >= min(1, len(unlike))
    assert all("There has" in phrase for phrase in phrases)
    assert departures(here, Preset(here, "Here")) == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("resnet50", ["stride on the 3×3 convolution: v1.5, as torchvision; He et al. 2015 had it on the 1×1"]),
        ("resnext50_32x4d", []),
        ("wide_resnet50_2", []),
        ("resnet34", []),
        ("cifar_resnet20", []),
        ("preact_resnet164", ["stride on the 3×3 convolution; the code of He et al. 2016 has it on the first 1×1"]),
        ("wrn_28_10", []),
        (
            "d2l_resnet18",
            [
                "biases in the convolutions; He et al. 2015 have none before a norm",
                "projections where shapes change (B); ResNet-18 of He et al. 2015 pads with zeros (A)",
                "no norm after a projection; the published code of He et al. 2015 has one",
            ],
        ),
        # it has no projection
        ("d2l_residual_block", ["biases in the convolutions; He et al. 2015 have none before a norm"]),
        ("plain34", ["no skip connections: a plain net, as He et al. 2015 compare theirs with"]),
    ],
)
def test_what_a_preset_departs_from_its_papers_in(name: str, said: list[str]) -> None:
    assert remarks(preset(name), entry(name)) == tuple(said)


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        ("resnet18", {"activation": "silu"}, "SiLU; He et al. 2015 have ReLU"),
        ("resnet18", {"norm": "group"}, "group norm (Wu and He 2018)"),
        ("resnet18", {"norm": "none"}, "no norm; He et al. 2015"),
        ("resnet18", {"zero_init_residual": True}, "Goyal et al. 2017"),
        ("resnet18", {"drop_path": 0.1}, "stochastic depth up to 10 % (Huang et al. 2016)"),
        ("resnet18", {"block_dropout": 0.3}, "dropout of 30 % in the blocks"),
        ("resnet18", {"dropout": 0.5}, "dropout of 50 % before the classifier"),
        ("resnet18", {"merge": "concat"}, "side by side"),
        ("resnet18", {"head": "max_flatten"}, "2×2 max-pool and flatten"),
        ("resnet18", SMALL, "7×7 stem with stride 2 on 32×32 images"),
        ("resnext50_32x4d", {"stride_on": "1x1"}, "Xie et al. 2017 have it on the 3×3"),
        ("preact_resnet164", {"shortcut_norm": True}, "a norm after a projection; the code of He et al. 2016 has none"),
    ],
)
def test_a_departure_from_the_papers(name: str, changes: dict[str, Any], word: str) -> None:
    before, after = remarks(preset(name), None), remarks(changed(name, changes), None)
    assert any(word in remark for remark in after)
    assert not any(word in remark for remark in before)


def test_what_a_source_does_is_said_while_it_is_there() -> None:
    pools = "Athena pools without padding, its own shapes are one less there"
    assert pools in remarks(preset("athena_resnet18"), entry("athena_resnet18"))
    assert pools not in remarks(changed("athena_resnet18", {"stem": None}), entry("athena_resnet18"))
    assert pools not in remarks(preset("athena_resnet18"), None)


def test_v1_departs_in_nothing() -> None:
    assert remarks(changed("resnet50", {"stride_on": "1x1"}), entry("resnet50")) == ()


@given(...)
def test_a_norm_that_a_projection_lacks_is_said_where_something_projects(network: NetworkSpec) -> None:
    groups = [group for stage in analyse(network).stages for group in stage.groups]
    projects = any(group.block.shortcut == "projection" for group in groups)
    plain = {"norm": "batch", "preactivation": False, "conv_bias": False, "shortcut_norm": False, "activation": "relu"}
    lacks = NetworkSpec.model_validate(network.model_dump() | plain | {"block_type": "basic", "groups": 1})
    lacks = NetworkSpec.model_validate(lacks.model_dump() | {"width_per_group": 64, "head": "global_avg"})
    if network.block_type == "basic":
        assert any(remark.startswith("no norm after a projection") for remark in remarks(lacks, None)) == projects


@given(...)
def test_remarks_are_few(network: NetworkSpec) -> None:
    assert len(remarks(network, None)) <= MOST_REMARKS


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cifar_resnet20", "6n + 2 = 20: 1 stem + 18 + 1 dense"),
        ("cifar_resnet1202", "6n + 2 = 1,202: 1 stem + 1,200 + 1 dense"),
        ("preact_resnet164", "9n + 2 = 164: 1 stem + 162 + 1 dense"),
        # two of its three stages project: no wide network
        ("preact_resnet110", "6n + 2 = 110: 1 stem + 108 + 1 dense"),
        ("resnet50", "50: 1 stem + 3 × (3 + 4 + 6 + 3) + 1 dense"),
        ("d2l_residual_block", "2: 2 × 1"),
        ("athena_basic", "4: 1 stem + 2 × 1 + 1 dense"),
        (
            "wrn_28_10",
            "6n + 2 = 26: 1 stem + 24 + 1 dense; its name counts 6n + 4 = 28 convolutions: 1 stem + 24 + 3 projections",
        ),
    ],
)
def test_the_depth_in_words(name: str, words: str) -> None:
    assert depth_in_words(preset(name)) == words


def value(sum_in_words: str) -> int:
    """Return what `1 stem + 3 × (3 + 4) + 1 dense` comes to."""
    factor, inside = 1, sum_in_words.replace(",", "")
    outside = 0
    grouped = re.search(r"(\d+) × (?:\(([^)]*)\)|(\d+))", inside)
    if grouped:
        factor = int(grouped[1])
        outside = factor * sum(int(part) for part in (grouped[2] or grouped[3]).split(" + "))
        inside = inside.replace(grouped[0], "")
    return outside + sum(int(number) for number in re.findall(r"\d+", inside))


@given(...)
def test_the_words_come_to_the_depth(network: NetworkSpec) -> None:
    first, *_ = depth_in_words(network).split(";")
    total, terms = first.split(": ")
    depth = analyse(network).depth
    assert int(total.split(" = ")[-1].replace(",", "")) == depth == value(terms)


@pytest.mark.parametrize("name", presets())
def test_the_words_come_to_the_depth_of_every_preset(name: str) -> None:
    first, *_ = depth_in_words(preset(name)).split(";")
    assert value(first.split(": ")[1]) == analyse(preset(name)).depth


@pytest.mark.parametrize("name", ["wrn_16_4", "wrn_28_10"])
def test_a_wide_network_is_named_after_all_its_convolutions(name: str) -> None:
    convolutions = [layer for layer in analyse(preset(name)).layers() if layer.kind == "conv"]
    assert len(convolutions) == int(name.split("_")[1])
    assert f"= {len(convolutions)} convolutions" in depth_in_words(preset(name))
